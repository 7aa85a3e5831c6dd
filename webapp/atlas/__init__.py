"""The public map’s data."""
