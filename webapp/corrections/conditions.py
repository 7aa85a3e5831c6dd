"""Which pledges a decision is about: conditions that staff give, and the question that they make."""

from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from webapp.pledges.judging import ADDRESS, DEVICE, NETWORK, ORIGIN, TRAP

AT_HOME = 0


class What(StrEnum):
    """Whether it is about pledges that are held or about those that count now."""

    HELD = "held"
    COUNTED = "counted"


class Why(StrEnum):
    """Why a pledge is held: what the rollup says, or staff who undid a release."""

    TRAP = TRAP
    ADDRESS = ADDRESS
    NETWORK = NETWORK
    ORIGIN = ORIGIN
    DEVICE = DEVICE
    STAFF = "staff"


_JUDGED = f"('{TRAP}', '{ORIGIN}', '{DEVICE}', '{ADDRESS}', '{NETWORK}')"
# Why a pledge was held, and is perhaps still: what a change of it or staff said later matters less.
HELD_BECAUSE = f"""(
    SELECT CASE WHEN held.reason IN {_JUDGED} THEN held.reason
        ELSE 'staff' END
    FROM ledger_entry AS held
    WHERE held.moment_id = made.moment_id AND held.pledge = made.pledge AND held.kind = 'held'
    ORDER BY held.reason IN {_JUDGED} DESC, held.id DESC LIMIT 1
)"""  # noqa: S608 -- of names that stand in `judging`

# A pledge may count in other moments than that in which it was made, where its entries about itself are.
_CHOSEN = """
    SELECT made.moment_id AS home_id, standing.moment_id, standing.pledge, standing.participant,
        standing.event_id, standing.nation, standing.region_code, standing.authority_code,
        standing.via, standing.party, standing.held, made.recorded_at, side.bucket,
        side.wide_bucket{more}
    FROM pledge_standing AS standing
    JOIN ledger_entry AS made ON made.moment_id = ANY(ARRAY(SELECT id FROM moment))
        AND made.nonce = standing.pledge AND made.kind = 'pledged'
    LEFT JOIN pledge_side AS side
        ON side.moment_id = made.moment_id AND side.pledge = made.pledge
    WHERE {conditions}
"""
_OF_WHAT = {What.HELD: "standing.held > 0", What.COUNTED: "standing.party > 0"}
_CLAUSES = {
    "since": "made.recorded_at >= :since",
    "event_id": "coalesce(standing.event_id, 0) = :event_id",
    "area": ":area IN (standing.nation, standing.region_code, standing.authority_code)",
    "source": """:source IN (left(encode(side.bucket, 'hex'), length(:source)),
        left(encode(side.wide_bucket, 'hex'), length(:source)))""",
    "why": f"{HELD_BECAUSE} = :why",
    "via": "standing.via = :via",
}


@dataclass(frozen=True, kw_only=True)
class Conditions:
    """What pledges must be like, all of it at once; None where it does not matter.

    They have to be of before `until`, so that nobody decides about what came after they looked.
    `event_id` is 0 for those at home, `source` the beginning of a bucket’s hash.
    """

    moment_id: int
    what: What
    until: datetime
    since: datetime | None = None
    event_id: int | None = None
    area: str | None = None
    source: str | None = None
    why: Why | None = None
    via: str | None = None

    @property
    def narrowing(self) -> dict[str, Any]:
        """The conditions that make it less than the whole moment, besides the end of the time."""
        found = {name: getattr(self, name) for name in _CLAUSES}
        return {name: value for name, value in found.items() if value is not None}

    @property
    def values(self) -> dict[str, Any]:
        """What the question is asked with."""
        return {"moment_id": self.moment_id, "until": self.until, **self.narrowing}

    @property
    def chosen(self) -> str:
        """The question for the pledges that fit, in SQL."""
        return self._chosen("")

    @property
    def chosen_and_why(self) -> str:
        """The same, with why each was held: that is another look at the ledger for each."""
        return self._chosen(f", {HELD_BECAUSE} AS because")

    def _chosen(self, more: str) -> str:
        clauses = [
            "standing.moment_id = :moment_id",
            "made.recorded_at < :until",
            _OF_WHAT[self.what],
            *(_CLAUSES[name] for name in self.narrowing),
        ]
        return _CHOSEN.format(more=more, conditions=" AND ".join(clauses))

    def kept(self) -> dict[str, Any]:
        """Return them as they are kept with a decision."""
        known = {name: value for name, value in asdict(self).items() if value is not None}
        times = {name: known[name].isoformat() for name in ("since", "until") if name in known}
        return known | times

    @classmethod
    def of(cls, kept: dict[str, Any]) -> Self:
        """Return what was kept."""
        read: dict[str, Any] = dict(kept)
        for name in ("since", "until"):
            if name in read:
                read[name] = datetime.fromisoformat(read[name])
        read["what"] = What(read["what"])
        read["why"] = Why(read["why"]) if "why" in read else None
        return cls(**read)


def name_of_source(bucket: bytes) -> str:
    """Return a short name of a bucket: the beginning of a hash, of which nobody finds an address."""
    return bytes(bucket).hex()[:8]
