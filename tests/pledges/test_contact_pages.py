"""Leaving an address with a pledge: asked for, confirmed by a button alone, stopped, and forgotten."""

import hashlib
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.checked_pages import PageClient, text_of
from tests.conftest import NOW
from tests.factories.events import make_event
from tests.factories.moments import make_moment
from tests.factories.pledges import make_contact, make_pledge
from webapp.events.models import Event, EventStatus
from webapp.outbox import OutgoingMail
from webapp.pledges.actions import pledge
from webapp.pledges.contact_forms import WORDING, ReminderForm
from webapp.pledges.contact_models import ContactTry, PledgeContact
from webapp.pledges.contacts import forget_old_contacts, link_subject
from webapp.pledges.holding import hold
from webapp.pledges.judging import TRAP, Hold
from webapp.pledges.models import LedgerEntry, PledgeStanding
from webapp.pledges.nonces import Nonce, NonceSigner, Receipt
from webapp.signed_links import sign

ADDRESS = "sam@example.org"
BOTH = {"email": ADDRESS, "wants_reminder": "y", "wants_news": "y"}


@pytest.fixture
def event(session: Session) -> Event:
    return make_event(session)


@pytest.fixture
def receipt(session: Session, event: Event) -> Receipt:
    made = make_pledge(session, event)
    session.commit()
    return made


@pytest.fixture
def path(app: Flask, receipt: Receipt) -> str:
    return address(app, receipt)


def address(app: Flask, receipt: Receipt) -> str:
    return f"/pledges/{NonceSigner(app.config['SECRET_KEY']).sign_receipt(receipt)}"


def contacts(session: Session) -> list[PledgeContact]:
    session.expire_all()
    return list(session.scalars(select(PledgeContact)))


def mails(session: Session) -> list[OutgoingMail]:
    return list(session.scalars(select(OutgoingMail)))


def link(app: Flask, session: Session) -> str:
    """Return the address of the page that the latest mail leads to."""
    subject = mails(session)[-1].details["contact"]
    return f"/reminders/{sign(app.config['SECRET_KEY'], 'pledge-contact', subject)}"


def ask(client: PageClient, path: str, **data: str) -> Any:
    return client.send(f"{path}/reminder", BOTH | data, csrf=False)


def test_the_boxes_are_not_ticked(client: PageClient, path: str) -> None:
    page = client.page(f"{path}/reminder")

    boxes = [each for each in page.all("input") if each.get("type") == "checkbox"]
    assert [each.get("name") for each in boxes] == ["wants_reminder", "wants_news"]
    assert not any("checked" in each.attrib for each in boxes)
    assert f"{path}/reminder" in client.page(path).links


def test_the_words_beside_the_boxes_have_the_version_that_is_kept(app: Flask) -> None:
    with app.test_request_context():
        form = ReminderForm()
        words = "|".join(
            str(each.label.text)
            for each in (form.email, form.wants_reminder, form.wants_news, form.wants_place)
        ) + str(form.email.description)

    known = {"2026-11-21b": "b5ff652195e17070"}
    assert known[WORDING] == hashlib.sha256(words.encode()).hexdigest()[:16]


def test_an_address_is_kept_with_what_was_ticked_and_when(
    client: PageClient, session: Session, path: str, event: Event
) -> None:
    answer = client.send(
        f"{path}/reminder", {"email": "Sam@Example.org", "wants_news": "y"}, csrf=False
    )

    assert answer.status == 303
    assert "Look into your mailbox" in client.page(answer.location).h1
    (kept,) = contacts(session)
    assert (kept.email, kept.wants_reminder, kept.wants_news) == (ADDRESS, False, True)
    assert (kept.wording, kept.confirmed_at, kept.event_id) == (WORDING, None, event.id)
    assert kept.asked_at - NOW < timedelta(minutes=1)
    assert [(each.template, each.recipient) for each in mails(session)] == [
        ("pledge_confirm_address", ADDRESS)
    ]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"email": ""}, "Enter your e-mail address."),
        ({"email": "sam"}, "Enter an e-mail address, such as name@example.org."),
        ({"email": "sam@example.org, you@example.org"}, "Enter an e-mail address"),
        ({"wants_reminder": "", "wants_news": ""}, "Tick what you would like to get."),
        (dict.fromkeys(BOTH, ""), "Tick what you would like to get."),
    ],
)
def test_what_is_missing_is_said(
    client: PageClient, session: Session, path: str, typed: dict[str, str], sentence: str
) -> None:
    sent = {name: value for name, value in (BOTH | typed).items() if value or name == "email"}
    answer = client.send(f"{path}/reminder", sent, csrf=False)

    assert answer.status == 422
    assert any(sentence in each for each in answer.errors)
    assert answer.value("email") == sent["email"]
    assert not contacts(session)
    assert not mails(session)


def test_looking_at_a_mails_links_does_nothing(
    app: Flask, client: PageClient, session: Session, path: str
) -> None:
    ask(client, path)
    here = link(app, session)

    for _scanner in range(3):
        assert client.page(here).h1 == "Confirm your address"
        assert client.page(f"{here}/stop").h1 == "Stop these mails?"
        assert client.open(here, method="HEAD").status_code == 200

    assert [each.confirmed_at for each in contacts(session)] == [None]


def test_a_button_confirms_and_a_second_press_changes_nothing(
    app: Flask, client: PageClient, session: Session, path: str
) -> None:
    ask(client, path)
    here = link(app, session)

    assert client.send(here, csrf=False).status == 303
    (first,) = [each.confirmed_at for each in contacts(session)]
    assert client.send(here, csrf=False).status == 303

    assert first is not None
    assert [each.confirmed_at for each in contacts(session)] == [first]
    assert client.page(here).h1 == "Your address is confirmed"


def test_confirming_releases_a_held_pledge_at_once_and_once(
    app: Flask, client: PageClient, session: Session, path: str, receipt: Receipt
) -> None:
    hold(session, [Hold(receipt.moment_id, receipt.key, 2, TRAP)])
    ask(client, path)
    here = link(app, session)
    assert client.page(here).status == 200
    assert kinds(session, receipt) == ["pledged", "held"]

    for _again in range(2):
        client.send(here, csrf=False)

    assert kinds(session, receipt) == ["pledged", "held", "released"]


@pytest.mark.parametrize("place", ["at the event", "at home"])
def test_whoever_reads_that_theirs_is_held_can_confirm_an_address_until_it_is_over(
    app: Flask, client: PageClient, session: Session, event: Event, receipt: Receipt, place: str
) -> None:
    begun, over = event.starts_at, event.ends_at
    if place == "at home":
        moment = make_moment(session, ends_on=date(2027, 6, 6))
        receipt = pledge(session, Nonce.fresh(moment.id, None), party=2)
        begun, over = (datetime(2027, 6, day, 12, tzinfo=UTC) for day in (6, 7))
    path = address(app, receipt)
    held(session, receipt)

    with time_machine.travel(begun):
        assert f"{path}/reminder" in client.page(path).links
        assert "and your pledge counts at once" in client.page(path).text
        assert "your pledge counts at once" in client.page(f"{path}/reminder").text
        assert ask(client, path).status == 303
        client.send(link(app, session), csrf=False)
    assert kinds(session, receipt) == ["pledged", "held", "released"]

    with time_machine.travel(over):
        assert "checked" in client.page(path).text
        assert "counts at once" not in client.page(path).text
        assert "No reminders any more" in client.page(f"{path}/reminder").text


def held(session: Session, receipt: Receipt) -> None:
    """Hold a pledge, and fold that."""
    hold(session, [Hold(receipt.moment_id, receipt.key, 2, TRAP)])
    entry = session.scalars(select(LedgerEntry).where(LedgerEntry.pledge == receipt.key)).first()
    assert entry
    names = ("moment_id", "pledge", "participant", "event_id")
    same = {name: getattr(entry, name) for name in names}
    nowhere = dict.fromkeys(("nation", "region_code", "authority_code", "via"), "")
    figures = {"first_entry": entry.id, "hour": NOW, "party": 0, "held": 2, "people": 0}
    session.add(PledgeStanding(**same, **nowhere, **figures))
    session.commit()


def kinds(session: Session, receipt: Receipt) -> list[str]:
    entries = select(LedgerEntry.kind).where(LedgerEntry.pledge == receipt.key)
    return list(session.scalars(entries.order_by(LedgerEntry.id)))


def test_a_button_stops_the_mails_and_erases_the_address(
    app: Flask, client: PageClient, session: Session, path: str
) -> None:
    ask(client, path)
    here = link(app, session)
    client.send(here, csrf=False)

    for _ in range(2):
        assert client.send(f"{here}/stop", csrf=False).status == 303

    assert not contacts(session)
    assert client.page(f"{here}/stop").h1 == "You get no more mails"
    assert client.page(here).status == 404
    assert "2 people from you" in client.page(path).text


def test_another_site_confirms_and_stops_nothing(
    app: Flask, client: PageClient, session: Session, path: str
) -> None:
    ask(client, path)
    here = link(app, session)

    for each in (here, f"{here}/stop", f"{path}/reminder"):
        answer = client.post(each, data=BOTH, headers={"Origin": "https://evil.example"})
        assert answer.status_code == 403

    assert [each.confirmed_at for each in contacts(session)] == [None]


def test_a_link_confirms_the_address_that_it_was_sent_to_and_no_other(
    app: Flask, client: PageClient, session: Session, path: str
) -> None:
    ask(client, path)
    before = link(app, session)
    ask(client, path, email="other@example.org")

    client.send(before, csrf=False)

    assert [(each.email, each.confirmed_at) for each in contacts(session)] == [
        ("other@example.org", None)
    ]


@pytest.mark.parametrize("token", ["made-up", "a.b.c"])
def test_what_was_never_given_is_not_found(client: PageClient, token: str) -> None:
    for path in (f"/reminders/{token}", f"/reminders/{token}/stop", f"/pledges/{token}/reminder"):
        assert client.page(path).status == 404


def test_an_address_gets_three_such_mails_a_day_and_nobody_is_told_so(
    client: PageClient, session: Session, event: Event, app: Flask
) -> None:
    answers = set()
    for _ in range(5):
        path = address(app, make_pledge(session, event))
        answer = ask(client, path)
        answers.add((answer.status, client.page(answer.location).text))

    assert len(mails(session)) == len(contacts(session)) == 3
    assert len(answers) == 1


def test_one_client_cannot_write_to_a_whole_town(
    app: Flask, client: PageClient, session: Session, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webapp.pledges.contacts.MAX_PER_CLIENT", 4)
    for number in range(6):
        assert ask(client, path, email=f"{number}@example.org").status == 303
    assert len(mails(session)) == 4

    with time_machine.travel(NOW + timedelta(hours=2)):
        ask(client, path, email="later@example.org")
    assert len(mails(session)) == 5


def test_a_program_that_fills_everything_in_is_thanked(
    client: PageClient, session: Session, path: str
) -> None:
    assert ask(client, path, leave_empty="spam").status == 303
    assert not contacts(session)


def test_a_confirmed_address_that_asks_again_stays_so_and_gets_no_mail(
    app: Flask, client: PageClient, session: Session, path: str
) -> None:
    ask(client, path)
    client.send(link(app, session), csrf=False)
    client.send(f"{path}/reminder", {"email": ADDRESS, "wants_news": "y"}, csrf=False)

    (kept,) = contacts(session)
    assert kept.confirmed_at is not None
    assert not kept.wants_reminder
    assert len(mails(session)) == 1


@pytest.mark.parametrize("state", ["over", "hidden", "withdrawn"])
def test_nothing_is_asked_where_nothing_is_to_come(
    client: PageClient, session: Session, event: Event, path: str, state: str
) -> None:
    if state == "withdrawn":
        client.send(f"{path}/withdraw", csrf=False)
    event.status = EventStatus.HIDDEN if state == "hidden" else event.status
    session.commit()

    with time_machine.travel(event.ends_at if state == "over" else NOW):
        assert "No reminders any more" in client.page(f"{path}/reminder").text
        assert ask(client, path).status == 422
    assert not contacts(session)


def test_an_address_goes_with_the_pledge_that_is_withdrawn(
    client: PageClient, session: Session, receipt: Receipt, event: Event, path: str
) -> None:
    make_contact(session, receipt, event)
    session.commit()

    client.send(f"{path}/withdraw", csrf=False)

    assert not contacts(session)


def test_who_takes_part_at_home_is_asked_for_a_reminder_alone(
    app: Flask, client: PageClient, session: Session
) -> None:
    moment = make_moment(session)
    path = address(app, pledge(session, Nonce.fresh(moment.id, None), party=1))
    session.commit()

    page = client.page(f"{path}/reminder")
    assert 'name="wants_news"' not in page.html
    assert ask(client, path).status == 303
    assert [(each.wants_news, each.event_id) for each in contacts(session)] == [(False, None)]
    assert client.page(link(app, session)).status == 200


@pytest.mark.parametrize(
    ("days", "kept"), [(13, {"read@example.org"}), (15, set())], ids=["13 days", "15 days"]
)
def test_addresses_are_erased_two_weeks_afterwards_and_soon_if_not_confirmed(
    session: Session, event: Event, receipt: Receipt, days: int, kept: set[str]
) -> None:
    make_contact(session, receipt, event, email="read@example.org")
    unread = make_pledge(session, event)
    make_contact(session, unread, event, email="unread@example.org", confirmed_at=None)
    session.add(ContactTry(client_hash=b"a", address_hash=b"b", tried_at=NOW))

    forget_old_contacts(session, NOW + timedelta(hours=47))
    assert len(contacts(session)) == 2
    assert session.scalars(select(ContactTry)).first() is None

    forget_old_contacts(session, event.ends_at + timedelta(days=days))
    assert {each.email for each in contacts(session)} == kept


def test_no_address_stands_in_a_link(app: Flask, session: Session, receipt: Receipt) -> None:
    contact = make_contact(session, receipt, None)
    subject = link_subject(contact, app.config["SECRET_KEY"])

    assert re.fullmatch(r"\d+\.[0-9a-f]{32}\.[0-9a-f]{16}", subject)


def test_a_receipt_helps_to_tell_two_neighbours(
    client: PageClient, event: Event, path: str
) -> None:
    page = client.page(path)

    words = text_of(page.with_id("to-tell"))
    assert event.title in words
    assert f"http://localhost/e/{event.public_id}" in words
    assert f"http://localhost/e/{event.public_id}" in page.links
    assert f"/events/{event.public_id}/calendar.ics" in page.links
