"""Whether people met someone new: one answer each, without a name, shown as shares of many."""

from collections.abc import Callable
from datetime import date
from uuid import uuid4

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.checked_pages import Page, PageClient
from tests.factories.events import make_event
from tests.factories.moments import make_moment
from tests.factories.pledges import make_pledge
from webapp.accounts.models import User
from webapp.events.models import Event, EventStatus
from webapp.headcounts.actions import report_headcount, tell_encounter
from webapp.headcounts.encounters import FEWEST_ANSWERS, Met, Shares, Witness
from webapp.headcounts.models import Encounter, Teller
from webapp.headcounts.queries import encounter_shares
from webapp.moments.models import Moment
from webapp.pledges.actions import pledge, withdraw
from webapp.pledges.nonces import Nonce, NonceSigner, Receipt
from webapp.signed_links import sign

SignIn = Callable[..., User]
QUESTION = "Did you meet someone new? Someone you would not usually meet?"
THE_DAY_AFTER = "2027-06-06 08:30:00+00:00"


@pytest.fixture
def moment(session: Session) -> Moment:
    return make_moment(session, slug="neighbours-day")


@pytest.fixture
def event(session: Session, moment: Moment) -> Event:
    return make_event(session, moment=moment)


def path_of(app: Flask, receipt: Receipt) -> str:
    return "/pledges/" + NonceSigner(app.config["SECRET_KEY"]).sign_receipt(receipt)


@pytest.fixture
def receipt(app: Flask, session: Session, event: Event) -> str:
    """The path of a pledger’s receipt."""
    path = path_of(app, make_pledge(session, event))
    session.commit()
    return path


@pytest.fixture
def link(app: Flask, session: Session, event: Event, clock: time_machine.Traveller) -> str:
    """The path of a host’s link, who has told how many came."""
    session.commit()
    link = "/how-many/" + sign(app.config["SECRET_KEY"], "headcount", event.public_id)
    clock.move_to(THE_DAY_AFTER)
    report_headcount(session, event, 45, event.ends_at)
    session.commit()
    return link


def answers(session: Session) -> list[tuple[str, bool, bool]]:
    session.expire_all()
    found = session.scalars(select(Encounter).order_by(Encounter.id))
    return [(each.teller.value, each.met_new, each.met_unusual) for each in found]


def tap(client: PageClient, path: str, value: str, **kw: object) -> Page:
    return client.send(f"{path}/met", {"met": value}, csrf=False, **kw)


def test_a_receipt_asks_from_the_day_after(
    client: PageClient, receipt: str, clock: time_machine.Traveller
) -> None:
    clock.move_to("2027-06-05 22:59:00+00:00")
    assert QUESTION not in client.page(receipt).text
    clock.move_to("2027-06-05 23:01:00+00:00")

    page = client.page(receipt)

    assert QUESTION in page.text
    values = [each.get("value") for each in page.all("button")]
    assert [each for each in values if each] == ["unusual", "new", "nobody"]


def test_a_receipt_for_taking_part_at_home_asks_once_the_moment_is_over(
    app: Flask,
    client: PageClient,
    session: Session,
    moment: Moment,
    clock: time_machine.Traveller,
) -> None:
    receipt = path_of(app, pledge(session, Nonce(moment.id, None, uuid4()), party=1))
    session.commit()
    clock.move_to("2027-06-05 12:00:00+00:00")
    assert QUESTION not in client.page(receipt).text
    assert tap(client, receipt, "new").status == 404
    clock.move_to(THE_DAY_AFTER)

    assert QUESTION in client.page(receipt).text
    assert tap(client, receipt, "new").status == 303


@pytest.mark.parametrize(
    ("value", "kept", "words"),
    [
        ("unusual", (True, True), "Yes, someone I would not usually meet"),
        ("new", (True, False), "Yes, someone new"),
        ("nobody", (False, False), "No, not this time"),
    ],
)
def test_one_tap_on_a_receipt_answers_both(
    client: PageClient,
    session: Session,
    receipt: str,
    clock: time_machine.Traveller,
    value: str,
    kept: tuple[bool, bool],
    words: str,
) -> None:
    clock.move_to(THE_DAY_AFTER)

    answer = tap(client, receipt, value)

    assert (answer.status, answer.location) == (303, f"{receipt}#met")
    assert f"You said: {words}." in client.page(receipt).text
    assert answers(session) == [("neighbour", *kept)]


def test_an_answer_can_be_changed_and_stays_one(
    client: PageClient, session: Session, receipt: str, clock: time_machine.Traveller
) -> None:
    clock.move_to(THE_DAY_AFTER)
    for value in ("new", "nobody", "unusual"):
        tap(client, receipt, value)

    assert answers(session) == [("neighbour", True, True)]


def test_an_answer_holds_no_link_to_the_pledge(
    client: PageClient, session: Session, receipt: str, clock: time_machine.Traveller
) -> None:
    clock.move_to(THE_DAY_AFTER)
    tap(client, receipt, "new")

    kept = session.scalars(select(Encounter)).one()
    receipt_key = NonceSigner("a-secret-that-only-the-tests-know").read_receipt(receipt[9:]).key
    assert receipt_key.bytes not in kept.teller_key
    assert len(kept.teller_key) == 32
    assert kept.told_on == date(2027, 6, 6)


@pytest.mark.parametrize("value", ["", "yes", "NEW", "9" * 5000])
def test_what_no_button_sends_is_refused(
    client: PageClient, session: Session, receipt: str, clock: time_machine.Traveller, value: str
) -> None:
    clock.move_to(THE_DAY_AFTER)

    assert tap(client, receipt, value).status == 400
    assert tap(client, "/pledges/x", "new").status == 404
    assert tap(client, receipt, "new", headers={"Origin": "https://x.example"}).status == 403
    assert answers(session) == []


def test_before_the_day_is_over_nothing_is_taken(
    client: PageClient, session: Session, receipt: str
) -> None:
    assert tap(client, receipt, "new").status == 404
    assert answers(session) == []


def test_of_what_was_cancelled_nobody_is_asked(
    client: PageClient,
    session: Session,
    event: Event,
    receipt: str,
    clock: time_machine.Traveller,
) -> None:
    event.status = EventStatus.CANCELLED
    session.commit()
    clock.move_to(THE_DAY_AFTER)

    assert QUESTION not in client.page(receipt).text
    assert tap(client, receipt, "new").status == 404


def test_whoever_has_withdrawn_is_not_asked(
    app: Flask,
    client: PageClient,
    session: Session,
    event: Event,
    clock: time_machine.Traveller,
) -> None:
    pledged = make_pledge(session, event)
    withdraw(session, pledged, uuid4())
    session.commit()
    clock.move_to(THE_DAY_AFTER)
    path = path_of(app, pledged)

    assert QUESTION not in client.page(path).text
    assert tap(client, path, "new").status == 404


def test_a_host_is_asked_apart_after_the_number(
    client: PageClient, session: Session, link: str
) -> None:
    assert QUESTION not in client.page(link).text
    assert QUESTION in client.page(f"{link}?thanks=1").text

    answer = tap(client, link, "new")

    assert answer.location == f"{link}?thanks=1#met"
    assert "You said: Yes, someone new." in client.page(answer.location).text
    assert answers(session) == [("host", True, False)]


def test_hosts_tell_together_by_link_or_signed_in(
    client: PageClient, session: Session, event: Event, link: str, sign_in: SignIn
) -> None:
    tap(client, link, "new")
    [owner] = [each.user for each in event.group.memberships]
    sign_in(owner)
    path = f"/events/{event.public_id}/how-many"

    page = client.page(f"{path}?thanks=1")
    assert "You said: Yes, someone new." in page.text
    data = {"met": "nobody", "csrf_token": page.value("csrf_token")}
    assert client.send(f"{path}/met", data, csrf=False).status == 303

    assert answers(session) == [("host", False, False)]


def tell(session: Session, moment: Moment, *answers: Met) -> None:
    for each in answers:
        witness = Witness(Teller.NEIGHBOUR, uuid4().bytes, moment.id, None)
        tell_encounter(session, witness, each, date(2027, 6, 6))


def test_shares_are_shown_from_twenty_answers_up(session: Session, moment: Moment) -> None:
    other = make_moment(session)
    tell(session, other, *[Met.NEW] * FEWEST_ANSWERS)
    tell(session, moment, *[Met.UNUSUAL] * 4, *[Met.NEW] * 12, *[Met.NOBODY] * 3)
    assert encounter_shares(session, moment.id) is None

    tell(session, moment, Met.NOBODY)

    assert encounter_shares(session, moment.id) == Shares(20, 80, 20)


def test_the_page_of_a_moment_shows_them_after_the_day_apart_from_pledges(
    client: PageClient,
    session: Session,
    moment: Moment,
    event: Event,
    clock: time_machine.Traveller,
) -> None:
    report_headcount(session, event, 1_200, event.ends_at)
    hidden = make_event(session, moment=moment)
    hidden.status = EventStatus.HIDDEN
    report_headcount(session, hidden, 50, event.ends_at)
    tell(session, moment, *[Met.NEW] * 20)
    session.commit()
    path = "/moments/neighbours-day"
    assert "reported" not in client.page(path).text
    clock.move_to(THE_DAY_AFTER)

    page = client.page(path)

    assert "people came 1,200 event 1 reported by hosts" in page.text
    assert "met someone new 100%" in page.text
    assert "Of the people who answered: 20" in page.text
    assert "None of this is ever added to the number of pledges" in page.text
    assert "public" in page.headers["Cache-Control"]
