"""The places of an event that has only so many: never more than there are, and nobody passed over."""

from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import NOW
from tests.factories.accounts import make_user
from tests.factories.events import make_event
from tests.factories.groups import make_group
from tests.factories.moments import make_moment
from tests.factories.pledges import make_pledge
from webapp.events.models import Event, EventStatus
from webapp.groups.models import Standing
from webapp.moderation.decisions import Decision, Seen, decide
from webapp.organising.actions import cancel_event, hide_event, send_again, take_back
from webapp.pledges import places
from webapp.pledges.actions import NotInForceError, change_party, pledge, withdraw
from webapp.pledges.models import LedgerEntry
from webapp.pledges.nonces import Nonce, Receipt
from webapp.pledges.places import waiting_list


def full_event(session: Session, capacity: int, **values: object) -> Event:
    event = make_event(session, **values)
    event.capacity = capacity
    session.flush()
    return event


def stands(session: Session, receipt: Receipt) -> tuple[int, int]:
    """Return how many of a pledge are in, and how many wait."""
    found = places.stands(session, receipt)
    return found.party, found.waiting


def changes(session: Session) -> list[tuple[str, int]]:
    entries = session.scalars(select(LedgerEntry).order_by(LedgerEntry.id))
    return [(each.kind, each.party_change) for each in entries]


def test_who_finds_no_place_waits(session: Session) -> None:
    event = full_event(session, 5)

    first, second, third = (make_pledge(session, event, party) for party in (3, 3, 2))

    assert stands(session, first) == (3, 0)
    assert stands(session, second) == (0, 3)
    assert stands(session, third) == (2, 0)  # a smaller party still fits


def test_whoever_withdraws_lets_the_next_in(session: Session) -> None:
    event = full_event(session, 4)
    first = make_pledge(session, event, 4)
    waiting = [make_pledge(session, event, party) for party in (5, 3, 1, 1)]

    withdraw(session, first, uuid4())

    assert [stands(session, each) for each in waiting] == [(0, 5), (3, 0), (1, 0), (0, 1)]
    assert places.stands(session, waiting[1]).moved_up_at is not None
    assert places.stands(session, waiting[0]).moved_up_at is None


def test_a_smaller_party_lets_the_next_in(session: Session) -> None:
    event = full_event(session, 4)
    first, second = make_pledge(session, event, 4), make_pledge(session, event, 2)

    change_party(session, first, uuid4(), party=2)

    assert (stands(session, first), stands(session, second)) == ((2, 0), (2, 0))


def test_those_who_are_to_come_besides_wait_and_the_others_stay_in(session: Session) -> None:
    event = full_event(session, 4)
    first, other = make_pledge(session, event, 2), make_pledge(session, event, 1)

    change_party(session, first, uuid4(), party=5)
    assert stands(session, first) == (2, 3)

    change_party(session, first, uuid4(), party=4)
    assert stands(session, first) == (2, 2)

    withdraw(session, other, uuid4())
    assert stands(session, first) == (4, 0)


def test_who_waits_may_bring_fewer_and_then_fit(session: Session) -> None:
    event = full_event(session, 4)
    make_pledge(session, event, 2)
    waiting = make_pledge(session, event, 6)

    change_party(session, waiting, uuid4(), party=7)
    assert stands(session, waiting) == (0, 7)

    change_party(session, waiting, uuid4(), party=2)
    assert stands(session, waiting) == (2, 0)


def test_who_waits_may_withdraw(session: Session) -> None:
    event = full_event(session, 2)
    first, waiting = make_pledge(session, event, 2), make_pledge(session, event, 2)

    withdraw(session, waiting, uuid4())
    withdraw(session, first, uuid4())

    assert stands(session, waiting) == (0, 0)
    assert waiting_list(session, event.id) == []
    with pytest.raises(NotInForceError):
        withdraw(session, waiting, uuid4())


def test_who_waits_a_second_time_is_last(session: Session) -> None:
    event = full_event(session, 2)
    first, second = make_pledge(session, event, 2), make_pledge(session, event, 1)
    change_party(session, first, uuid4(), party=1)  # lets the second in
    third = make_pledge(session, event, 1)

    change_party(session, second, uuid4(), party=2)

    assert [each.receipt for each in waiting_list(session, event.id)] == [third, second]


def test_one_nonce_waits_once(session: Session) -> None:
    event = full_event(session, 1)
    nonce = Nonce.fresh(event.moments[0].id, event.id)

    for _ in range(3):
        pledge(session, nonce, party=2)

    assert changes(session) == [("pledged", 2), ("waiting", -2)]


def test_an_event_that_is_called_off_moves_nobody_up(session: Session) -> None:
    event = full_event(session, 2)
    first, waiting = make_pledge(session, event, 2), make_pledge(session, event, 1)
    event.status = EventStatus.CANCELLED
    session.flush()

    withdraw(session, first, uuid4())

    assert stands(session, waiting) == (0, 1)


def test_what_is_held_back_keeps_its_place(session: Session) -> None:
    event = full_event(session, 3)
    held = make_pledge(session, event, 3)
    add_entry(session, held, "held", -3)

    assert stands(session, make_pledge(session, event, 1)) == (0, 1)

    add_entry(session, held, "invalidated", 0)
    assert stands(session, make_pledge(session, event, 2)) == (2, 0)


def test_moving_takes_no_place_and_gives_none(session: Session) -> None:
    event = full_event(session, 4)
    receipt = make_pledge(session, event, 2)
    other = make_moment(session, slug="another-day").id
    add_entry(session, receipt, "moved", -2)
    add_entry(session, receipt, "moved", 2, moment_id=other)

    assert stands(session, make_pledge(session, event, 2)) == (2, 0)
    assert stands(session, make_pledge(session, event, 1)) == (0, 1)


def add_entry(
    session: Session, receipt: Receipt, kind: str, change: int, moment_id: int | None = None
) -> None:
    first = session.scalars(select(LedgerEntry).where(LedgerEntry.nonce == receipt.key)).one()
    session.add(
        LedgerEntry(
            moment_id=moment_id or first.moment_id, nonce=uuid4(), kind=kind, pledge=first.pledge,
            participant=first.participant, event_id=first.event_id, party_change=change,
        )
    )  # fmt: skip
    session.flush()


STEPS = st.lists(
    st.tuples(st.sampled_from("pcw"), st.integers(0, 9), st.integers(1, 12)), max_size=25
)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None
)
@given(capacity=st.integers(1, 30), steps=STEPS)
def test_places_are_never_given_twice_nor_left_empty(
    session: Session, capacity: int, steps: list[tuple[str, int, int]]
) -> None:
    with session.begin_nested() as everything:
        event = full_event(session, capacity)
        receipts: list[Receipt] = []
        for kind, number, party in steps:
            take_step(session, event, receipts, kind, number, party)

            each = [stands(session, receipt) for receipt in receipts]
            room = capacity - sum(inside for inside, _waiting in each)
            assert room >= 0
            assert all(waiting > room for _inside, waiting in each if waiting)
            listed = {one.receipt: one.people for one in waiting_list(session, event.id)}
            assert listed == {
                r: waits for r, (_, waits) in zip(receipts, each, strict=True) if waits
            }
        everything.rollback()


def take_step(
    session: Session, event: Event, receipts: list[Receipt], kind: str, number: int, party: int
) -> None:
    if kind == "p" or not receipts:
        receipts.append(make_pledge(session, event, party))
        return
    receipt = receipts[number % len(receipts)]
    if sum(stands(session, receipt)) == 0:
        with pytest.raises(NotInForceError):
            withdraw(session, receipt, uuid4())
    elif kind == "c":
        change_party(session, receipt, uuid4(), party=party)
        assert sum(stands(session, receipt)) == party
    else:
        withdraw(session, receipt, uuid4())
        assert stands(session, receipt) == (0, 0)


@pytest.mark.parametrize("way", ["cancelled", "hidden", "returned", "sent to staff", "over"])
def test_who_waits_is_let_in_where_there_is_more_room_once_it_is_on_again(
    session: Session, way: str
) -> None:
    host, staff = make_user(session), make_user(session, staff=True)
    standing = Standing.UNVERIFIED if way == "sent to staff" else Standing.TRUSTED
    event = full_event(session, 4, group=make_group(session, by=host, standing=standing))
    make_pledge(session, event, 4)
    waiting = make_pledge(session, event, 3)
    said = {"by": staff, "reason": "It is rude.", "now": NOW}
    if way == "cancelled":
        cancel_event(session, event, host, NOW, "It rains.")
    elif way in {"hidden", "over"}:
        hide_event(session, event, host, NOW)
    else:
        decide(session, event, Decision.RETURN, seen=Seen(event.version), **said)
    event.capacity = 7

    if way == "over":
        take_back(session, event, host, event.ends_at)
    elif way in {"cancelled", "hidden"}:
        take_back(session, event, host, NOW)
    else:
        send_again(session, event, host, NOW)
    if way == "sent to staff":
        assert stands(session, waiting) == (0, 3)
        decide(session, event, Decision.APPROVE, seen=Seen(event.version), **said)

    assert stands(session, waiting) == ((0, 3) if way == "over" else (3, 0))
