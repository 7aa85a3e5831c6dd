"""Where events count, and filling that in again."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.points import Point
from geo.privacy import VenueType
from geo.shapes import from_element
from tests.factories.events import make_event
from tests.factories.groups import make_group
from tests.factories.places import ROCHDALE, make_area, make_place, make_postcode
from webapp.events.assigning import assign_all
from webapp.events.models import Event
from webapp.places.models import Nation

COUNTED = Event.authority_code, Event.region_code, Event.nation


def counted(session: Session, event: Event) -> tuple[str | None, ...]:
    return tuple(session.execute(select(*COUNTED).where(Event.id == event.id)).one())


def test_a_pin_counts_in_the_area_that_covers_it(session: Session) -> None:
    make_area(session, "E08000005", ROCHDALE, region_code="E12000002")
    event = make_event(session)
    assert counted(session, event) == ("E08000005", "E12000002", Nation.ENGLAND)


def test_a_postcode_counts_where_its_own_row_says(session: Session) -> None:
    make_area(session, "E08000005", ROCHDALE)
    make_postcode(
        session, "OL161AA", ROCHDALE, authority_code="E08000004", region_code="E12000002",
        nation=Nation.ENGLAND,
    )  # fmt: skip
    event = make_event(session, postcode="OL161AA")
    assert counted(session, event) == ("E08000004", "E12000002", Nation.ENGLAND)


def test_an_unknown_postcode_leaves_it_to_the_point(session: Session) -> None:
    make_area(session, "E08000005", ROCHDALE)
    event = make_event(session, postcode="OL169ZZ")
    assert counted(session, event)[0] == "E08000005"


def test_events_are_brought_up_to_date_when_areas_come_later(session: Session) -> None:
    make_place(session)
    event = make_event(session)
    far = make_event(session, point=Point(57.15, -2.1), group=event.group, moment=event.moments[0])
    make_area(session, "E08000005", ROCHDALE)
    report = assign_all(session)
    assert (report.read, report.inside, report.changed) == (2, 1, 1)
    assert counted(session, event)[0] == "E08000005"
    assert counted(session, far)[0] is None
    assert assign_all(session).changed == 0


def test_the_report_tells_how_each_was_assigned(session: Session) -> None:
    make_place(session)
    make_area(session, "E08000005", ROCHDALE)
    make_postcode(session, "OL161AB", ROCHDALE)
    pier = Point(ROCHDALE.latitude, ROCHDALE.longitude + 0.12)
    for changes in ({}, {"postcode": "OL161AB"}, {"point": pier}, {"point": Point(54.5, -3.4)}):
        make_event(session, **changes)
    report = assign_all(session)
    counts = report.inside, report.by_postcode, report.nearby, report.unknown
    assert counts == (1, 1, 1, 1)


@pytest.mark.parametrize("venue_type", sorted(set(VenueType) - {VenueType.ONLINE}))
def test_filling_in_again_moves_no_public_point(session: Session, venue_type: VenueType) -> None:
    make_place(session)
    event = make_event(session, venue_type=venue_type)
    before = from_element(event.public_point), event.public_radius_metres
    for letter in "ABDEFGHJ":
        make_postcode(session, f"OL161A{letter}", ROCHDALE)
    assign_all(session)
    session.expire_all()
    event = session.scalars(select(Event)).one()
    assert (from_element(event.public_point), event.public_radius_metres) == before


def test_an_event_online_counts_where_its_group_is(session: Session) -> None:
    group = make_group(session, place=make_place(session))
    event = make_event(session, venue_type=VenueType.ONLINE, point=None, group=group)
    assert counted(session, event)[0] is None
    make_area(session, "E08000005", ROCHDALE, region_code="E12000002")

    assert assign_all(session).online == 1

    assert counted(session, event) == ("E08000005", "E12000002", Nation.ENGLAND)


def test_the_command_says_what_it_did_and_what_is_missing(app, session: Session) -> None:  # type: ignore[no-untyped-def]  # the application’s fixture
    make_event(session)
    session.commit()
    done = app.test_cli_runner().invoke(args=["places", "assign"])
    assert done.exit_code == 0
    assert "1 events: 0 by their postcode, 0 inside an authority, 0 within 5 km" in done.output
    assert "flask places import-areas" in done.output
