"""Asking for the exact place on a receipt: whoever has it, once for each pledge, by a form alone."""

import hashlib
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.privacy import VenueType
from tests.asked_places.conftest import address_of, at_home
from tests.checked_pages import Page, PageClient
from tests.conftest import NOW
from tests.factories.accounts import make_user
from tests.factories.asked_places import make_asked
from tests.factories.events import make_event
from tests.factories.pledges import make_contact, make_pledge
from webapp.accounts.models import User
from webapp.asked_places.actions import NewAsking, ask_for_place
from webapp.asked_places.forms import WORDING, AskForm
from webapp.asked_places.models import MOST_WAITING, Answer, AskedPlace
from webapp.asked_places.queries import ReceiptState, place_on_receipt
from webapp.events.models import Event, EventStatus
from webapp.pledges.actions import withdraw
from webapp.pledges.models import EntryKind, LedgerEntry
from webapp.pledges.nonces import Receipt
from webapp.pledges.places import stands

ASKED = {"name": "Sam", "note": "We met at the library.", "leave_empty": ""}
OFFER = "Ask the host for the exact place"


def rows(session: Session) -> list[AskedPlace]:
    session.expire_all()
    return list(session.scalars(select(AskedPlace).order_by(AskedPlace.id)))


def ask(client: PageClient, path: str, **data: Any) -> Page:
    return client.send(f"{path}/place", {**ASKED, **data}, csrf=False)


def test_the_receipt_of_a_home_offers_to_ask_its_host(client: PageClient, path: str) -> None:
    for page in (client.page(path), client.page(f"{path}?thanks=1")):
        assert OFFER in page.text
        assert f"{path}/place" in page.links
        assert page.headers["Cache-Control"] == "no-store"


def test_the_page_of_the_event_says_how_to_learn_where_it_is(
    client: PageClient, session: Session, path: str, home: Event
) -> None:
    sentence = "Say “I’m in”, then ask the host for the exact place."
    assert sentence in client.page(f"/events/{home.public_id}").text
    home.status = EventStatus.CANCELLED
    session.commit()
    assert sentence not in client.page(f"/events/{home.public_id}").text


def test_a_question_is_kept_and_the_receipt_says_so(
    client: PageClient, session: Session, path: str, home: Event
) -> None:
    answer = ask(client, path, name="  Sam ")

    assert (answer.status, answer.location) == (303, f"{path}#place")
    page = client.page(path)
    assert "You asked the host for the exact place" in page.text
    assert OFFER not in page.text
    (row,) = rows(session)
    assert (row.name, row.note, row.event_id) == ("Sam", "We met at the library.", home.id)
    assert (row.answer, row.mail_wording, row.mail_due_at) == (None, None, None)


def test_the_note_may_be_left_out(client: PageClient, session: Session, path: str) -> None:
    assert ask(client, path, note="").status == 303
    assert rows(session)[0].note is None


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"name": ""}, "Enter your first name."),
        ({"name": " \u3000 "}, "Enter your first name."),
        ({"name": "\u200b"}, "Enter your first name."),
        ({"name": "S" * 41}, "Shorten this to 40 characters or fewer."),
        ({"name": "Sam\u0007"}, "There were invisible characters in this text."),
        ({"name": "Sam\u202eevil"}, "There were invisible characters in this text."),
        ({"name": "spam.com"}, "Leave out links: write it in plain words."),
        ({"note": "x" * 301}, "Shorten this to 300 characters or fewer."),
        ({"note": "See https://example.org/me"}, "Leave out links: write it in plain words."),
        ({"note": "See www.example.me"}, "Leave out links: write it in plain words."),
        ({"note": "Look at bit.ly/x1"}, "Leave out links: write it in plain words."),
        ({"note": "Hello\u0000there"}, "There were invisible characters in this text."),
    ],
)
def test_each_mistake_has_its_sentence_beside_the_field_and_what_was_typed_stays(
    client: PageClient, session: Session, path: str, typed: dict[str, str], sentence: str
) -> None:
    page = ask(client, path, **typed)

    assert page.status == 422
    assert page.text.startswith("Mistake:") or "Mistake:" in page.html
    assert any(sentence in each for each in page.errors)
    kept = {**ASKED, **typed}
    other = "note" if "name" in typed else "name"
    assert page.value(other) == kept[other]
    assert rows(session) == []


@pytest.mark.parametrize(
    "note",
    [
        "Write to me: sam@mail.example.org",
        "Hi.My name is Sam, from no. 7.",
        "½ past 3.30pm; 2/3 of us. نحن جيران 🙂",
    ],
)
def test_what_only_looks_like_a_link_is_no_mistake(
    client: PageClient, session: Session, path: str, note: str
) -> None:
    assert ask(client, path, note=note).status == 303
    assert rows(session)[0].note == note


def test_who_fills_in_the_hidden_box_is_thanked_and_not_kept(
    client: PageClient, session: Session, path: str
) -> None:
    assert ask(client, path, leave_empty="x").status == 303
    assert rows(session) == []


def test_another_site_cannot_ask(client: PageClient, session: Session, path: str) -> None:
    answer = client.post(f"{path}/place", data=ASKED, headers={"Origin": "https://evil.example"})

    assert answer.status_code == 403
    assert rows(session) == []


def test_a_pledge_asks_once(client: PageClient, session: Session, path: str) -> None:
    ask(client, path)

    answer = ask(client, path, name="Alex", note="Please!")

    assert answer.status == 303
    assert [(row.name, row.note) for row in rows(session)] == [("Sam", ASKED["note"])]
    assert "There is no answer yet." in client.page(f"{path}/place").text


def test_so_many_may_wait_and_no_more(
    app: Flask, client: PageClient, session: Session, path: str, home: Event
) -> None:
    for _ in range(MOST_WAITING):
        make_asked(session, home, NOW)
    session.commit()

    page = ask(client, path)

    assert page.status == 422
    assert "Many wait for the host’s answer already. Try again in a day or two." in page.text
    assert page.value("name") == "Sam"
    first = rows(session)[0]
    first.answer, first.answered_at = Answer.DECLINED, NOW
    session.commit()
    assert ask(client, path).status == 303


def test_of_who_is_in_no_more_nobody_waits(
    client: PageClient, session: Session, path: str, home: Event
) -> None:
    for _ in range(MOST_WAITING):
        asked = make_asked(session, home, NOW)
    withdraw(session, Receipt(asked.moment_id, asked.pledge), uuid4())
    session.commit()

    assert ask(client, path).status == 303


def test_who_waits_for_a_place_at_the_event_cannot_ask_before_there_is_one(
    app: Flask, client: PageClient, session: Session, host: User
) -> None:
    home = at_home(session, host, precision_metres=0)
    home.capacity = 2
    session.flush()
    make_pledge(session, home)
    waits = make_pledge(session, home)
    session.commit()
    path = address_of(app, waits)

    page = client.page(path)
    assert "Once there is room for you, you can ask the host for the exact place here." in page.text
    assert f"{path}/place" not in page.links
    assert ask(client, path).status == 422
    assert rows(session) == []


def test_a_pledge_that_is_held_asks_like_any_other(
    client: PageClient, session: Session, path: str, receipt: Receipt, home: Event
) -> None:
    held = LedgerEntry(
        moment_id=receipt.moment_id, nonce=uuid4(), kind=EntryKind.HELD, pledge=receipt.key,
        participant=receipt.key, event_id=home.id, party_change=-2,
    )  # fmt: skip
    session.add(held)
    session.commit()

    assert OFFER in client.page(path).text
    assert ask(client, path).status == 303
    assert len(rows(session)) == 1


@pytest.mark.parametrize("venue", [VenueType.PUBLIC, VenueType.STREET])
def test_only_a_home_is_asked_for(
    app: Flask, client: PageClient, session: Session, host: User, venue: VenueType
) -> None:
    event = at_home(session, host, venue_type=venue)
    path = address_of(app, make_pledge(session, event))
    session.commit()

    assert OFFER not in client.page(path).text
    page = ask(client, path)
    assert page.status == 422
    assert "There is nothing to ask for" in page.text


def test_where_nobody_could_answer_nothing_is_offered(
    app: Flask, client: PageClient, session: Session
) -> None:
    event = make_event(session, venue_type=VenueType.PRIVATE)
    event.group.memberships.clear()
    path = address_of(app, make_pledge(session, event))
    session.commit()

    assert OFFER not in client.page(path).text
    assert ask(client, path).status == 422


@pytest.mark.parametrize("status", [each for each in EventStatus if each != EventStatus.PUBLISHED])
def test_what_is_not_on_is_not_asked_about(
    client: PageClient, session: Session, path: str, home: Event, status: EventStatus
) -> None:
    home.status = status
    session.commit()

    assert OFFER not in client.page(path).text
    assert ask(client, path).status == 422
    assert rows(session) == []


def test_what_another_host_was_asked_and_answered_is_not_for_this_one(
    session: Session, receipt: Receipt, home: Event, host: User
) -> None:
    elsewhere = at_home(session, host)
    made = make_asked(
        session, elsewhere, NOW, receipt=receipt, answer=Answer.ACCEPTED, answered_at=NOW
    )
    entry = session.scalars(select(LedgerEntry).where(LedgerEntry.nonce == receipt.key)).one()
    place = place_on_receipt(session, entry, stands(session, receipt), NOW)
    assert place is not None
    assert (place.state, place.place) == (ReceiptState.OFFERED, None)

    new = NewAsking(name="Alex", note=None, mail_wording=None)
    ask_for_place(session, home, receipt, new, NOW)

    session.refresh(made)
    assert (made.event_id, made.name, made.note, made.answer) == (home.id, "Alex", None, None)


def test_of_two_listings_that_are_one_the_host_of_the_one_that_is_kept_is_asked(
    client: PageClient, session: Session, path: str, receipt: Receipt, home: Event, host: User
) -> None:
    kept = at_home(session, make_user(session))
    make_asked(session, home, NOW, receipt=receipt, answer=Answer.ACCEPTED, answered_at=NOW)
    home.status, home.merged_into_id = EventStatus.HIDDEN, kept.id
    session.commit()

    assert OFFER in client.page(path).text
    assert "geo:" not in client.page(path).html
    assert ask(client, path).status == 303
    assert [(row.event_id, row.answer) for row in rows(session)] == [(kept.id, None)]


def test_what_is_over_is_not_asked_about(
    client: PageClient, session: Session, path: str, home: Event
) -> None:
    with time_machine.travel(home.ends_at):
        assert OFFER not in client.page(path).text
        assert ask(client, path).status == 422
    assert rows(session) == []


def test_a_receipt_that_is_cut_leads_nowhere(client: PageClient, path: str) -> None:
    for each in ("/place", "/place/take-back"):
        assert client.page(f"{path[:-3]}{each}").status == 404


def test_a_mail_is_offered_to_those_alone_who_have_left_an_address(
    client: PageClient, session: Session, path: str, receipt: Receipt, home: Event
) -> None:
    contact = make_contact(session, receipt, home, confirmed_at=None)
    session.commit()
    assert 'name="wants_mail"' not in client.page(f"{path}/place").html
    contact.confirmed_at = NOW
    session.commit()

    (box,) = [x for x in client.page(f"{path}/place").all("input") if x.get("type") == "checkbox"]
    assert (box.get("name"), "checked" in box.attrib) == ("wants_mail", False)
    ask(client, path, wants_mail="y")
    assert rows(session)[0].mail_wording == WORDING


def test_the_words_beside_the_box_have_the_version_that_is_kept(app: Flask) -> None:
    with app.test_request_context():
        words = str(AskForm().wants_mail.label.text)

    known = {"2026-11-21": "d6e6fa0da1db7231"}
    assert known[WORDING] == hashlib.sha256(words.encode()).hexdigest()[:16]
