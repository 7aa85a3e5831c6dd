"""Decisions and their undoing in any order: the tallies equal the ledger, and undoing all leads back."""

import os
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests.corrections.deciding import NOW, conditions, decide, finish, found, second, step, undo
from tests.factories.events import make_event
from tests.factories.moments import make_moment
from tests.pledges.test_holding import people, send
from webapp.accounts.models import User
from webapp.corrections import carrying_out
from webapp.corrections.actions import DecidedAlreadyError, NothingFitsError, stop
from webapp.corrections.conditions import What
from webapp.corrections.models import DecisionKind, PledgeDecision
from webapp.events.models import Event
from webapp.pledges.sides import Signal

EXAMPLES = 60 if os.environ.get("SOAK") else 5
SOURCES = (b"aaaa", b"bbbb")
DEEDS = st.tuples(
    st.sampled_from(("release", "out", "out-held", "undo")),
    st.sampled_from(SOURCES),
    st.integers(0, 9),
    st.booleans(),
)


class Staff:
    """Two of staff, and what they have decided so far."""

    def __init__(self, engine: Engine, event: Event, sam: int, alex: int) -> None:
        self.engine, self.event, self.sam, self.alex = engine, event, sam, alex
        self.decided: list[int] = []

    def act(self, deed: str, source: bytes, which: int, *, stops: bool) -> None:
        """Decide something, or undo something; perhaps stop it after its first batch."""
        try:
            number = self._ask(deed, source, which)
        except (NothingFitsError, DecidedAlreadyError):
            return
        if number is None:
            return
        if found(self.engine, number).state == "waiting":
            second(self.engine, number, by=self.alex)
        if stops and step(self.engine, number) and step(self.engine, number):
            self._stop(number)
        finish(self.engine, number)

    def undo_everything(self) -> None:
        """Undo what is left of all decisions, the latest first, until nothing is left."""
        for _ in self.decided:
            for which in reversed(range(len(self.decided))):
                self.act("undo", b"", which, stops=False)

    def _ask(self, deed: str, source: bytes, which: int) -> int | None:
        if deed == "undo":
            if not self.decided:
                return None
            return undo(self.engine, self.decided[which % len(self.decided)], by=self.sam)
        kind = DecisionKind.RELEASE if deed == "release" else DecisionKind.INVALIDATE
        what = What.COUNTED if deed == "out" else What.HELD
        chosen = conditions(self.event, what, source=source.hex())
        self.decided.append(decide(self.engine, kind, chosen, by=self.sam))
        return self.decided[-1]

    def _stop(self, number: int) -> None:
        with Session(self.engine) as session, session.begin():
            decision = session.get_one(PledgeDecision, number)
            try:
                stop(session, decision, by=session.get_one(User, self.sam), now=NOW)
            except DecidedAlreadyError:
                return


@given(deeds=st.lists(DEEDS, min_size=2, max_size=7))
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_tallies_equal_the_ledger_and_undoing_all_leads_back(
    engine: Engine,
    event: Event,
    sam: int,
    alex: int,
    deeds: list[tuple[str, bytes, int, bool]],
) -> None:
    with pytest.MonkeyPatch.context() as patch, Session(engine) as session:
        patch.setattr(carrying_out, "BATCH", 2)
        moment = make_moment(session, slug=f"moment-{uuid4().hex}")
        own = make_event(session, moment=moment, group=session.get_one(Event, event.id).group)
        session.commit()
        _ = own.moments, own.id, moment.id
        session.expunge_all()
        for source in SOURCES:
            send(engine, own, 4, party=3, bucket=source, signals=Signal.TRAPPED)
            send(engine, own, 3, party=12, bucket=source)
        before = people(engine, moment.id)
        staff = Staff(engine, own, sam, alex)
        for deed, source, which, stops in deeds:
            staff.act(deed, source, which, stops=stops)
            # Which compares them, too.
            people(engine, moment.id)

        staff.undo_everything()

        assert people(engine, moment.id) == before
