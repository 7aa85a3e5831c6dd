"""The receipt of an event that is off: its people are not counted, but nobody has withdrawn."""

from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests.factories.pledges import make_pledge
from tests.pledges.test_rollup import committed, fold_all  # noqa: F401 -- a fixture
from webapp.events.models import Event, EventStatus
from webapp.pledges.nonces import NonceSigner


def test_nobody_is_said_to_have_withdrawn_from_what_was_cancelled(
    app: Flask,
    engine: Engine,
    committed: Event,  # noqa: F811 -- a fixture
) -> None:
    with Session(engine) as session, session.begin():
        receipt = make_pledge(session, committed, 3)
    fold_all(engine)
    with Session(engine) as session, session.begin():
        session.get_one(Event, committed.id).status = EventStatus.CANCELLED
    fold_all(engine)
    fold_all(engine)  # the entries that the first fold wrote

    token = NonceSigner(app.config["SECRET_KEY"]).sign_receipt(receipt)
    page = app.test_client().get(f"/pledges/{token}").text

    assert "You have withdrawn" not in page
    assert "You are not counted now" in page
