"""Whom somebody met: one question with one answer each, kept under a key that names nobody."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from webapp.accounts.addresses import keyed_hash
from webapp.events.models import Event
from webapp.headcounts.models import Encounter, Teller
from webapp.pledges.models import LedgerEntry

# Below so many answers a share could tell what one person said.
FEWEST_ANSWERS = 20


class Met(StrEnum):
    """Whom somebody met: one tap answers both, whether new and whether unusual."""

    UNUSUAL = "unusual"
    NEW = "new"
    NOBODY = "nobody"

    @classmethod
    def of(cls, encounter: Encounter) -> Self:
        """Return what was told."""
        if encounter.met_unusual:
            return cls("unusual")
        return cls("new" if encounter.met_new else "nobody")


@dataclass(frozen=True)
class Witness:
    """Somebody who may tell; `key` finds their answer again, and only whoever has the link has it."""

    teller: Teller
    key: bytes
    moment_id: int
    event_id: int | None

    @classmethod
    def host(cls, event: Event, secret_key: str) -> Self:
        """Return an event’s hosts, who tell together: what one of them says replaces it."""
        key = keyed_hash(secret_key, "encounter-host", str(event.id))
        return cls(Teller.HOST, key, event.moments[0].id, event.id)

    @classmethod
    def neighbour(cls, entry: LedgerEntry, secret_key: str) -> Self:
        """Return whoever has a pledge’s receipt."""
        key = keyed_hash(secret_key, "encounter-receipt", str(entry.moment_id), entry.nonce.hex)
        return cls(Teller.NEIGHBOUR, key, entry.moment_id, entry.event_id)


@dataclass(frozen=True)
class Shares:
    """How many of those who answered met somebody, in whole per cent."""

    answers: int
    met_new: int
    met_unusual: int


@dataclass(frozen=True)
class Asked:
    """The question as a page asks it: with what was answered before, if anything."""

    answer: Met | None
