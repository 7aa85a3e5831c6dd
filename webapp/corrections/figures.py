"""The dry run: what a decision would touch, counted and shown without anything about anybody."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from webapp.corrections.conditions import Conditions, name_of_source
from webapp.corrections.models import DecisionKind
from webapp.events.life import LIVE

LARGEST_ALONE = 500
# More than one in so many of a moment’s people need a second person too.
PART_OF_MOMENT = 100
MOST_PLACES, SAMPLE = 20, 10

# A person counts with their largest party. What is decided changes some of their parties; others stay, and
# so does who is held at an event that is off. One that was merged into another is on where that one is.
_FIGURES = """
    WITH chosen AS MATERIALIZED ({chosen}), person AS (
        SELECT max(standing.party) AS now,
            max(standing.party + CASE WHEN chosen.pledge IS NOT NULL AND (
                    standing.event_id IS NULL OR event.status = ANY(CAST(:live AS text[]))
                ) THEN standing.held ELSE 0 END) AS released,
            max(CASE WHEN chosen.pledge IS NULL THEN standing.party ELSE 0 END) AS left_over
        FROM pledge_standing AS standing
        LEFT JOIN chosen ON chosen.pledge = standing.pledge
        LEFT JOIN event AS listed ON listed.id = standing.event_id
        LEFT JOIN event ON event.id = coalesce(listed.merged_into_id, listed.id)
        WHERE standing.moment_id = :moment_id
            AND standing.participant IN (SELECT participant FROM chosen)
        GROUP BY standing.participant
    )
    SELECT count(*), coalesce(sum(party), 0), coalesce(sum(held), 0),
        (SELECT coalesce(sum(released - now), 0) FROM person),
        (SELECT coalesce(sum(now - left_over), 0) FROM person)
    FROM chosen
"""
# Of all moments that the events of these pledges count towards, the one with the fewest people.
_SMALLEST = """
    WITH chosen AS MATERIALIZED ({chosen})
    SELECT coalesce(min(coalesce(tally.people, 0)), 0)
    FROM (
        SELECT moment_id FROM chosen
        UNION SELECT moment_id FROM event_moment
        WHERE event_id IN (SELECT event_id FROM chosen)
    ) AS touched LEFT JOIN moment_tally AS tally USING (moment_id)
"""
_DECIDED = """
    SELECT standing.moment_id, standing.event_id
    FROM decided_pledge AS decided JOIN pledge_standing AS standing USING (moment_id, pledge)
    WHERE decided.decision_id = :decision_id AND decided.heads > 0 AND NOT decided.is_undone
"""
_PLACES = """
    WITH chosen AS MATERIALIZED ({chosen})
    SELECT event.public_id, event.title, event.status, area.name, count(*),
        CAST(sum(chosen.party + chosen.held) AS bigint)
    FROM chosen LEFT JOIN event AS listed ON listed.id = chosen.event_id
    LEFT JOIN event ON event.id = coalesce(listed.merged_into_id, listed.id)
    LEFT JOIN area ON area.code = coalesce(nullif(chosen.authority_code, ''), chosen.region_code)
    GROUP BY event.public_id, event.title, event.status, area.name
    ORDER BY 6 DESC, event.public_id, area.name LIMIT :most
"""
# Keys have the time in them, so that the first by key would be the oldest; a hash of them tells nothing.
_SAMPLE = """
    SELECT chosen.recorded_at, event.title, area.name, chosen.party, chosen.held, chosen.because,
        chosen.bucket, chosen.via
    FROM ({chosen} ORDER BY uuid_hash(standing.pledge) LIMIT :most) AS chosen
    LEFT JOIN event ON event.id = chosen.event_id
    LEFT JOIN area ON area.code = coalesce(nullif(chosen.authority_code, ''), chosen.region_code)
    ORDER BY chosen.recorded_at
"""


@dataclass(frozen=True)
class Figures:
    """How many pledges fit, how many of their people are in force and held, and what would change."""

    pledges: int
    in_force: int
    held: int
    people_let_in: int
    people_taken_out: int

    def heads(self, kind: DecisionKind) -> int:
        """How many people would be touched."""
        return self.held if kind is DecisionKind.RELEASE else self.in_force + self.held

    def people(self, kind: DecisionKind) -> int:
        """By how many people the moment’s number would change."""
        return self.people_let_in if kind is DecisionKind.RELEASE else -self.people_taken_out


@dataclass(frozen=True)
class Place:
    """How many pledges there are for an event, or at home in an area; None where that is not known."""

    public_id: str | None
    title: str | None
    status: str | None
    area: str | None
    pledges: int
    heads: int


@dataclass(frozen=True)
class Sampled:
    """One pledge as staff may see it."""

    recorded_at: datetime
    title: str | None
    area: str | None
    in_force: int
    held: int
    because: str | None
    bucket: bytes | None
    via: str

    @property
    def source(self) -> str | None:
        """The short name of where it came from."""
        return name_of_source(self.bucket) if self.bucket else None


def figures(session: Session, conditions: Conditions) -> Figures:
    """Count what fits."""
    question = text(_FIGURES.format(chosen=conditions.chosen))
    given = {**conditions.values, "live": sorted(LIVE)}
    return Figures(*map(int, session.execute(question, given).one()))


def limit_of(session: Session, conditions: Conditions) -> int:
    """Return how many people somebody may decide about alone: 500, or 1 % of the smallest moment."""
    question = text(_SMALLEST.format(chosen=conditions.chosen))
    return _limit(session.execute(question, conditions.values).scalar_one())


def limit_of_decided(session: Session, decision_id: int) -> int:
    """Return the same for undoing what a decision has done."""
    question = text(_SMALLEST.format(chosen=_DECIDED))
    return _limit(session.execute(question, {"decision_id": decision_id}).scalar_one())


def places(session: Session, conditions: Conditions) -> list[Place]:
    """Return where what fits is, the most people first."""
    question = text(_PLACES.format(chosen=conditions.chosen))
    found = session.execute(question, {**conditions.values, "most": MOST_PLACES})
    return [Place(*row) for row in found]


def sample(session: Session, conditions: Conditions) -> list[Sampled]:
    """Return a few of what fits."""
    question = text(_SAMPLE.format(chosen=conditions.chosen_and_why))
    found = session.execute(question, {**conditions.values, "most": SAMPLE})
    return [Sampled(*row) for row in found]


def _limit(people: int) -> int:
    return min(LARGEST_ALONE, people // PART_OF_MOMENT)
