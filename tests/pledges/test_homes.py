"""Where somebody takes part at home: what a postcode tells is kept, the postcode itself never."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine, event, select
from sqlalchemy.orm import Session

from geo.points import Point
from tests.checked_pages import Page, PageClient
from tests.factories.events import make_event
from tests.factories.moments import make_moment
from tests.factories.places import make_place, make_postcode, make_postcode_part
from webapp.places.models import Nation, Place
from webapp.pledges.models import LedgerEntry

BELFAST = Point(latitude=54.6, longitude=-5.93)
PATH = "/moments/neighbours-day/pledge"
FULL = ("E08000005", "E12000002", Nation.ENGLAND)


@pytest.fixture
def country(session: Session) -> None:
    """A town with a postcode and its parts, and a first half that lies in two nations."""
    make_moment(session, slug="neighbours-day")
    make_place(session)
    make_place(session, "Belfast", BELFAST, nation=Nation.NORTHERN_IRELAND)
    make_postcode(session, "OL161AB")
    make_postcode_part(session, "OL16")
    make_postcode_part(session, "OL16 2", authority_codes=["E08000004", "E08000005"])
    make_postcode_part(
        session, "SY15", Point(52.57, -3.1), authority_codes=["E06000051", "W06000023"],
        region_codes=["E12000005"], nations=["england", "wales"],
    )  # fmt: skip
    session.commit()


@pytest.fixture
def parameters(engine: Engine) -> Iterator[list[str]]:
    """What was sent to the database beside its questions, of the ledger’s alone."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, values: Any, *_: object) -> None:
        if "INSERT" in statement:
            sent.append(repr(values))

    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)


def nonce_on(page: Page) -> str:
    found = re.search(r'name="nonce"[^>]*value="([^"]+)"', page.html)
    assert found
    return found[1]


def send(client: PageClient, postcode: str, nonce: str | None = None, party: str = "2") -> Page:
    nonce = nonce or nonce_on(client.page(PATH))
    return client.send(PATH, {"nonce": nonce, "party": party, "postcode": postcode}, csrf=False)


def areas(entry: LedgerEntry) -> tuple[str | None, str | None, Nation | None]:
    return entry.authority_code, entry.region_code, entry.nation


def place_of(session: Session, entry: LedgerEntry) -> str | None:
    return session.scalar(select(Place.name).where(Place.id == entry.place_id))


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("OL16 1AB", FULL),
        ("ol161ab", FULL),
        ("0L16 IAB", FULL),
        ("OL16", FULL),
        ("OL16 1AZ", FULL),  # not in the table: its first half tells
        ("OL16 2", (None, "E12000002", Nation.ENGLAND)),
        ("SY15", (None, None, None)),
        ("SY15 6XX", (None, None, None)),
    ],
)
def test_what_a_postcode_tells_is_kept(
    client: PageClient, session: Session, country: None, typed: str, expected: tuple[Any, ...]
) -> None:
    assert send(client, typed).status == 303
    [entry] = session.scalars(select(LedgerEntry))
    assert areas(entry) == expected
    assert place_of(session, entry) == "Rochdale"


def test_nothing_need_be_told(client: PageClient, session: Session, country: None) -> None:
    assert send(client, " ").status == 303
    [entry] = session.scalars(select(LedgerEntry))
    assert (*areas(entry), entry.place_id) == (None, None, None, None)


@pytest.mark.parametrize(
    "typed", ["Rochdale", "QQ1 1QQ", "OL99", "12345", "GIR 0AA", "JE2 3AB", "D02 AF30", "x" * 41]
)
def test_what_is_no_postcode_gets_a_sentence_and_stays(
    client: PageClient, session: Session, country: None, typed: str
) -> None:
    answer = send(client, typed)
    assert answer.status == 422
    assert len(answer.errors) == 1
    assert answer.value("postcode") == typed
    assert answer.value("party") == "2"
    assert answer.headers["Cache-Control"] == "no-store"
    assert session.scalars(select(LedgerEntry)).all() == []


def test_all_mistakes_are_told_at_once(client: PageClient, country: None) -> None:
    assert len(send(client, "Rochdale", party="0").errors) == 2


@pytest.mark.parametrize(
    ("typed", "nation", "place"),
    [("BT7 1NN", Nation.NORTHERN_IRELAND, "Belfast"), ("M1 1AE", None, "Rochdale")],
)
def test_without_its_postcodes_an_area_tells_its_main_town_alone(
    client: PageClient, session: Session, country: None, typed: str, nation: Nation, place: str
) -> None:
    assert send(client, typed).status == 303
    [entry] = session.scalars(select(LedgerEntry))
    assert areas(entry) == (None, None, nation)
    assert place_of(session, entry) == place


def test_the_postcode_itself_is_nowhere(
    client: PageClient, session: Session, country: None, parameters: list[str]
) -> None:
    answer = send(client, "OL16 1AB")
    [entry] = session.scalars(select(LedgerEntry))
    everything = " ".join([repr(vars(entry)), str(answer.headers), *parameters])
    assert parameters
    assert not re.search(r"OL16", everything + client.page(answer.location).html)


def test_an_address_never_fills_in_a_postcode(client: PageClient, country: None) -> None:
    page = client.page(f"{PATH}?party=3&postcode=OL16+1AB")
    assert (page.value("party"), page.value("postcode")) == ("3", "")


def test_the_same_pledge_sent_again_with_another_postcode_counts_once(
    client: PageClient, session: Session, country: None
) -> None:
    nonce = nonce_on(client.page(PATH))
    first, second = send(client, "OL16", nonce), send(client, "SY15", nonce)
    assert first.location == second.location
    [entry] = session.scalars(select(LedgerEntry))
    assert areas(entry) == FULL


def test_an_old_page_keeps_what_was_typed(client: PageClient, country: None) -> None:
    answer = send(client, "OL16", nonce="made-up")
    assert (answer.status, answer.value("postcode")) == (422, "OL16")


def test_an_events_pledge_counts_where_the_event_is(client: PageClient, session: Session) -> None:
    path = f"/events/{make_event(session).public_id}/pledge"
    session.commit()
    page = client.page(path)
    assert 'name="postcode"' not in page.html
    answer = client.send(
        path, {"nonce": nonce_on(page), "party": "1", "postcode": "OL16"}, csrf=False
    )
    assert answer.status == 303
    [entry] = session.scalars(select(LedgerEntry))
    assert (*areas(entry), entry.place_id) == (None, None, Nation.ENGLAND, None)


def test_the_log_of_a_database_error_holds_nothing_that_was_typed(engine: Engine) -> None:
    assert engine.hide_parameters
