"""GeoJSON, shapes, and the SQL expressions on a real PostGIS."""

import math

import pytest
from geoalchemy2.shape import from_shape
from shapely import LineString
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from geo.bounds import Box
from geo.distance import distance_metres, inside, nearest_first, within_metres
from geo.geojson import feature, feature_collection
from geo.points import Point
from geo.shapes import from_element, to_element
from tests.factories.places import LLANELLI, ROCHDALE, make_place
from webapp.places.models import Place

BURY = Point(53.5933, -2.2966)


def test_geojson_has_longitude_first_and_five_decimals():
    made = feature(Point(53.123456789, -2.5), {"title": "Tea"})
    assert made["geometry"]["coordinates"] == [-2.5, 53.12346]
    assert made["properties"] == {"title": "Tea"}


def test_a_collection_may_say_that_there_is_more():
    made = feature_collection([feature(ROCHDALE, {})], more=True, total=2)
    assert made["type"] == "FeatureCollection"
    assert len(made["features"]) == 1
    assert made["more"] is True


def test_a_point_comes_back_from_the_database_as_it_went(session):
    place = make_place(session)
    session.expire(place)
    assert from_element(place.point) == ROCHDALE


def test_distance_is_in_metres(session):
    make_place(session)
    measured = session.scalar(select(distance_metres(Place.point, BURY)))
    assert measured == pytest.approx(ROCHDALE.distance_to(BURY), rel=0.005)


def test_within_counts_metres_not_degrees(session):
    make_place(session)
    found = select(Place.id)
    assert session.scalar(found.where(within_metres(Place.point, BURY, 20_000))) is not None
    assert session.scalar(found.where(within_metres(Place.point, BURY, 5_000))) is None


def test_the_nearest_come_first(session):
    make_place(session, "Llanelli", LLANELLI)
    make_place(session)
    ordered = select(Place.name).order_by(nearest_first(Place.point, BURY))
    assert session.scalars(ordered).all() == ["Rochdale", "Llanelli"]


def test_a_box_holds_what_is_inside_it(session):
    make_place(session, "Llanelli", LLANELLI)
    make_place(session)
    found = select(Place.name).where(inside(Place.point, Box(-3, 53, -2, 54)))
    assert session.scalars(found).all() == ["Rochdale"]


@pytest.mark.parametrize(
    ("longitude", "latitude"),
    [(math.nan, 53.6), (-2.1, math.inf), (53.6, -2.1), (2.35, 48.86), (-360.1, 53.6)],
)
def test_the_database_itself_refuses_what_is_not_in_the_uk(session, longitude, latitude):
    place = make_place(session)
    place.point = func.ST_SetSRID(func.ST_MakePoint(longitude, latitude), 4326)
    with pytest.raises(IntegrityError):
        session.flush()


def test_the_database_itself_refuses_an_empty_point(session):
    place = make_place(session)
    place.point = func.ST_GeomFromText("POINT EMPTY", 4326)
    with pytest.raises(IntegrityError):
        session.flush()


def test_an_element_of_another_kind_is_refused():
    with pytest.raises(TypeError):
        from_element(from_shape(LineString([(0, 0), (1, 1)]), srid=4326))
    assert from_element(to_element(BURY)) == BURY
