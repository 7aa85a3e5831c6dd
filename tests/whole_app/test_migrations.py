"""Migrations: numbered, reversible with data in the tables, and exactly what the models say."""

import ast
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, inspect, text
from sqlalchemy.orm import Session

from geo.points import Point
from geo.privacy import VenueType
from tests.database import empty_database
from tests.factories.events import make_event
from tests.factories.places import ROCHDALE
from tests.factories.pledges import make_pledge
from webapp import schema
from webapp.app import create_app
from webapp.config import Settings
from webapp.extensions import alembic

FOLDER = Path(schema.__file__).parent / "migrations"
NUMBERS = sorted(path.name[:4] for path in FOLDER.glob("0*.py"))


@pytest.fixture
def fresh() -> Iterator[Settings]:
    with (
        empty_database(f"moment_map_test_migrations_{os.getpid()}") as settings,
        create_app(settings).app_context(),
    ):
        yield settings


@pytest.fixture
def owner(fresh: Settings) -> Iterator[Engine]:
    engine = create_engine(fresh.owner_database_url)
    yield engine
    engine.dispose()


def tables(owner: Engine) -> set[str]:
    return set(inspect(owner).get_table_names()) - {"spatial_ref_sys", "alembic_version"}


def fill(owner: Engine) -> None:
    with Session(owner) as session, session.begin():
        make_pledge(session, make_event(session))


def rows(owner: Engine) -> dict[str, int]:
    with owner.connect() as connection:
        return {
            table: connection.execute(text(f'SELECT count(*) FROM "{table}"')).scalar_one()
            for table in tables(owner)
        }


def test_they_are_numbered_without_gaps() -> None:
    assert [int(number) for number in NUMBERS] == list(range(1, len(NUMBERS) + 1))


def test_each_follows_the_one_before(fresh: Settings) -> None:
    scripts = alembic.script_directory.walk_revisions()

    found = sorted((script.revision, script.down_revision) for script in scripts)
    assert found == list(zip(NUMBERS, [None, *NUMBERS[:-1]], strict=True))


@pytest.mark.parametrize("path", sorted(FOLDER.glob("0*.py")), ids=lambda path: path.stem)
def test_they_import_no_models(path: Path) -> None:
    names = [
        name
        for node in ast.walk(ast.parse(path.read_text()))
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    ]

    assert not [name for name in names if name.startswith(("webapp", "geo."))]


def test_they_make_what_the_models_say(fresh: Settings) -> None:
    schema.upgrade(fresh)

    assert schema.differences(fresh) == []


def test_they_go_down_and_up_again_with_data_at_each_step(fresh: Settings, owner: Engine) -> None:
    schema.upgrade(fresh)
    whole = tables(owner)
    for number in [*reversed(NUMBERS[:-1]), "base"]:
        schema.upgrade(fresh)
        fill(owner)
        before = rows(owner)
        schema.downgrade(fresh, number)
        kept = rows(owner)
        assert kept.keys() <= whole
        assert kept.items() <= before.items()
    assert tables(owner) == set()
    schema.upgrade(fresh)
    assert tables(owner) == whole


def test_where_events_are_survives_the_way_down_and_up_again(
    fresh: Settings, owner: Engine
) -> None:
    schema.upgrade(fresh)
    home = Point(latitude=53.6201, longitude=-2.1601)
    with Session(owner) as session, session.begin():
        hall = make_event(session, precision_metres=3000)
        make_event(session, venue_type=VenueType.PRIVATE, point=home, group=hall.group)
    before = placed(owner)
    schema.downgrade(fresh, "0006")
    with owner.connect() as connection:
        exact = text("SELECT ST_Y(exact_point), ST_X(exact_point) FROM event ORDER BY id")
        points = [tuple(row) for row in connection.execute(exact)]
    schema.upgrade(fresh)

    assert points == [(ROCHDALE.latitude, ROCHDALE.longitude), (home.latitude, home.longitude)]
    assert placed(owner) == before


def placed(owner: Engine) -> list[tuple[object, ...]]:
    """Where each event is and how well that is known, exactly and for the public."""
    question = text("""
        SELECT ST_AsText(point), precision_metres, ST_AsText(public_point), public_radius_metres
        FROM event JOIN event_exact_place ON event_id = event.id ORDER BY event.id
    """)
    with owner.connect() as connection:
        return [tuple(row) for row in connection.execute(question)]


def test_each_point_has_one_index_of_its_kind(fresh: Settings, owner: Engine) -> None:
    schema.upgrade(fresh)
    spatial = text("""
        SELECT indexdef FROM pg_indexes
        WHERE schemaname = 'public' AND indexdef LIKE '%USING gist%'
    """)
    with owner.connect() as connection:
        found = connection.execute(spatial).scalars().all()

    columns = [each.partition("USING gist ")[2] for each in found if " ON public.event " in each]
    assert sorted(columns) == ["(((public_point)::geography))", "(public_point)"]


def test_no_index_is_there_twice(fresh: Settings, owner: Engine) -> None:
    schema.upgrade(fresh)
    ours = text("""
        SELECT regexp_replace(indexdef, '^CREATE (UNIQUE )?INDEX \\S+', '') FROM pg_indexes
        WHERE schemaname = 'public' AND tablename NOT LIKE 'procrastinate_%'
    """)
    with owner.connect() as connection:
        found = connection.execute(ours).scalars().all()

    assert sorted(found) == sorted(set(found))


def test_upgrading_again_changes_nothing(fresh: Settings, owner: Engine) -> None:
    schema.upgrade(fresh)
    fill(owner)
    before = rows(owner)
    schema.upgrade(fresh)

    assert rows(owner) == before
    assert schema.differences(fresh) == []


def test_constraints_are_named_once(fresh: Settings, owner: Engine) -> None:
    schema.upgrade(fresh)
    named = text("""
        SELECT conname FROM pg_constraint
        WHERE contype = 'c' AND connamespace = 'public'::regnamespace AND conname LIKE 'ck%ck%'
    """)

    with owner.connect() as connection:
        assert connection.execute(named).scalars().all() == []
