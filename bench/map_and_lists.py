"""How long the map’s and the lists’ questions take with few and with many events.

Everything happens in one transaction that is rolled back: nothing stays behind.
"""

import time
from collections.abc import Callable
from datetime import date
from functools import partial
from random import Random

from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from bench.copy_events import copy_events
from bench.report import machine, median_milliseconds, print_table
from geo.bounds import UK_BOX, Box
from geo.points import Point
from webapp.app import load_settings
from webapp.events.queries import count_of_moment, events_in_view, events_of_moment
from webapp.language import Language
from webapp.moments.models import Moment
from webapp.places.queries import has_places, largest_places

SIZES = (1_000, 100_000)
ROUNDS = 15
MAP_LIMIT, LIST_LIMIT = 500, 20
# Half the width and height, in degrees, of what a phone shows.
VIEWS = {"map: a region": 0.6, "map: a town": 0.08, "map: a street": 0.01}
DAY = date(2027, 6, 5)

Question = Callable[[Point], object]


def run() -> None:
    """Measure each question at each size and print them side by side."""
    settings = load_settings()
    engine = create_engine(settings.owner_database_url)
    with Session(engine) as session:
        if not has_places(session):
            print("There are no places yet. Load them with: flask places import-places")
            return
        print(machine(session.connection()))
        measured = [_measure(session, size) for size in SIZES]
        session.rollback()
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        # What was rolled back would slow the next run down until it is swept up.
        connection.execute(text("VACUUM event, event_moment, community_group"))
    engine.dispose()
    _print(measured)


def _measure(session: Session, size: int) -> dict[str, float]:
    moment = _moment(session, size)
    start = time.perf_counter()
    copy_events(session, moment, size)
    seconds = time.perf_counter() - start
    print(f"{size:,} events copied in {seconds:.1f} s ({size / seconds:,.0f} a second)")
    session.execute(text("ANALYZE event, event_moment"))
    points = _points(session)
    return {
        name: median_milliseconds([partial(ask, point) for point in points])
        for name, ask in _questions(session, moment.id).items()
    }


def _questions(session: Session, moment_id: int) -> dict[str, Question]:
    def view(box: Box) -> object:
        return events_in_view(session, moment_id, box, language=Language.ENGLISH, limit=MAP_LIMIT)

    def near(point: Point) -> object:
        return events_of_moment(
            session, moment_id, language=Language.ENGLISH, near=point, limit=LIST_LIMIT
        )

    views = {name: _view_around(view, half) for name, half in VIEWS.items()}
    return {
        "map: the whole country": lambda _point: view(UK_BOX),
        **views,
        "list: the 20 nearest": near,
        "list: how many in all": lambda _point: count_of_moment(session, moment_id),
    }


def _view_around(view: Callable[[Box], object], half: float) -> Question:
    def ask(point: Point) -> object:
        east, north = point.longitude, point.latitude
        return view(Box(east - half, north - half, east + half, north + half))

    return ask


def _points(session: Session) -> list[Point]:
    """Return town centres to look at, the same ones each time."""
    places = largest_places(session, 200)
    return [place.position for place in Random(ROUNDS).sample(places, ROUNDS)]


def _moment(session: Session, size: int) -> Moment:
    texts = {f"{field}_{language}": f"Benchmark {size}"
             for field in ("name", "summary", "description") for language in ("en", "cy")}  # fmt: skip
    moment = Moment(
        slug=f"benchmark-{size}", starts_on=DAY, ends_on=DAY, colour="#336699",
        is_demonstration=True, **texts,
    )  # fmt: skip
    session.add(moment)
    session.flush()
    return moment


def _print(measured: list[dict[str, float]]) -> None:
    header = ["question (median, ms)", *(f"N={size:,}" for size in SIZES), "ratio"]
    rows = [
        [name, *(f"{each[name]:.2f}" for each in measured),
         f"{measured[-1][name] / measured[0][name]:.1f}"]
        for name in measured[0]
    ]  # fmt: skip
    print_table("Questions of the map and the lists", header, rows)
