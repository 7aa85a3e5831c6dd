"""The tallies are what the ledger adds up to, whatever people do at the same time."""

import random
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from tests.at_once import empty
from tests.conftest import NOW
from tests.factories.events import make_event
from tests.factories.moments import make_moment
from tests.pledges.test_rollup import fold_all
from webapp.events.models import Event
from webapp.pledges import recount
from webapp.pledges.actions import NotInForceError, Taking, change_party, pledge, withdraw
from webapp.pledges.models import Correction
from webapp.pledges.nonces import Nonce, Receipt, fresh_key
from webapp.pledges.queries import tally_of_event, tally_of_moment
from webapp.pledges.reconciling import LOCK_CORRECTING, reconcile_a_slice, reconcile_the_whole
from webapp.pledges.recount import (
    SLICES,
    differences,
    differences_of_slices,
    moments_astray,
)
from webapp.pledges.rollup import LOCK, fold_new_entries

PEOPLE, ACTS = 4, 60


@pytest.fixture
def events(engine: Engine, owner_engine: Engine) -> Iterator[list[Event]]:
    """Two events, one of which counts towards two moments."""
    with Session(engine) as session:
        moment = make_moment(session)
        made = [make_event(session, moment=moment) for _ in range(2)]
        made[1].moments.append(make_moment(session))
        session.commit()
        for each in made:
            _ = each.moments
        yield made
    empty(owner_engine)


class Neighbour(threading.Thread):
    """Somebody who pledges, changes, withdraws and sends things twice, in no order."""

    def __init__(self, engine: Engine, events: list[Event], seed: int) -> None:
        super().__init__()
        self.engine, self.random = engine, random.Random(seed)
        self.promises = [(each.moments[0].id, each.id) for each in events]
        self.participant = uuid4()
        self.receipts: list[Receipt] = []

    def run(self) -> None:
        for _ in range(ACTS):
            act = self.chosen_act(Nonce(*self.random.choice(self.promises), uuid4()))
            for _again in range(self.random.choice([1, 1, 2])):
                with suppress(NotInForceError), Session(self.engine) as session, session.begin():
                    act(session)

    def chosen_act(self, nonce: Nonce) -> Callable[[Session], object]:
        party, kind = self.random.randint(1, 12), self.random.random()
        if kind < 0.5 or not self.receipts:
            self.receipts.append(Receipt(nonce.moment_id, nonce.key))
            mine = Taking(participant=self.random.choice([self.participant, None]))
            return lambda session: pledge(session, nonce, party=party, taking=mine)
        receipt = self.random.choice(self.receipts)
        if kind < 0.8:
            return lambda session: change_party(session, receipt, nonce.key, party=party)
        return lambda session: withdraw(session, receipt, nonce.key)


def test_nothing_drifts_while_people_do_what_they_like(engine: Engine, events: list[Event]) -> None:
    neighbours = [Neighbour(engine, events, seed) for seed in range(PEOPLE)]
    for each in neighbours:
        each.start()
    while any(each.is_alive() for each in neighbours):
        with Session(engine) as session, session.begin():
            fold_new_entries(session)
        with Session(engine) as session:
            assert differences(session) == []
            assert differences_of_slices(session) == []
    for each in neighbours:
        each.join()
    fold_all(engine)

    with Session(engine) as session:
        assert differences(session) == []
        assert [moments_astray(session, number, SLICES) for number in range(SLICES)] == [
            []
        ] * SLICES
        assert reconcile_the_whole(session, now=NOW) == []
        tally = tally_of_moment(session, events[0].moments[0].id)
        assert tally.people > 0
        assert_slices_add_up(session)


def assert_slices_add_up(session: Session) -> None:
    slices = text(
        "SELECT moment_id, sum(people), sum(heads) FROM slice_tally GROUP BY 1 ORDER BY 1"
    )
    totals = text("SELECT moment_id, people, heads FROM moment_tally ORDER BY 1")
    added = [tuple(map(int, each)) for each in session.execute(slices)]
    assert added == [tuple(each) for each in session.execute(totals)]


def test_a_drift_is_found(engine: Engine, events: list[Event]) -> None:
    moment = events[0].moments[0].id
    with Session(engine) as session, session.begin():
        pledge(session, Nonce.fresh(moment, None), party=6)
    fold_all(engine)
    with Session(engine) as session, session.begin():
        session.execute(text("UPDATE moment_tally SET people = people + 1"))

    with Session(engine) as session:
        assert differences(session) == [moment]


DRIFTS = [
    "UPDATE moment_tally SET people = people + 1",
    "DELETE FROM moment_tally",
    "UPDATE slice_tally SET heads = heads + 5",
    "UPDATE event_tally SET heads = heads + 5",
    "DELETE FROM event_tally",
    "UPDATE pledge_standing SET party = 11",
    "UPDATE pledge_standing SET authority_code = 'E08000005'",
    "DELETE FROM pledge_standing",
]


@pytest.mark.parametrize("drift", DRIFTS)
def test_a_drift_is_corrected_from_the_ledger_within_an_hour(
    engine: Engine, events: list[Event], drift: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recount, "SMALL_BYTES", 0)
    moment = events[0].moments[0].id
    for event_id in (None, events[0].id):
        with Session(engine) as session, session.begin():
            pledge(session, Nonce.fresh(moment, event_id), party=6)
    fold_all(engine)
    with Session(engine) as session, session.begin():
        session.execute(text(drift))

    with Session(engine) as session, session.begin():
        found = [
            (each.moment_id, each.people_after)
            for minute in range(60)
            for each in reconcile_a_slice(session, now=NOW.replace(minute=minute))
        ]

    assert found == [(moment, 12)]
    with Session(engine) as session:
        assert differences(session) == differences_of_slices(session) == []
        assert tally_of_event(session, events[0].id).people == 6
        assert reconcile_the_whole(session, now=NOW) == []


def test_of_however_many_pledges_each_part_has_as_many_as_the_others(
    engine: Engine, events: list[Event], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recount, "SMALL_BYTES", 0)
    monkeypatch.setattr(recount, "SLICE_BYTES", 1)
    moment = events[0].moments[0].id
    with Session(engine) as session, session.begin():
        for first in range(256):
            key = UUID(bytes=bytes([first]) + fresh_key().bytes[1:])
            pledge(session, Nonce(moment, None, key), party=6)
    fold_all(engine)
    with Session(engine) as session, session.begin():
        session.execute(text("UPDATE pledge_standing SET party = party + 1"))

    with Session(engine) as session:
        of = recount.parts(session)
        astray = [moments_astray(session, number, of) for number in range(of)]

    assert astray == [[moment]] * 256


BOTH_AT_ONCE = (
    "WITH slices AS (UPDATE slice_tally SET people = people + 1)"
    " UPDATE moment_tally SET people = people + (SELECT count(*) FROM slice_tally)"
)


@pytest.mark.parametrize("drift", [*DRIFTS, BOTH_AT_ONCE])
def test_a_drift_is_found_at_once_while_pledges_are_few(
    engine: Engine, events: list[Event], drift: str
) -> None:
    moment = events[0].moments[0].id
    for event_id in (None, events[0].id):
        with Session(engine) as session, session.begin():
            pledge(session, Nonce.fresh(moment, event_id), party=6)
    fold_all(engine)
    with Session(engine) as session, session.begin():
        session.execute(text(drift))

    with Session(engine) as session, session.begin():
        corrected = reconcile_a_slice(session, now=NOW)
        assert [(each.moment_id, each.people_after) for each in corrected] == [(moment, 12)]
        assert reconcile_the_whole(session, now=NOW) == []


@pytest.mark.parametrize("drift", DRIFTS[:3])
def test_a_drift_of_a_total_is_found_at_once_however_many_there_are(
    engine: Engine, events: list[Event], drift: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recount, "SMALL_BYTES", 0)
    with Session(engine) as session, session.begin():
        pledge(session, Nonce.fresh(events[0].moments[0].id, None), party=6)
    fold_all(engine)
    with Session(engine) as session, session.begin():
        session.execute(text(drift))
        assert len(reconcile_a_slice(session, now=NOW)) == 1


@pytest.fixture
def drifted(engine: Engine, events: list[Event]) -> int:
    """The moment of a pledge for six, of which all tallies say something else."""
    moment = events[0].moments[0].id
    with Session(engine) as session, session.begin():
        pledge(session, Nonce.fresh(moment, None), party=6)
    fold_all(engine)
    with Session(engine) as session, session.begin():
        session.execute(text("UPDATE pledge_standing SET party = 11, people = 11"))
        session.execute(text("UPDATE moment_tally SET people = people + 5"))
    return moment


def test_the_number_is_right_and_told_before_the_rest_is_made_anew(
    engine: Engine, drifted: int, caplog: pytest.LogCaptureFixture
) -> None:
    seen: list[object] = []

    def tell(corrections: Sequence[Correction]) -> None:
        seen.append([each.people_after for each in corrections])
        seen.append(session.execute(text("SHOW statement_timeout")).scalar_one())
        session.commit()
        with Session(engine) as reader:
            seen.append(tally_of_moment(reader, drifted).people)
            seen.append(moments_astray(reader))

    with Session(engine) as session:
        reconcile_a_slice(session, now=NOW, tell=tell)
        session.commit()

    assert seen == [[6], "1h", 6, [drifted]]
    assert f"the tallies of moment {drifted} are wrong" in caplog.text
    with Session(engine) as session:
        assert differences(session) == differences_of_slices(session) == []
        assert reconcile_the_whole(session, now=NOW) == []


def test_whoever_finds_another_correcting_does_not_wait(engine: Engine, drifted: int) -> None:
    with Session(engine) as busy, Session(engine) as session:
        busy.execute(LOCK_CORRECTING)
        busy.execute(LOCK)
        assert reconcile_a_slice(session, now=NOW) == []
    with Session(engine) as session:
        assert [each.moment_id for each in reconcile_a_slice(session, now=NOW)] == [drifted]


def test_two_who_withdraw_one_pledge_at_once_take_it_away_once(
    engine: Engine, events: list[Event]
) -> None:
    with Session(engine) as session, session.begin():
        receipt = pledge(session, Nonce.fresh(events[0].moments[0].id, events[0].id), party=6)
    refused: list[NotInForceError] = []

    def leave() -> None:
        try:
            with Session(engine) as session, session.begin():
                withdraw(session, receipt, uuid4())
        except NotInForceError as error:
            refused.append(error)

    leavers = [threading.Thread(target=leave) for _ in range(4)]
    for each in leavers:
        each.start()
    for each in leavers:
        each.join()
    fold_all(engine)

    assert len(refused) == 3
    with Session(engine) as session:
        assert tally_of_moment(session, events[0].moments[0].id).people == 0
        assert differences(session) == []
