"""Two listings of one event become one: its people count at the one that is kept, each of them once."""

import threading
from collections.abc import Callable
from uuid import uuid4

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tests.conftest import NOW
from tests.factories.accounts import make_user
from tests.pledges.test_moving import (
    by_authority,
    cancel,
    do,
    events,  # noqa: F401 -- a fixture
    headline,
    hide,
    moved,
    people_of_moments,
    restore,
    take,
    to_leeds,
)
from tests.pledges.test_rollup import fold, fold_all
from webapp.events import life
from webapp.events.life import LifeError
from webapp.events.models import Event
from webapp.moments.models import Moment
from webapp.organising.merging import merge_events, part_events
from webapp.pledges.actions import Taking, change_party, pledge, withdraw
from webapp.pledges.nonces import Nonce, Receipt
from webapp.pledges.places import people_waiting, stands
from webapp.pledges.queries import tally_of_event

Act = Callable[[Session, Event], object]


def into(kept: Event) -> Act:
    def merge(session: Session, event: Event) -> None:
        merge_events(session, event, session.get_one(Event, kept.id), make_user(session), NOW)

    return merge


def apart(session: Session, event: Event) -> None:
    part_events(session, event, make_user(session), NOW)


def with_room_for(capacity: int | None) -> Act:
    def limit(session: Session, event: Event) -> None:
        event.capacity = capacity

    return limit


def come(engine: Engine, *listings: Event) -> list[int]:
    """Fold all, compare with the ledger, and return how many come to each."""
    fold_all(engine)
    fold(engine)  # what the last fold entered
    headline(engine, listings[0])
    with Session(engine) as session:
        return [tally_of_event(session, each.id).people for each in listings]


def test_people_of_a_merged_listing_count_at_the_kept_one_and_go_back_when_parted(
    engine: Engine,
    events: list[Event],  # noqa: F811 -- a fixture
) -> None:
    event, kept = events
    do(engine, kept, to_leeds)
    take(engine, event, 3)
    take(engine, kept, 2)
    assert come(engine, event, kept) == [3, 2]

    do(engine, event, into(kept))
    assert come(engine, event, kept) == [0, 5]
    assert by_authority(engine) == {"E08000035": 5}
    assert moved(engine) == [(-3, "E08000005", "merged"), (3, "E08000035", "merged")]
    do(engine, event, apart)
    assert come(engine, event, kept) == [3, 2]

    assert by_authority(engine) == {"E08000005": 3, "E08000035": 2}
    assert moved(engine)[2:] == [(-3, "E08000035", "merged"), (3, "E08000005", "merged")]


def test_who_pledged_for_both_listings_on_one_device_is_one_person(
    engine: Engine,
    events: list[Event],  # noqa: F811 -- a fixture
) -> None:
    me = Taking(participant=uuid4())
    for each, party in zip(events, (2, 3), strict=True):
        with Session(engine) as session, session.begin():
            pledge(session, Nonce.fresh(each.moments[0].id, each.id), party=party, taking=me)
    do(engine, events[0], into(events[1]))
    fold_all(engine)

    assert headline(engine, events[0]) == 3


def test_a_pledge_that_was_made_in_the_moment_of_merging_counts_at_the_kept_one(
    engine: Engine,
    events: list[Event],  # noqa: F811 -- a fixture
) -> None:
    event, kept = events
    with Session(engine) as neighbour, neighbour.begin():
        nonce = Nonce.fresh(event.moments[0].id, event.id)
        pledge(neighbour, nonce, party=4)
        do(engine, event, into(kept))  # committed before the pledge is

    assert come(engine, event, kept) == [0, 4]


def test_a_moved_pledge_is_changed_and_withdrawn_where_it_counts_also_after_parting(
    engine: Engine,
    events: list[Event],  # noqa: F811 -- a fixture
) -> None:
    event, kept = events
    first, second = take(engine, event, 3), take(engine, event, 2)
    do(engine, event, into(kept))
    assert come(engine, event, kept) == [0, 5]

    change(engine, first, 6)
    assert come(engine, event, kept) == [0, 8]
    drop(engine, second)
    assert come(engine, event, kept) == [0, 6]
    do(engine, event, apart)
    assert come(engine, event, kept) == [6, 0]
    change(engine, first, 1)

    assert come(engine, event, kept) == [1, 0]


def change(engine: Engine, receipt: Receipt, party: int) -> None:
    with Session(engine) as session, session.begin():
        change_party(session, receipt, uuid4(), party=party)


def drop(engine: Engine, receipt: Receipt) -> None:
    with Session(engine) as session, session.begin():
        withdraw(session, receipt, uuid4())


def test_who_changes_a_pledge_while_it_is_parted_is_found_again(
    engine: Engine,
    events: list[Event],  # noqa: F811 -- a fixture
) -> None:
    event, kept = events
    receipt = take(engine, event, 3)
    do(engine, event, into(kept))
    come(engine, event, kept)
    with Session(engine) as slow, slow.begin():
        change_party(slow, receipt, uuid4(), party=5)
        do(engine, event, apart)
        folding = threading.Thread(target=fold, args=[engine])
        folding.start()  # waits for the change, and passes over the pledge
    folding.join()

    assert come(engine, event, kept) == [5, 0]


@pytest.mark.parametrize(("off", "on"), [(cancel, restore)])
def test_who_was_merged_goes_and_comes_with_the_kept_one(
    engine: Engine,
    events: list[Event],  # noqa: F811 -- a fixture
    off: Act,
    on: Act,
) -> None:
    event, kept = events
    take(engine, event, 3)
    do(engine, event, into(kept))
    come(engine, event, kept)

    do(engine, kept, off)
    assert come(engine, event, kept) == [0, 0]
    do(engine, kept, on)
    assert come(engine, event, kept) == [0, 3]


def test_listings_of_different_moments_are_merged(
    engine: Engine,
    events: list[Event],  # noqa: F811 -- a fixture
) -> None:
    event, kept = events
    take(engine, event, 3)
    with Session(engine) as session, session.begin():
        other = session.scalars(select(Moment).order_by(Moment.id.desc())).first()
        assert other is not None
        session.get_one(Event, kept.id).moments = [other]
    do(engine, event, into(kept))
    fold_all(engine)
    fold(engine)

    assert people_of_moments(engine) == [0, 3]


def test_merging_turns_nobody_away_but_who_comes_after_waits(
    engine: Engine,
    events: list[Event],  # noqa: F811 -- a fixture
) -> None:
    event, kept = events
    do(engine, kept, with_room_for(4))
    ours, theirs = take(engine, event, 3), take(engine, kept, 3)
    do(engine, event, into(kept))
    late = take(engine, kept, 1)
    later = take(engine, event, 1)  # by a form that was sent before

    assert come(engine, event, kept) == [0, 6]
    assert waiting(engine, kept) == 2
    drop(engine, theirs)
    with Session(engine) as session:
        assert [stands(session, each).party for each in (ours, late, later)] == [3, 1, 0]


def waiting(engine: Engine, event: Event) -> int:
    with Session(engine) as session:
        return people_waiting(session, event.id)


def test_who_waits_for_a_full_listing_is_let_in_where_the_kept_one_has_room(
    engine: Engine,
    events: list[Event],  # noqa: F811 -- a fixture
) -> None:
    event, kept = events
    do(engine, event, with_room_for(2))
    take(engine, event, 2)
    receipt = take(engine, event, 2)
    assert waiting(engine, event) == 2
    do(engine, event, into(kept))

    assert waiting(engine, kept) == waiting(engine, event) == 0
    assert come(engine, event, kept) == [0, 4]
    with Session(engine) as session:
        assert stands(session, receipt).party == 2
    # Parted, nobody is thrown out of the small one either.
    do(engine, event, apart)
    assert come(engine, event, kept) == [4, 0]
    late = take(engine, event, 1)
    with Session(engine) as session:
        assert stands(session, late).waiting == 1


@pytest.mark.parametrize(
    ("before", "sentence"),
    [(cancel, "The listing that is kept"), (hide, "The listing that is kept")],
)
def test_what_is_off_is_not_kept(
    engine: Engine,
    events: list[Event],  # noqa: F811 -- a fixture
    before: Act,
    sentence: str,
) -> None:
    event, kept = events
    do(engine, kept, before)

    with pytest.raises(LifeError, match=sentence):
        do(engine, event, into(kept))


def test_two_who_merge_two_listings_into_each_other_leave_one(
    engine: Engine,
    events: list[Event],  # noqa: F811 -- a fixture
) -> None:
    first, second = events
    take(engine, first, 3)
    take(engine, second, 2)
    refused: list[Exception] = []

    def merge(event: Event, kept: Event) -> None:
        try:
            do(engine, event, into(kept))
        except LifeError as error:
            refused.append(error)

    both = [
        threading.Thread(target=merge, args=pair) for pair in ((first, second), (second, first))
    ]
    for each in both:
        each.start()
    for each in both:
        each.join()

    assert len(refused) == 1
    assert sorted(come(engine, first, second)) == [0, 5]


def test_what_others_were_merged_into_is_not_merged_itself(
    engine: Engine,
    events: list[Event],  # noqa: F811 -- a fixture
) -> None:
    first, second = events
    do(engine, first, into(second))
    with Session(engine) as session, session.begin():
        third = session.get_one(Event, second.id)
        values = {
            c.name: getattr(third, c.name) for c in Event.__table__.c if c.name not in SKIPPED
        }
        values |= dict.fromkeys(("authority_code", "region_code", "nation"))
        copy = Event(**values, public_id="bcdfghjkmn", moments=list(third.moments))
        session.add(copy)
        session.flush()
        session.expunge(copy)

    with pytest.raises(LifeError, match="Another listing was merged"):
        do(engine, second, into(copy))


SKIPPED = {"id", "public_id", "import_key", "authority_code", "region_code", "nation"}


def test_a_merged_listing_is_not_simply_shown_again(
    engine: Engine,
    events: list[Event],  # noqa: F811 -- a fixture
) -> None:
    do(engine, events[0], into(events[1]))
    with pytest.raises(LifeError, match="Take the two apart"):
        do(engine, events[0], lambda session, event: life.show_again(session, event, None, NOW))


def test_nothing_drifts_while_two_listings_are_merged_and_parted_under_pledges(
    engine: Engine,
    events: list[Event],  # noqa: F811 -- a fixture
) -> None:
    event, kept = events
    do(engine, kept, with_room_for(9))
    going = threading.Event()
    receipts: list[Receipt] = []
    person = threading.Thread(target=pledge_all_the_time, args=(engine, events, going, receipts))
    person.start()
    for _ in range(4):
        do(engine, event, into(kept))
        fold(engine)
        headline(engine, event)
        do(engine, event, apart)
        fold(engine)
        headline(engine, event)
    do(engine, event, into(kept))
    going.set()
    person.join()

    with Session(engine) as session:
        expected = sum(stands(session, each).party for each in receipts)
    assert come(engine, event, kept) == [0, expected]


def pledge_all_the_time(
    engine: Engine, listings: list[Event], enough: threading.Event, receipts: list[Receipt]
) -> None:
    """Pledge for one listing and the other, change and withdraw, until it is enough."""
    while not enough.is_set() and len(receipts) < 60:
        receipts.append(take(engine, listings[len(receipts) % 2], 2))
        if len(receipts) % 3 == 0:
            change(engine, receipts[-2], 1)
        if len(receipts) % 5 == 0:
            drop(engine, receipts[-3])
