"""GeoJSON (RFC 7946) for points: longitude first, at most five decimals."""

from collections.abc import Iterable, Mapping
from typing import Any

from geo.points import Point

DECIMALS = 5  # about a metre


def feature(point: Point, properties: Mapping[str, Any]) -> dict[str, Any]:
    """Return a Feature with a Point."""
    coordinates = [round(point.longitude, DECIMALS), round(point.latitude, DECIMALS)]
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": coordinates},
        "properties": dict(properties),
    }


def feature_collection(features: Iterable[dict[str, Any]], **members: Any) -> dict[str, Any]:
    """Return a FeatureCollection; further top-level members are allowed by the standard."""
    return {"type": "FeatureCollection", "features": list(features), **members}
