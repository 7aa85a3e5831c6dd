"""Geography that has no idea there is a website.

Coordinates are WGS84 (EPSG:4326) in degrees; distances are in metres.
"""
