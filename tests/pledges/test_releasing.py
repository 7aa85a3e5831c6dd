"""Pledges are released, taken out and brought back, many at once; the ledger and tallies agree."""

import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests.factories.pledges import make_pledge
from tests.pledges.test_holding import moment_id, party, people, send  # noqa: F401 -- a fixture
from tests.pledges.test_rollup import committed  # noqa: F401 -- a fixture
from webapp.events.models import Event, EventStatus
from webapp.pledges.actions import NotInForceError, change_party, withdraw
from webapp.pledges.nonces import Nonce, NonceSigner, Receipt
from webapp.pledges.places import people_waiting, stands
from webapp.pledges.releasing import invalidate, reinstate, release
from webapp.pledges.sides import Signal

REASON = "staff-1"


@pytest.fixture
def event(committed: Event, moment_id: int) -> Event:  # noqa: F811 -- fixtures
    """An event that really is in the database, whose sides go when the test ends."""
    _ = moment_id
    return committed


def act(engine: Engine, action: object, receipts: list[Receipt]) -> int:
    with Session(engine) as session, session.begin():
        done: int = action(session, receipts, REASON)  # type: ignore[operator]  # one of three
        return done


def limit(engine: Engine, event: Event, capacity: int) -> None:
    with Session(engine) as session, session.begin():
        session.get_one(Event, event.id).capacity = capacity


def test_what_is_taken_out_counts_no_more_and_comes_back_as_it_stood(
    engine: Engine, event: Event
) -> None:
    plain = send(engine, event, 2, party=12)
    held = send(engine, event, 1, party=3, signals=Signal.TRAPPED)
    moment = event.moments[0].id
    assert people(engine, moment) == (24, 3)

    for _again in range(2):
        assert act(engine, invalidate, [*plain, *plain, *held]) == 3 * (1 - _again)
        assert people(engine, moment) == (0, 0)
    assert [party(engine, each) for each in (*plain, *held)] == [0, 0, 0]

    for _again in range(2):
        assert act(engine, reinstate, [*plain, *held]) == 3 * (1 - _again)
        assert people(engine, moment) == (24, 3)
    assert [party(engine, each) for each in (*plain, *held)] == [12, 12, 3]
    assert act(engine, release, held) == 3
    assert people(engine, moment) == (27, 0)
    assert act(engine, invalidate, held) == 1
    assert people(engine, moment) == (24, 0)


def test_what_is_withdrawn_can_neither_be_taken_out_nor_brought_back(
    engine: Engine, event: Event
) -> None:
    (receipt,) = send(engine, event, 1, party=2)
    with Session(engine) as session, session.begin():
        withdraw(session, receipt, Nonce.fresh(1, 1).key)

    assert act(engine, invalidate, [receipt]) == act(engine, reinstate, [receipt]) == 0


def test_nobody_can_change_or_withdraw_what_was_taken_out(
    app: Flask, engine: Engine, event: Event
) -> None:
    (receipt,) = send(engine, event, 1, party=2)
    act(engine, invalidate, [receipt])

    with Session(engine) as session:
        with pytest.raises(NotInForceError):
            withdraw(session, receipt, Nonce.fresh(1, 1).key)
        with pytest.raises(NotInForceError):
            change_party(session, receipt, Nonce.fresh(1, 1).key, party=5)
    page = app.test_client().get(
        f"/pledges/{NonceSigner(app.config['SECRET_KEY']).sign_receipt(receipt)}"
    )
    assert page.status_code == 200


def test_what_is_taken_out_gives_its_place_to_whoever_waits(engine: Engine, event: Event) -> None:
    limit(engine, event, 4)
    moment = event.moments[0].id
    first, second = (send(engine, event, 1, party=3)[0] for _ in "ab")
    assert people(engine, moment) == (3, 0)

    assert act(engine, invalidate, [first]) == 1
    assert people(engine, moment) == (3, 0)
    with Session(engine) as session:
        assert stands(session, second).waiting == 0
    # And it stays out: others have its place by now.
    assert act(engine, reinstate, [first]) == 0
    assert people(engine, moment) == (3, 0)


def test_who_waits_is_taken_off_the_list_and_comes_back_to_it(engine: Engine, event: Event) -> None:
    limit(engine, event, 4)
    (first,) = send(engine, event, 1, party=3)
    (second,) = send(engine, event, 1, party=2)

    for waiting, action in ((0, invalidate), (2, reinstate)):
        assert act(engine, action, [second]) == 1
        with Session(engine) as session:
            assert people_waiting(session, event.id) == waiting
    act(engine, invalidate, [first])
    assert people(engine, event.moments[0].id) == (2, 0)


def test_what_was_off_meanwhile_comes_back_once(engine: Engine, event: Event) -> None:
    with Session(engine) as session, session.begin():
        receipt = make_pledge(session, event, 3)
    moment = event.moments[0].id
    people(engine, moment)
    for status, action in ((EventStatus.CANCELLED, invalidate), (EventStatus.PUBLISHED, reinstate)):
        with Session(engine) as session, session.begin():
            session.get_one(Event, event.id).status = status
        people(engine, moment)
        act(engine, action, [receipt])
        people(engine, moment)

    assert people(engine, moment) == (3, 0)
