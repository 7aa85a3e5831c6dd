"""Checkpoints add up to the headline, and tell when one was changed."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from tests.at_once import empty
from tests.checked_pages import PageClient
from tests.conftest import NOW
from tests.factories.events import make_event
from tests.pledges.test_rollup import fold_all
from webapp.events.models import Event, EventStatus
from webapp.pledges.actions import Taking, change_party, pledge, withdraw
from webapp.pledges.checkpoints import (
    BrokenChainError,
    people_of_files,
    seals_of,
    write_checkpoint,
)
from webapp.pledges.models import Checkpoint, EntryKind, LedgerEntry
from webapp.pledges.nonces import Nonce, NonceSigner, Receipt
from webapp.pledges.places import stands
from webapp.pledges.queries import pledge_of_receipt, tally_of_moment
from webapp.pledges.reconciling import reconcile_the_whole


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


def test_they_add_up_whatever_becomes_of_people(engine: Engine, event: Event) -> None:
    """Held, released and invalidated; waiting and moved up; called off and on again."""
    with Session(engine) as session, session.begin():
        session.get_one(Event, event.id).capacity = 6
    held, gone = take(engine, event, 2), take(engine, event, 1)
    first, waits = take(engine, event, 3), take(engine, event, 2)
    for minutes, kind, receipt, change in (
        (0, EntryKind.HELD, held, -2),
        (5, EntryKind.INVALIDATED, gone, -1),
        (10, EntryKind.RELEASED, held, 2),
    ):
        write(engine, receipt, kind, change)
        assert_they_add_up(engine, event, minutes)
    with Session(engine) as session, session.begin():
        withdraw(session, first, uuid4())
        assert stands(session, waits).party == 2
    assert_they_add_up(engine, event, 15)
    for minutes, status in ((20, EventStatus.CANCELLED), (25, EventStatus.PUBLISHED)):
        with Session(engine) as session, session.begin():
            session.get_one(Event, event.id).status = status
        assert_they_add_up(engine, event, minutes)

    kinds = {row[2] for content in files(engine) for row in rows_of(content, event)}
    assert kinds == set(EntryKind) - {EntryKind.CHANGED}
    assert people_of_files(files(engine)) == {event.moments[0].slug: 4}


def write(engine: Engine, receipt: Receipt, kind: EntryKind, change: int) -> None:
    """Write an entry as a rollup or staff do."""
    with Session(engine) as session, session.begin():
        entry = pledge_of_receipt(session, receipt)
        assert entry is not None
        copied = {
            column.key: getattr(entry, column.key)
            for column in LedgerEntry.__table__.columns
            if column.key not in {"id", "xid", "recorded_at"}
        }
        changed = {"nonce": uuid4(), "kind": kind, "party_change": change}
        session.add(LedgerEntry(**copied | changed))


def rows_of(content: str, event: Event) -> list[list[Any]]:
    rows: list[list[Any]] = json.loads(content)["moments"].get(event.moments[0].slug, [])
    return rows


def assert_they_add_up(engine: Engine, event: Event, minutes: int) -> None:
    close(engine, minutes)
    moment = event.moments[0]
    with Session(engine) as session:
        assert people_of_files(files(engine)) == {
            moment.slug: tally_of_moment(session, moment.id).people
        }


def test_they_add_up_again_once_a_wrong_tally_is_corrected(engine: Engine, event: Event) -> None:
    me = Taking(participant=uuid4())
    take(engine, event, 3, me)
    close(engine)
    with Session(engine) as session, session.begin():
        session.execute(text("UPDATE pledge_standing SET people = 1"))
    # What is folded now builds on what is wrong.
    take(engine, event, 5, me)
    close(engine, 5)
    assert people_of_files(files(engine)) != {event.moments[0].slug: 5}

    with Session(engine) as session, session.begin():
        reconcile_the_whole(session, now=NOW)
    assert_they_add_up(engine, event, 10)

    assert people_of_files(files(engine)) == {event.moments[0].slug: 5}
    [row] = rows_of(files(engine)[-1], event)
    assert row[1:] == ["", "corrected", 0, 0, -2]


def test_a_pledge_knows_the_checkpoints_that_contain_it(engine: Engine, event: Event) -> None:
    first = take(engine, event, 2)
    close(engine)
    second = take(engine, event, 1)
    assert numbers(engine, second) == (None, None)
    close(engine, 5)
    with Session(engine) as session, session.begin():
        change_party(session, first, uuid4(), party=4)
    assert numbers(engine, first) == (1, None)
    close(engine, 10)

    assert numbers(engine, first) == (1, 3)
    assert numbers(engine, second) == (2, None)


def numbers(engine: Engine, receipt: Receipt) -> tuple[int | None, int | None]:
    with Session(engine) as session:
        entry = pledge_of_receipt(session, receipt)
        assert entry is not None
        seals = seals_of(session, entry)
    pledged, changed = seals.pledged, seals.changed
    return pledged.number if pledged else None, changed.number if changed else None


def test_a_receipt_names_them(app: Flask, engine: Engine, event: Event) -> None:
    receipt = take(engine, event, 2)
    client = app.test_client()
    assert isinstance(client, PageClient)
    path = f"/pledges/{NonceSigner(app.config['SECRET_KEY']).sign_receipt(receipt)}"
    assert "The next one will hold your pledge." in client.page(path).text

    close(engine)
    with Session(engine) as session, session.begin():
        withdraw(session, receipt, uuid4())
    close(engine, 5)
    page = client.page(path)

    for number, at in ((1, "1pm"), (2, "1:05pm")):
        assert f"Checkpoint {number}, {at} today" in page.text
        assert f"/checkpoints/{number}.json" in page.links
    assert "/counting" in page.links
    assert "/checkpoints/1.json" in client.page(f"/cy{path}").links


def test_no_file_is_promised_to_a_pledge_that_counts_nowhere(
    app: Flask, engine: Engine, event: Event
) -> None:
    receipt = take(engine, event, 2)
    with Session(engine) as session, session.begin():
        withdraw(session, receipt, uuid4())
    token = NonceSigner(app.config["SECRET_KEY"]).sign_receipt(receipt)

    page = app.test_client().get(f"/pledges/{token}").text

    assert "You have withdrawn" in page
    assert "The next one will hold your pledge." not in page
    assert "How to check our number" in page
