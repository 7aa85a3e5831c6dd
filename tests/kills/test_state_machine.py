"""People do whatever they like, in transactions that overlap and end as they like; the totals stay right.

Hypothesis chooses what is done, on which of several connections, and when each commits or rolls back,
when the rollup comes by, and when it is killed. After each step the tallies are what the ledger adds up
to by itself; whenever all is settled, they are what a model of the definitions says. Whoever would have
to wait for another transaction is rolled back instead, so that each run is the same again.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from uuid import UUID, uuid5

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    MultipleResults,
    RuleBasedStateMachine,
    initialize,
    multiple,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from dev.cluster import Cluster
from tests.at_once import empty
from tests.database import database
from tests.factories.events import make_event
from tests.factories.groups import make_group
from tests.factories.moments import make_moment
from tests.kills.exactness import assert_equal
from tests.kills.plain_ledger import Figures, PlainLedger, Pledge
from tests.own_cluster import server_of
from webapp.config import Settings
from webapp.events.models import Event
from webapp.places.area_codes import AreaCodes
from webapp.pledges.actions import (
    NotInForceError,
    PledgedOtherwiseError,
    Taking,
    change_party,
    pledge,
    withdraw,
)
from webapp.pledges.holding import hold
from webapp.pledges.homes import NOT_TOLD, Home
from webapp.pledges.judging import Hold
from webapp.pledges.nonces import Nonce, Receipt
from webapp.pledges.releasing import invalidate, reinstate, release
from webapp.pledges.rollup import fold_new_entries

SOAK = bool(os.environ.get("SOAK"))
RUNS, STEPS = (1000, 80) if SOAK else (20, 40)
# The ledger is emptied so often, for what it holds is counted anew at each step.
RUNS_UNTIL_EMPTIED = 20
LINKS = 4
MOST_PLEDGES = 6
NAMES = UUID(int=5)
QUICKLY = "-c lock_timeout=20ms -c synchronous_commit=off"
AREAS = ("E08000005", "W06000015", "S12000033")
IN_WALES = Home(AreaCodes(authority="W06000015"), None)

# The last commits at once, as a request does; half of all is done there.
AT_ONCE = LINKS - 1
links = st.sampled_from([*range(AT_ONCE), *([AT_ONCE] * AT_ONCE)])
parties = st.integers(1, 12)
# So few that they often pledge again.
persons = st.integers(0, 3)
promises = st.integers(0, 3)
# A receipt, and what is needed to send the same again: the promise and the person.
Made = tuple[Receipt, int, int | None]

FIGURES = "pledges, heads, people, held"
OF_MOMENT = text(f"SELECT {FIGURES} FROM moment_tally WHERE moment_id = :moment_id")
OF_EVENTS = text(f"SELECT event_id, {FIGURES} FROM event_tally WHERE moment_id = :moment_id")
HEADS_BY_AREA = text("""
    SELECT authority_code, sum(heads) FROM slice_tally WHERE moment_id = :moment_id
    GROUP BY authority_code HAVING sum(heads) > 0
""")
# Those of an event are its host’s; those at home are nobody’s.
OF_HOSTS_AND_HOMES = text("""
    SELECT coalesce(sum(people), 0) FROM (
        SELECT people FROM event_tally WHERE moment_id = :moment_id
        UNION ALL SELECT people FROM pledge_standing
            WHERE moment_id = :moment_id AND event_id IS NULL
    ) AS parts
""")


class Ledger(RuleBasedStateMachine):
    """What may happen; a test says in which database, and sets `engine` and `owner`."""

    engine: Engine
    owner: Engine
    runs = steps = rolled_back = receipts = 0

    pledges = Bundle("pledges")
    several = st.lists(pledges, min_size=1, max_size=6)

    @initialize(
        target=pledges, sent=st.lists(st.tuples(promises, parties, persons), min_size=3, max_size=3)
    )
    def begin(self, sent: list[tuple[int, int, int]]) -> MultipleResults[Made]:
        """Make two moments, an event of the first and an event of both, connect, and pledge a little."""
        counts = type(self)
        if counts.runs % RUNS_UNTIL_EMPTIED == 0:
            empty(self.owner)
        counts.runs += 1
        with Session(self.owner) as session, session.begin():
            self._make(session)
        self.sessions = [Session(self.engine) for _ in range(LINKS)]
        # What each person and act is called; the same in each run of the same steps.
        self.made = self.receipts = 0
        self.last_nonces: dict[Receipt, UUID] = {}
        return multiple(*(self.pledge(AT_ONCE, *each) for each in sent))

    def _make(self, session: Session) -> None:
        moments, group = [make_moment(session) for _ in range(2)], make_group(session)
        events: list[Event] = []
        for area in AREAS[:2]:
            events.append(make_event(session, moment=moments[0], group=group))
            events[-1].authority_code = area
        events[1].moments.append(moments[1])
        session.flush()
        self.moments = [each.id for each in moments]
        first, both = [each.id for each in events]
        self.promises: list[tuple[int | None, str, Home]] = [
            (first, AREAS[0], NOT_TOLD), (both, AREAS[1], NOT_TOLD),
            (None, "", NOT_TOLD), (None, AREAS[1], IN_WALES),
        ]  # fmt: skip
        self.plain = PlainLedger({None: [], first: [], both: [self.moments[1]]})

    # So few that much happens to each.
    @precondition(lambda machine: machine.receipts < MOST_PLEDGES)
    @rule(
        target=pledges,
        link=links,
        promise=promises,
        party=parties,
        person=st.none() | persons,
    )
    def pledge(self, link: int, promise: int, party: int, person: int | None) -> Made:
        """Somebody pledges, perhaps again."""
        self.receipts += 1
        receipt = Receipt(self.moments[0], self._fresh())
        self._pledge(link, receipt, promise, party, person)
        return receipt, promise, person

    @rule(link=links, made=pledges, party=parties)
    def try_again(self, link: int, made: Made, party: int) -> None:
        """A pledge is sent again, perhaps with another party, perhaps while the first is open."""
        self._pledge(link, made[0], made[1], party, made[2])

    def _pledge(
        self, link: int, receipt: Receipt, promise: int, party: int, person: int | None
    ) -> None:
        event_id, area, home = self.promises[promise]
        nonce = Nonce(receipt.moment_id, event_id, receipt.key)
        participant = (
            receipt.key if person is None else uuid5(NAMES, f"{receipt.moment_id} {person}")
        )
        taking = Taking(participant=participant, home=home)
        seen = self.plain.seen(link, receipt.key)
        refused = PledgedOtherwiseError if seen and seen.first_party != party else None
        if (
            self._do(link, partial(pledge, nonce=nonce, party=party, taking=taking), refused)
            and not seen
        ):
            self.plain.write(link, Pledge(nonce, participant, area, party, party))
        self._end_at_once(link)

    @rule(link=links, made=pledges, party=parties, again=st.booleans())
    def change(self, link: int, made: Made, party: int, again: bool) -> None:
        """A party is changed, perhaps by the same press of a button as before."""
        receipt, nonce = made[0], self._nonce(made[0], again=again)
        act = partial(change_party, receipt=receipt, nonce=nonce, party=party)
        self._follow(link, receipt, nonce, act, lambda each: each.changed(party, nonce))

    @rule(link=links, made=pledges, again=st.booleans())
    def withdraw(self, link: int, made: Made, again: bool) -> None:
        """A pledge is withdrawn, perhaps by the same press of a button as before."""
        receipt, nonce = made[0], self._nonce(made[0], again=again)
        act = partial(withdraw, receipt=receipt, nonce=nonce)
        self._follow(link, receipt, nonce, act, lambda each: each.withdrawn(nonce))

    def _follow(
        self,
        link: int,
        receipt: Receipt,
        nonce: UUID,
        act: Callable[[Session], object],
        after: Callable[[Pledge], Pledge],
    ) -> None:
        seen = self.plain.seen(link, receipt.key)
        is_known = seen is not None and nonce in seen.used
        refused = None if is_known or (seen and seen.wanted) else NotInForceError
        if self._do(link, act, refused) and seen:
            self.plain.write(link, after(seen))
        self._end_at_once(link)

    @rule(link=links, made=several)
    def hold(self, link: int, made: list[Made]) -> None:
        """Pledges are held."""
        receipts = self._receipts(made)
        holds = [Hold(each.moment_id, each.key, 12, "address") for each in receipts]
        self._settle_many(link, receipts, partial(hold, holds=holds), Pledge.all_held)

    @rule(link=links, made=several)
    def release(self, link: int, made: list[Made]) -> None:
        """Pledges are released."""
        receipts = self._receipts(made)
        act = partial(release, receipts=receipts, reason="plausible")
        self._settle_many(link, receipts, act, Pledge.released)

    @rule(link=links, made=several)
    def invalidate(self, link: int, made: list[Made]) -> None:
        """Pledges are taken out of the number."""
        receipts = self._receipts(made)
        act = partial(invalidate, receipts=receipts, reason="staff-1")
        self._settle_many(link, receipts, act, Pledge.invalidated)

    @rule(link=links, made=several)
    def reinstate(self, link: int, made: list[Made]) -> None:
        """Pledges that were taken out are brought back."""
        receipts = self._receipts(made)
        act = partial(reinstate, receipts=receipts, reason="staff-2")
        self._settle_many(link, receipts, act, Pledge.reinstated)

    def _settle_many(
        self,
        link: int,
        receipts: Sequence[Receipt],
        act: Callable[[Session], object],
        after: Callable[[Pledge], Pledge],
    ) -> None:
        if self._do(link, act):
            for each in receipts:
                if seen := self.plain.seen(link, each.key):
                    self.plain.write(link, after(seen))
        self._end_at_once(link)

    def _end_at_once(self, link: int) -> None:
        if link == AT_ONCE:
            self.commit(link)

    def _do(
        self, link: int, act: Callable[[Session], object], refused: type[Exception] | None = None
    ) -> bool:
        """Do something in a transaction; tell whether it was done. Who would have to wait, gives up."""
        type(self).steps += 1
        try:
            if refused is None:
                act(self.sessions[link])
            else:
                with pytest.raises(refused):
                    act(self.sessions[link])
        except OperationalError:
            type(self).rolled_back += 1
            self.roll_back(link)
            return False
        return refused is None

    @rule(link=links)
    def commit(self, link: int) -> None:
        """A transaction ends well."""
        self.sessions[link].commit()
        self.plain.commit(link)

    @rule(link=links)
    def roll_back(self, link: int) -> None:
        """A transaction ends as if it had never been."""
        self.sessions[link].rollback()
        self.plain.roll_back(link)

    @rule(ends_well=st.booleans())
    def roll_up(self, ends_well: bool) -> None:
        """The rollup takes a step, or is killed in the middle of it."""
        self._roll_up(ends_well=ends_well)
        assert_equal(self.engine)

    def _roll_up(self, *, ends_well: bool = True) -> bool:
        """Take a step; tell whether there may be more. It gives up where it would have to wait."""
        with Session(self.engine) as session:
            try:
                more = fold_new_entries(session)
            except OperationalError:
                return True
            if ends_well:
                session.commit()
            return more

    @rule()
    def settle(self) -> None:
        """All transactions end, the rollup catches up, and every number is what it should be."""
        for link in range(LINKS):
            self.commit(link)
        while self._roll_up() or self._unfolded():
            pass
        assert_equal(self.engine)
        with Session(self.engine) as session:
            for moment_id in self.moments:
                self._compare(session, moment_id)

    def _compare(self, session: Session, moment_id: int) -> None:
        about, plain = {"moment_id": moment_id}, self.plain
        headline = session.execute(OF_MOMENT, about).one_or_none() or (0, 0, 0, 0)
        assert Figures(*headline) == plain.moment(moment_id)
        areas = session.execute(HEADS_BY_AREA, about)
        assert {area: int(heads) for area, heads in areas} == plain.heads_by_area(moment_id)
        for event_id, pledges, heads, _people, held in session.execute(OF_EVENTS, about):
            expected = plain.event(moment_id, event_id)
            assert (pledges, heads, held) == (expected.pledges, expected.heads, expected.held)
        assert session.execute(OF_HOSTS_AND_HOMES, about).scalar_one() == headline[2]

    def _unfolded(self) -> bool:
        left = text(
            "SELECT EXISTS (SELECT FROM ledger_entry, rollup_state WHERE xid >= folded_below)"
        )
        with Session(self.engine) as session:
            return bool(session.execute(left).scalar_one())

    def teardown(self) -> None:
        """Look a last time, and let go of the connections."""
        try:
            self.settle()
        finally:
            for each in self.sessions:
                each.close()

    def _receipts(self, made: list[Made]) -> list[Receipt]:
        return list(dict.fromkeys(receipt for receipt, _promise, _person in made))

    def _nonce(self, receipt: Receipt, *, again: bool) -> UUID:
        if not again or receipt not in self.last_nonces:
            self.last_nonces[receipt] = self._fresh()
        return self.last_nonces[receipt]

    def _fresh(self) -> UUID:
        self.made += 1
        return uuid5(NAMES, f"{self.moments} {self.made}")


@pytest.fixture
def own_database(cluster: Cluster) -> Iterator[Settings]:
    """A database that no server and no worker uses, and no other test holds the rollup up in."""
    with database(f"moment_map_test_machine_{os.getpid()}", server_of(cluster)) as made:
        yield made


@pytest.fixture
def engines(own_database: Settings) -> Iterator[list[Engine]]:
    """Engines of the site’s role, which waits for nobody’s lock, and of the owner."""
    urls = own_database.database_url, own_database.owner_database_url
    made = [create_engine(url, connect_args={"options": QUICKLY}) for url in urls]
    yield made
    for each in made:
        each.dispose()


def test_totals_are_right_whatever_is_done_in_whatever_order(
    engines: list[Engine], tell: Callable[[str], None]
) -> None:
    class OfThisDatabase(Ledger):
        engine, owner = engines

    options = settings(
        max_examples=RUNS, stateful_step_count=STEPS, deadline=None, derandomize=not SOAK,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    run_state_machine_as_test(OfThisDatabase, settings=options)

    assert OfThisDatabase.rolled_back > 0
    tell(
        f"state machine: {OfThisDatabase.runs} runs of {OfThisDatabase.steps:,} acts on {LINKS}"
        f" connections, {OfThisDatabase.rolled_back:,} given up for a lock; totals always right"
    )
