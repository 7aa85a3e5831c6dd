"""Adding groups to a network: one, or a pasted list with what is wrong with each line.

A line is a name; after semicolons or tabs, as spreadsheets copy them, may follow a town and an
e-mail address.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from geo.names import folded
from webapp.accounts.addresses import normalise_email
from webapp.forms import has_visible_text, tidy_line, without_invisible
from webapp.groups.actions import create_group
from webapp.groups.models import LONGEST_NAME, Group, Sector
from webapp.groups.networks import Network, network_group
from webapp.networks.actions import put_group_in
from webapp.networks.claims import Issue, make_claim_link
from webapp.networks.towns import NoTown, town_of
from webapp.places.models import Place

MOST_LINES = 200
SHORTEST_NAME = 2
PARTS = re.compile(r"[\t;]")
# Where is this? The one place of a name, or why there is none.
Lookup = Callable[[str], Place | NoTown]


class LineFault(StrEnum):
    """Why a line does not make a group."""

    NO_NAME = "no-name"
    TOO_LONG = "too-long"
    TOO_MANY_PARTS = "too-many-parts"
    UNKNOWN_PLACE = "unknown-place"
    SEVERAL_PLACES = "several-places"
    BAD_EMAIL = "bad-email"
    TWICE = "twice"
    IN_NETWORK = "in-network"


@dataclass(frozen=True)
class Line:
    """One pasted line, read; `like` is a group elsewhere on the site that has its name."""

    number: int
    name: str
    place: Place | None = None
    email: str | None = None
    fault: LineFault | None = None
    examples: tuple[str, ...] = ()
    like: Group | None = None

    @property
    def key(self) -> tuple[str, int | None]:
        """What must not come twice: a name in a place."""
        return folded(self.name), self.place.id if self.place else None


def read_lines(session: Session, network: Network, text: str, place: Place | None) -> list[Line]:
    """Read a pasted list; lines without a town of their own are in `place`. Empty lines are left out."""
    lookup = _looking_up(session)
    written = [line for line in text.splitlines() if line.strip()]
    lines = [_read(n, line, place, lookup) for n, line in enumerate(written, 1)]
    return _compared(session, network, lines)


def add_groups(
    session: Session, network: Network, lines: Sequence[Line], sector: Sector, issue: Issue
) -> list[Group]:
    """Make the groups, each with its claim link; mail it where a line has an address."""
    groups = []
    for line in lines:
        group = create_group(session, by=None, name=line.name, sector=sector, place=line.place)
        put_group_in(session, network, group)
        make_claim_link(session, group, issue, line.email)
        groups.append(group)
    session.flush()
    return groups


def lock(session: Session, network: Network) -> None:
    """Let those who add groups to one network at the same time wait for each other."""
    session.execute(select(Network.id).where(Network.id == network.id).with_for_update())


def _read(number: int, text: str, place: Place | None, lookup: Lookup) -> Line:
    parts = [tidy_line(without_invisible(part)) or "" for part in PARTS.split(text)]
    line = Line(number, parts[0], place)
    if not has_visible_text(line.name) or len(line.name) < SHORTEST_NAME:
        return replace(line, fault=LineFault.NO_NAME)
    if len(line.name) > LONGEST_NAME:
        return replace(line, fault=LineFault.TOO_LONG)
    email = next((part for part in parts[1:] if "@" in part), "")
    towns = [part for part in parts[1:] if part and part != email]
    if len(towns) > 1:
        return replace(line, fault=LineFault.TOO_MANY_PARTS)
    return _with_email(_with_place(line, towns, lookup), email)


def _with_place(line: Line, towns: Sequence[str], lookup: Lookup) -> Line:
    if not towns:
        return line
    found = lookup(towns[0])
    if isinstance(found, NoTown):
        fault = LineFault.SEVERAL_PLACES if found.examples else LineFault.UNKNOWN_PLACE
        return replace(line, fault=fault, examples=found.examples)
    return replace(line, place=found)


def _with_email(line: Line, email: str) -> Line:
    if not email or line.fault:
        return line
    try:
        return replace(line, email=normalise_email(email))
    except ValueError:
        return replace(line, fault=LineFault.BAD_EMAIL)


def _looking_up(session: Session) -> Lookup:
    """Return a look-up that asks the gazetteer once for each name, however often a list has it."""
    known: dict[str, Place | NoTown] = {}

    def look_up(text: str) -> Place | NoTown:
        if text not in known:
            known[text] = town_of(session, text)
        return known[text]

    return look_up


def _compared(session: Session, network: Network, lines: Sequence[Line]) -> list[Line]:
    """Mark what comes twice, is in the network already, or has the name of a group elsewhere."""
    alike = _groups_called(session, {line.key[0] for line in lines if not line.fault})
    held = set(
        session.scalars(
            select(network_group.c.group_id).where(network_group.c.network_id == network.id)
        )
    )
    mine = {(folded(group.name), group.place_id) for group in alike if group.id in held}
    others = {folded(group.name): group for group in alike if group.id not in held}
    seen: set[tuple[str, int | None]] = set()
    marked = []
    for line in lines:
        fault = line.fault
        if fault is None and line.key in mine:
            fault = LineFault.IN_NETWORK
        elif fault is None and line.key in seen:
            fault = LineFault.TWICE
        seen.add(line.key)
        marked.append(replace(line, fault=fault, like=others.get(line.key[0])))
    return marked


def _groups_called(session: Session, names: set[str]) -> Sequence[Group]:
    statement = select(Group).where(Group.folded_name.in_(names)).options(joinedload(Group.place))
    return session.scalars(statement.order_by(Group.id)).all()
