"""Whoever made a pledge that staff took out reads so, and can neither change nor withdraw it."""

from uuid import uuid4

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.checked_pages import PageClient
from tests.factories.events import make_event
from tests.factories.pledges import make_pledge
from webapp.pledges.models import LedgerEntry
from webapp.pledges.nonces import NonceSigner, Receipt
from webapp.pledges.releasing import invalidate, reinstate

OUT = "We took this pledge out of the number"


def path_of(app: Flask, receipt: Receipt) -> str:
    return f"/pledges/{NonceSigner(app.config['SECRET_KEY']).sign_receipt(receipt)}"


def test_a_receipt_says_that_its_pledge_was_taken_out_and_how_to_count_again(
    app: Flask, client: PageClient, session: Session
) -> None:
    event = make_event(session)
    receipt = make_pledge(session, event, 3)
    invalidate(session, [receipt], "staff-1-program")
    session.commit()
    path = path_of(app, receipt)

    for page in (client.page(path), client.page(f"{path}?thanks=1")):
        assert page.status == 200
        assert OUT in page.text
        assert "You have withdrawn" not in page.text
        assert f"/events/{event.public_id}/pledge" in page.links


def test_changing_and_withdrawing_it_is_refused_with_a_sentence_and_writes_nothing(
    app: Flask, client: PageClient, session: Session
) -> None:
    receipt = make_pledge(session, make_event(session), 3)
    invalidate(session, [receipt], "staff-1-program")
    session.commit()
    path, entries = path_of(app, receipt), session.scalar(select(func.count(LedgerEntry.id)))

    for deed in ("change", "withdraw"):
        sent = client.send(f"{path}/{deed}", {"nonce": str(uuid4()), "party": "2"})
        for page in (client.page(f"{path}/{deed}"), sent):
            assert OUT in page.text
            assert "There is nothing left to change or to withdraw." in page.text

    assert session.scalar(select(func.count(LedgerEntry.id))) == entries


def test_once_it_is_brought_back_its_receipt_is_as_before(
    app: Flask, client: PageClient, session: Session
) -> None:
    receipt = make_pledge(session, make_event(session), 12)
    invalidate(session, [receipt], "staff-1-program")
    reinstate(session, [receipt], "staff-2-mistake")
    session.commit()

    page = client.page(path_of(app, receipt))

    assert OUT not in page.text
    assert "12 people from you" in page.text
    answer = client.send(f"{path_of(app, receipt)}/withdraw", {"nonce": str(uuid4())})
    assert "You have withdrawn" in client.page(answer.location).text
