"""Decisions about pledges, for tests."""

from typing import Any
from uuid import uuid4

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from tests.conftest import NOW
from tests.factories.pledges import make_pledge
from webapp.accounts.models import User
from webapp.corrections.conditions import Conditions, What
from webapp.corrections.models import Cause, DecisionKind, DecisionState, PledgeDecision
from webapp.events.models import Event
from webapp.moments.models import Moment
from webapp.pledges.models import (
    EntryKind,
    EventTally,
    LedgerEntry,
    MomentTally,
    PledgeStanding,
    SliceTally,
)
from webapp.pledges.sides import PledgeSide


def make_decision(
    session: Session, moment: Moment, *, by: User | None = None, **values: Any
) -> PledgeDecision:
    """Return a decision that waits for a second person."""
    conditions = Conditions(moment_id=moment.id, what=What.HELD, until=NOW, source="3f9a01c2")
    decision = PledgeDecision(
        moment_id=moment.id,
        asked_by_id=by.id if by else None,
        **{
            "kind": DecisionKind.RELEASE,
            "conditions": conditions.kept(),
            "cause": Cause.PEOPLE,
            "reason": "A school: its head teacher called.",
            "state": DecisionState.WAITING,
            "asked_at": NOW,
            "seen_pledges": 300,
            "seen_heads": 700,
            "seen_people": 650,
            "heads": 700,
            "limit_heads": 500,
            **values,
        },
    )
    session.add(decision)
    session.flush()
    return decision


def make_held(session: Session, event: Event, party: int = 2) -> None:
    """Add a pledge that is held, at an event of its own area, as the rollup would have it."""
    receipt = make_pledge(session, event, party)
    moment_id, about = receipt.moment_id, {"pledge": receipt.key, "moment_id": receipt.moment_id}
    held = LedgerEntry(
        **about, nonce=uuid4(), participant=receipt.key, event_id=event.id, kind=EntryKind.HELD,
        party_change=-party, reason="address",
    )  # fmt: skip
    area = {"nation": "england", "region_code": "", "authority_code": ""}
    slices = {**area, "hour": NOW, "via": uuid4().hex[:8]}
    figures = {"pledges": 0, "heads": 0, "people": 0, "held": party}
    standing = PledgeStanding(
        **about, **slices, participant=receipt.key, first_entry=1, event_id=event.id, party=0,
        held=party, people=0,
    )  # fmt: skip
    beside = PledgeSide(**about, bucket=uuid4().bytes, wide_bucket=uuid4().bytes, signals=0)
    session.add_all([held, standing, beside, SliceTally(moment_id=moment_id, **slices, **figures)])
    of_moment = {"moment_id": moment_id}
    for tally, key in ((MomentTally, of_moment), (EventTally, of_moment | {"event_id": event.id})):
        adding = insert(tally).values(**key, **figures)
        more = {"held": tally.held + party}
        session.execute(adding.on_conflict_do_update(index_elements=list(key), set_=more))
    session.flush()
