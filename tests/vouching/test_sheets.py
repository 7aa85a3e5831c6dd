"""People on sheets of paper: entered once each, corrected by a further entry, shown apart everywhere."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
import sqlalchemy.exc
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from geo.privacy import VenueType
from tests.checked_pages import Page, PageClient
from tests.conftest import NOW
from tests.factories.events import make_event
from tests.factories.groups import make_group
from tests.factories.moments import make_moment
from tests.factories.pledges import make_pledge
from tests.factories.vouching import make_trusted_event
from webapp.accounts.models import User
from webapp.events.models import Event, EventStatus
from webapp.vouching.models import SheetEntry, SheetPlace
from webapp.vouching.queries import on_paper_in_all, on_paper_of_moment
from webapp.vouching.sheets import MOST_SHEETS, enter_sheet, sheets_of_event

SignIn = Callable[..., User]
LIBRARY = {"people": "14", "place": "library"}
BEGUN = {"starts_at": NOW - timedelta(hours=3), "ends_at": NOW - timedelta(hours=1)}


@pytest.fixture
def event(session: Session, sign_in: SignIn) -> Event:
    """An event of a trusted group that is just over, and whose host is signed in."""
    moment = make_moment(session, slug="neighbours-day")
    made = make_trusted_event(session, by=sign_in(), moment=moment, **BEGUN)
    session.commit()
    return made


def path(event: Event) -> str:
    return f"/events/{event.public_id}/on-paper"


def enter(client: PageClient, event: Event, **typed: str) -> Page:
    key = client.page(path(event)).value("key")
    return client.send(path(event), {**LIBRARY, "key": key, **typed})


def entries(session: Session) -> list[int]:
    return list(session.scalars(select(SheetEntry.people_change).order_by(SheetEntry.id)))


def test_a_sheet_is_entered_and_stands_apart(
    client: PageClient, session: Session, event: Event
) -> None:
    make_pledge(session, event, party=3)
    enter(client, event)

    assert entries(session) == [14]
    assert "Sheet 1: A library 14 people" in client.page(path(event)).text
    assert "and 14 people on paper lists" in client.page(f"/events/{event.public_id}").text
    assert "14 more people signed on paper" in client.page("/moments/neighbours-day").text
    assert "and people on paper lists: 14" in client.page("/counting").text
    count = client.page("/api/v1/moments/neighbours-day/count.json").json
    assert (count["on_paper"], count["people"], count["pledges"]) == (14, 0, 0)


def test_it_is_corrected_by_an_entry_beside_it(
    client: PageClient, session: Session, event: Event
) -> None:
    enter(client, event)
    (sheet,) = sheets_of_event(session, event.id)
    place = f"{path(event)}/{sheet.key}"
    page = client.page(place)
    assert page.value("people") == "14"

    typed = {"people": "9", "reason": "also-online", "key": page.value("key")}
    for _twice in range(2):
        client.send(place, typed)

    assert entries(session) == [14, -5]
    shown = client.page(path(event)).text
    assert "9 people" in shown
    assert "corrected" in shown
    assert on_paper_of_moment(session, event.moments[0].id) == 9


def test_one_entered_by_mistake_is_corrected_to_nobody(
    client: PageClient, session: Session, event: Event
) -> None:
    enter(client, event)
    (sheet,) = sheets_of_event(session, event.id)
    typed = {"people": "0", "reason": "mistake", "key": str(uuid4())}
    client.send(f"{path(event)}/{sheet.key}", typed)

    assert entries(session) == [14, -14]
    assert "paper lists" not in client.page(f"/events/{event.public_id}").text


def test_the_sheet_s_own_key_is_none_of_a_correction(
    client: PageClient, session: Session, event: Event
) -> None:
    enter(client, event)
    (sheet,) = sheets_of_event(session, event.id)
    typed = {"people": "4", "reason": "mistake", "key": str(sheet.key)}

    assert client.send(f"{path(event)}/{sheet.key}", typed).status == 303
    assert entries(session) == [14]


def test_the_number_that_stands_is_no_correction(
    client: PageClient, session: Session, event: Event
) -> None:
    enter(client, event)
    (sheet,) = sheets_of_event(session, event.id)
    typed = {"people": "14", "reason": "counted-again", "key": str(uuid4())}
    client.send(f"{path(event)}/{sheet.key}", typed)

    assert entries(session) == [14]


def test_the_same_form_twice_is_one_sheet(
    client: PageClient, session: Session, event: Event
) -> None:
    key = client.page(path(event)).value("key")
    for people in ("14", "20"):
        client.send(path(event), {"people": people, "place": "shop", "key": key})

    assert entries(session) == [14]


@pytest.mark.parametrize("people", ["0", "-1", "1.5", "٣", "501", "", "many", "1_0", "9" * 400])
def test_a_number_that_is_none_is_refused(
    client: PageClient, session: Session, event: Event, people: str
) -> None:
    page = enter(client, event, people=people)

    assert page.status == 422
    sentence = "Mistake: Write how many people are on the sheet, from 1 to 500."
    assert page.errors == [sentence]
    assert entries(session) == []


@pytest.mark.parametrize("people", ["-1", "1.5", "٣", "501", ""])
def test_a_correction_that_is_no_number_is_refused(
    client: PageClient, session: Session, event: Event, people: str
) -> None:
    enter(client, event)
    (sheet,) = sheets_of_event(session, event.id)
    typed = {"people": people, "reason": "mistake", "key": str(uuid4())}

    assert client.send(f"{path(event)}/{sheet.key}", typed).status == 422
    assert entries(session) == [14]


@pytest.mark.parametrize("key", ["", "x", "٣"])
def test_a_form_without_its_key_is_shown_again(
    client: PageClient, session: Session, event: Event, key: str
) -> None:
    assert client.send(path(event), {**LIBRARY, "key": key}).status == 422
    assert entries(session) == []


def test_a_sheet_of_another_event_is_not_found(
    client: PageClient, session: Session, event: Event
) -> None:
    other, key = make_trusted_event(session, moment=event.moments[0], **BEGUN), uuid4()
    enter_sheet(session, other, key, people=5, place=SheetPlace.SHOP)
    session.commit()

    assert client.page(f"{path(event)}/{key}").status == 404


def test_there_is_none_before_the_event_and_none_long_after(
    client: PageClient, session: Session, event: Event
) -> None:
    for starts_at in (NOW + timedelta(hours=1), NOW - timedelta(days=62)):
        event.starts_at, event.ends_at = starts_at, starts_at + timedelta(hours=2)
        session.commit()
        assert "Sheets are entered from the beginning" in client.page(path(event)).text
        client.send(path(event), {**LIBRARY, "key": str(uuid4())})
    assert entries(session) == []


def test_a_group_that_is_not_trusted_enters_none(
    client: PageClient, session: Session, sign_in: SignIn
) -> None:
    event = make_event(session, group=make_group(session, by=sign_in()), **BEGUN)
    session.commit()

    assert "For groups that campaign staff trust" in client.page(path(event)).text
    client.send(path(event), {**LIBRARY, "key": str(uuid4())})
    assert entries(session) == []


def test_an_event_has_so_many_sheets_and_no_more(
    client: PageClient, session: Session, event: Event
) -> None:
    for _each in range(MOST_SHEETS):
        enter_sheet(session, event, uuid4(), people=1, place=SheetPlace.SHOP)
    session.commit()

    assert "That is as many sheets as an event can have." in client.page(path(event)).text
    client.send(path(event), {**LIBRARY, "key": str(uuid4())})
    assert len(entries(session)) == MOST_SHEETS


def test_what_is_off_is_in_no_sum_and_each_event_is_in_the_whole_once(
    session: Session, event: Event
) -> None:
    moment = event.moments[0]
    event.moments.append(make_moment(session, slug="another-day"))
    for status in (EventStatus.CANCELLED, EventStatus.HIDDEN):
        off = make_trusted_event(session, moment=moment, **BEGUN)
        off.status = status
        enter_sheet(session, off, uuid4(), people=50, place=SheetPlace.HALL)
    enter_sheet(session, event, uuid4(), people=7, place=SheetPlace.HALL)

    assert [on_paper_of_moment(session, each.id) for each in event.moments] == [7, 7]
    assert on_paper_in_all(session) == 7


def test_a_few_in_a_home_are_not_told(client: PageClient, session: Session, event: Event) -> None:
    event.venue_type = VenueType.PRIVATE
    enter_sheet(session, event, uuid4(), people=4, place=SheetPlace.DOORSTEP)
    session.commit()

    assert "paper lists" not in client.page(f"/events/{event.public_id}").text


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE sheet_entry SET people_change = 400",
        "DELETE FROM sheet_entry",
        "TRUNCATE sheet_entry",
        (
            "INSERT INTO sheet_entry SELECT * FROM sheet_entry"
            " ON CONFLICT (key) DO UPDATE SET people_change = 400"
        ),
    ],
)
def test_the_site_cannot_change_what_was_entered(
    session: Session, event: Event, statement: str
) -> None:
    enter_sheet(session, event, uuid4(), people=4, place=SheetPlace.DOORSTEP)

    with pytest.raises(sqlalchemy.exc.ProgrammingError, match="denied"):
        session.execute(text(statement))


@pytest.mark.parametrize("people", [0, -1, 501])
def test_no_entry_is_outside_its_bounds(session: Session, event: Event, people: int) -> None:
    with pytest.raises(ValueError, match="1 to 500"):
        enter_sheet(session, event, uuid4(), people=people, place=SheetPlace.SHOP)


def test_sheets_go_with_a_listing_that_is_merged_and_come_back_with_it(
    client: PageClient, session: Session, event: Event
) -> None:
    other = make_trusted_event(session, moment=event.moments[0], **BEGUN)
    key = uuid4()
    enter_sheet(session, other, key, people=5, place=SheetPlace.SHOP)
    enter_sheet(session, event, uuid4(), people=7, place=SheetPlace.HALL)
    other.status, other.merged_into_id = EventStatus.HIDDEN, event.id
    session.commit()

    assert "and 12 people on paper lists" in client.page(f"/events/{event.public_id}").text
    assert on_paper_of_moment(session, event.moments[0].id) == on_paper_in_all(session) == 12
    typed = {"people": "4", "reason": "mistake", "key": str(uuid4())}
    assert client.send(f"{path(event)}/{key}", typed).status == 303

    other.status, other.merged_into_id = EventStatus.PUBLISHED, None
    session.commit()
    assert [each.people for each in sheets_of_event(session, other.id)] == [4]
    assert [each.people for each in sheets_of_event(session, event.id)] == [7]
