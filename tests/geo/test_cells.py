"""Squares of the fixed grid, in Python and on a real PostGIS."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from geo.cells import Cell, cell_x, cell_y
from geo.errors import GeographyError
from geo.points import Point

LONDON = Point(51.5072, -0.1276)

in_uk = st.builds(
    Point, latitude=st.floats(49.9, 60.9), longitude=st.floats(-8.6, 1.8, allow_nan=False)
)
zooms = st.integers(6, 18)


def test_a_known_tile_is_where_map_makers_have_it():
    assert Cell.at(LONDON, 10) == Cell(10, 511, 340)


@given(in_uk, zooms)
def test_a_cell_contains_the_point_it_was_made_of(point, zoom):
    cell = Cell.at(point, zoom)
    assert cell.contains(point)
    box = cell.box  # its edges are rounded to what a float holds
    assert box.south - 1e-9 <= point.latitude <= box.north + 1e-9
    assert box.west - 1e-9 <= point.longitude <= box.east + 1e-9
    assert point.distance_to(cell.centre) <= cell.radius_metres


@given(in_uk, zooms)
def test_four_cells_make_their_parent(point, zoom):
    cell = Cell.at(point, zoom)
    assert cell.parent == Cell.at(point, zoom - 1) == cell.at_zoom(zoom - 1)
    assert cell.at_zoom(zoom) == cell


@given(in_uk, zooms)
def test_a_cell_is_read_as_it_is_written(point, zoom):
    cell = Cell.at(point, zoom)
    assert Cell.parse(str(cell)) == cell


@pytest.mark.parametrize("text", ["", "1/2", "1/2/3", "16/-1/0", "99/0/0", "a/b/c", "1/0/0/0"])
def test_what_is_no_cell_is_refused(text):
    with pytest.raises(GeographyError):
        Cell.parse(text)


def test_the_whole_world_has_no_parent():
    with pytest.raises(GeographyError):
        _ = Cell(0, 0, 0).parent


def test_a_finer_cell_is_not_made_of_a_coarser_one():
    with pytest.raises(GeographyError):
        Cell(3, 0, 0).at_zoom(4)


def test_a_radius_is_rounded_up_to_ten_metres():
    radius = Cell.at(LONDON, 16).radius_metres
    assert radius % 10 == 0
    assert 250 <= radius <= 290


@pytest.mark.parametrize("zoom", [6, 13, 16, 18])
def test_the_database_counts_cells_as_we_do(session, zoom):
    dice = random.Random(zoom)
    points = [Point(dice.uniform(49.8, 60.95), dice.uniform(-8.7, 1.85)) for _ in range(2000)]
    column = func.ST_SetSRID(
        func.ST_MakePoint(
            func.unnest([point.longitude for point in points]),
            func.unnest([point.latitude for point in points]),
        ),
        4326,
    )
    counted = session.execute(select(cell_x(column, zoom), cell_y(column, zoom))).all()
    assert [Cell(zoom, x, y) for x, y in counted] == [Cell.at(point, zoom) for point in points]
