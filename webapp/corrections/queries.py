"""What is held, by source, event and area; and what staff have decided about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select, text
from sqlalchemy.orm import Session, joinedload

from webapp.corrections.conditions import HELD_BECAUSE, name_of_source
from webapp.corrections.models import Cause, DecisionState, PledgeDecision
from webapp.language import Language
from webapp.moments.models import Moment
from webapp.places.models import Area, AreaKind
from webapp.pledges.models import MomentTally, SliceTally

MOST_ROWS = 50
# So many of what is held last are looked at one by one, so that the page comes even during an attack.
MOST_LOOKED_AT = 50_000

_NETWORKS_OWN = "CASE held.because WHEN 'network' THEN side.wide_bucket ELSE side.bucket END"
SOURCES = text(f"""
    WITH held AS (
        SELECT made.moment_id, standing.pledge, standing.held, standing.event_id,
            standing.authority_code, made.recorded_at, {HELD_BECAUSE} AS because
        FROM (
            SELECT * FROM pledge_standing WHERE moment_id = :moment_id AND held > 0
            ORDER BY first_entry DESC LIMIT :most_looked_at
        ) AS standing
        JOIN ledger_entry AS made ON made.moment_id = standing.moment_id
            AND made.nonce = standing.pledge AND made.kind = 'pledged'
    )
    SELECT {_NETWORKS_OWN}, held.because, count(*), sum(held.held), min(held.recorded_at),
        max(held.recorded_at), count(DISTINCT coalesce(held.event_id, 0)),
        count(DISTINCT held.authority_code) FILTER (WHERE held.authority_code <> ''),
        count(*) FILTER (WHERE side.signals > 0)
    FROM held LEFT JOIN pledge_side AS side
        ON side.moment_id = held.moment_id AND side.pledge = held.pledge
    GROUP BY 1, 2 ORDER BY 4 DESC, 1, 2 LIMIT :most
""")  # noqa: S608 -- of texts that stand above and in `conditions`
EVENTS = text("""
    SELECT event.public_id, event.title, sum(tally.held), sum(tally.people)
    FROM event_tally AS tally JOIN event ON event.id = tally.event_id
    WHERE tally.moment_id = :moment_id AND tally.held > 0
    GROUP BY event.public_id, event.title ORDER BY 3 DESC, 1 LIMIT :most
""")
AREAS = text("""
    SELECT coalesce(nullif(tally.authority_code, ''), nullif(tally.region_code, ''), tally.nation),
        area.name, sum(tally.held), sum(tally.people), min(tally.hour) FILTER (WHERE tally.held > 0),
        max(tally.hour) FILTER (WHERE tally.held > 0)
    FROM slice_tally AS tally
    LEFT JOIN area ON area.code = coalesce(nullif(tally.authority_code, ''), tally.region_code)
    WHERE tally.moment_id = :moment_id
    GROUP BY 1, 2 HAVING sum(tally.held) > 0 ORDER BY 3 DESC, 1 LIMIT :most
""")


@dataclass(frozen=True)
class HeldSource:
    """What is held of one source, and why; no name where its bucket is not known any more."""

    name: str | None
    because: str | None
    pledges: int
    people: int
    first: datetime
    last: datetime
    events: int
    areas: int
    odd: int


@dataclass(frozen=True)
class HeldEvent:
    """How many people are held of an event, and how many count."""

    public_id: str
    title: str
    people: int
    counted: int


@dataclass(frozen=True)
class HeldArea:
    """How many people are held in an area, and how many count; when the first and the last hour was."""

    code: str
    name: str | None
    people: int
    counted: int
    first: datetime
    last: datetime


@dataclass(frozen=True)
class MomentWithHeld:
    """A moment, how many of its people are held, and how many count."""

    moment: Moment
    people: int
    counted: int


@dataclass(frozen=True)
class ToldDecision:
    """A decision as the public may know it: `change` is by how many people its pledges changed the number."""

    at: datetime
    moment_name: str
    change: int
    cause: Cause


def moments_with_held(session: Session) -> list[MomentWithHeld]:
    """Return all moments, those of which the most is held first."""
    held = func.coalesce(MomentTally.held, 0)
    rows = session.execute(
        select(Moment, held, func.coalesce(MomentTally.people, 0))
        .outerjoin(MomentTally, MomentTally.moment_id == Moment.id)
        .order_by(held.desc(), Moment.starts_on, Moment.id)
    )
    return [MomentWithHeld(*row) for row in rows]


def held_by_source(session: Session, moment_id: int) -> list[HeldSource]:
    """Return what is held by where it came from and why, the most people first."""
    given = {"moment_id": moment_id, "most": MOST_ROWS, "most_looked_at": MOST_LOOKED_AT}
    return [
        HeldSource(row[0] and name_of_source(row[0]), row[1], row[2], int(row[3]), *row[4:])
        for row in session.execute(SOURCES, given)
    ]


def held_by_event(session: Session, moment_id: int) -> list[HeldEvent]:
    """Return the events of which something is held, the most people first."""
    rows = session.execute(EVENTS, {"moment_id": moment_id, "most": MOST_ROWS})
    return [HeldEvent(row[0], row[1], int(row[2]), int(row[3])) for row in rows]


def held_by_area(session: Session, moment_id: int) -> list[HeldArea]:
    """Return the areas in which something is held, at events or at home, the most people first."""
    rows = session.execute(AREAS, {"moment_id": moment_id, "most": MOST_ROWS})
    return [HeldArea(row[0], row[1], int(row[2]), int(row[3]), row[4], row[5]) for row in rows]


def areas_of_pledges(session: Session) -> list[tuple[str, str]]:
    """Return the codes and names of the authorities and regions that pledges are from, by name."""
    codes = select(SliceTally.authority_code).union(select(SliceTally.region_code))
    rows = session.execute(
        select(Area.code, Area.name)
        .where(Area.code.in_(codes), Area.kind != AreaKind.NATION)
        .order_by(Area.name, Area.code)
    )
    return [(row.code, row.name) for row in rows]


def decision_of_number(session: Session, number: int) -> PledgeDecision | None:
    """Return a decision with its people."""
    found = session.scalars(_whole().where(PledgeDecision.id == number))
    return found.unique().one_or_none()


def decisions(
    session: Session, *, limit: int, offset: int = 0
) -> tuple[Sequence[PledgeDecision], int]:
    """Return what was decided, what is open first, then the latest; and how many there are."""
    is_open = PledgeDecision.state.in_((DecisionState.WAITING, DecisionState.RUNNING))
    statement = _whole().order_by(is_open.desc(), PledgeDecision.id.desc())
    rows = session.scalars(statement.limit(limit).offset(offset)).unique().all()
    return rows, session.scalar(select(func.count()).select_from(PledgeDecision)) or 0


def undoings_of(session: Session, decision: PledgeDecision) -> Sequence[PledgeDecision]:
    """Return what undid a decision, or is to."""
    undoing = PledgeDecision.undoes_id == decision.id
    return session.scalars(select(PledgeDecision).where(undoing).order_by(PledgeDecision.id)).all()


def decisions_waiting(session: Session) -> int:
    """Return how many decisions wait for a second person."""
    waits = PledgeDecision.state == DecisionState.WAITING
    return session.scalar(select(func.count()).select_from(PledgeDecision).where(waits)) or 0


def held_in_all(session: Session) -> int:
    """Return how many people are held, in all moments."""
    return int(session.scalar(select(func.coalesce(func.sum(MomentTally.held), 0))) or 0)


def told_decisions(session: Session, language: Language, limit: int) -> list[ToldDecision]:
    """Return the decisions that changed the public number, the latest first."""
    rows = session.scalars(
        select(PledgeDecision)
        .where(PledgeDecision.done_change != 0)
        .options(joinedload(PledgeDecision.moment))
        .order_by(PledgeDecision.id.desc())
        .limit(limit)
    )
    return [
        ToldDecision(
            each.ended_at or each.chosen_at or each.asked_at,
            each.moment.name(language), each.done_change, each.cause,
        )
        for each in rows
    ]  # fmt: skip


def _whole() -> Select[PledgeDecision]:
    people = (PledgeDecision.asked_by, PledgeDecision.confirmed_by, PledgeDecision.ended_by)
    return select(PledgeDecision).options(
        joinedload(PledgeDecision.moment),
        joinedload(PledgeDecision.undoes),
        *map(joinedload, people),
    )
