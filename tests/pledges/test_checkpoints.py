"""Checkpoints add up to the headline, and tell when one was changed."""

import json
from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tests.at_once import empty
from tests.conftest import NOW
from tests.factories.events import make_event
from tests.pledges.test_rollup import fold_all
from webapp.events.models import Event
from webapp.pledges.actions import Taking, change_party, pledge, withdraw
from webapp.pledges.checkpoints import (
    BrokenChainError,
    checkpoint_of,
    people_of_files,
    write_checkpoint,
)
from webapp.pledges.models import Checkpoint, LedgerEntry
from webapp.pledges.nonces import Nonce, Receipt
from webapp.pledges.queries import pledge_of_receipt, tally_of_moment


@pytest.fixture
def event(engine: Engine, owner_engine: Engine) -> Iterator[Event]:
    """An event that really is in the database; all of it goes when the test ends."""
    with Session(engine) as session:
        made = make_event(session)
        session.commit()
        _ = made.moments
        yield made
    empty(owner_engine)


def take(engine: Engine, event: Event, party: int, taking: Taking = Taking()) -> Receipt:  # noqa: B008 -- it never changes
    with Session(engine) as session, session.begin():
        nonce = Nonce.fresh(event.moments[0].id, event.id)
        return pledge(session, nonce, party=party, taking=taking)


def close(engine: Engine, minutes: int = 0) -> None:
    fold_all(engine)
    with Session(engine) as session, session.begin():
        write_checkpoint(session, now=NOW + timedelta(minutes=minutes))


def files(engine: Engine) -> list[str]:
    with Session(engine) as session:
        return list(session.scalars(select(Checkpoint.content).order_by(Checkpoint.number)))


def test_they_add_up_to_the_headline(engine: Engine, event: Event) -> None:
    me = Taking(participant=uuid4())
    first = take(engine, event, 3, me)
    take(engine, event, 5, me)
    close(engine)
    other = take(engine, event, 2)
    with Session(engine) as session, session.begin():
        change_party(session, other, uuid4(), party=4)
        withdraw(session, first, uuid4())
    close(engine, 5)

    moment = event.moments[0]
    with Session(engine) as session:
        assert tally_of_moment(session, moment.id).people == 9
    assert people_of_files(files(engine)) == {moment.slug: 9}
    [row] = json.loads(files(engine)[0])["moments"][moment.slug]
    assert row[1:] == ["england", "pledged", 2, 8, 5]


def test_nothing_new_writes_nothing(engine: Engine, event: Event) -> None:
    take(engine, event, 3)
    close(engine)
    close(engine, 5)

    assert len(files(engine)) == 1


def test_one_that_was_changed_breaks_the_chain(engine: Engine, event: Event) -> None:
    for minutes in (0, 5, 10):
        take(engine, event, 3)
        close(engine, minutes)
    first, second, third = files(engine)

    for changed in (
        [first.replace('"pledged",1,3,3', '"pledged",1,3,4'), second, third],
        [first, third],
        [second, third],
    ):
        with pytest.raises(BrokenChainError):
            people_of_files(changed)


def test_an_entry_knows_the_checkpoint_that_contains_it(engine: Engine, event: Event) -> None:
    numbers = []
    receipts = [take(engine, event, 1)]
    close(engine)
    receipts.append(take(engine, event, 1))
    close(engine, 5)
    receipts.append(take(engine, event, 1))
    with Session(engine) as session:
        for each in receipts:
            entry = pledge_of_receipt(session, each)
            assert isinstance(entry, LedgerEntry)
            numbers.append(checkpoint_of(session, entry))

    assert numbers == [1, 2, None]
