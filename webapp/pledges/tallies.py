"""Reading how pledges stand, and writing what a fold has changed: in bulk, a statement a table."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from webapp.pledges.arrays import arrays, unnest
from webapp.pledges.folding import Entry, Figures, Folded, Slice, Standing

# The columns of each table and what the arrays are made of that rows are sent in.
_SLICE = {
    "nation": "text", "region_code": "text", "authority_code": "text",
    "hour": "timestamptz", "via": "text",
}  # fmt: skip
_STANDING_KEY = {"moment_id": "bigint", "pledge": "uuid"}
_STANDING = {
    "participant": "uuid", "first_entry": "bigint", "event_id": "bigint", **_SLICE,
    "party": "smallint", "held": "smallint", "people": "smallint",
}  # fmt: skip
_MOVEMENT = {
    "moment_id": "bigint", "slot": "timestamptz", "nation": "text", "kind": "text",
    "entries": "bigint", "heads": "bigint", "people": "bigint",
}  # fmt: skip
_FIGURES = dict.fromkeys(("pledges", "heads", "people", "held"), "bigint")

STANDINGS = text("""
    SELECT standing.moment_id, pledge, standing.participant, first_entry, event_id,
        nation, region_code, authority_code, hour, via, party, held, people
    FROM pledge_standing AS standing
    JOIN unnest(CAST(:moments AS bigint[]), CAST(:participants AS uuid[]))
        AS wanted (moment_id, participant)
        ON wanted.moment_id = standing.moment_id AND wanted.participant = standing.participant
""")


def standings_of(session: Session, entries: Iterable[Entry]) -> list[Standing]:
    """Return how every pledge stands of the participants that entries name."""
    people = sorted({(each.moment_id, each.participant) for each in entries})
    wanted = arrays({"moments": "bigint", "participants": "uuid"}, people)
    rows: Iterable[Sequence[Any]] = session.execute(STANDINGS, wanted)
    return [_standing(*row) for row in rows]


def _standing(*columns: Any) -> Standing:
    begin, where, end = columns[:5], columns[5:10], columns[10:]
    return Standing(*begin, Slice(*where), *end)  # type: ignore[call-arg]  # nine in all


def write(session: Session, folded: Folded) -> None:
    """Write what a fold has changed."""
    standings = [
        (each.moment_id, each.pledge, each.participant, each.first_entry, each.event_id,
         *each.slice, each.party, each.held, each.people)
        for each in folded.standings
    ]  # fmt: skip
    upsert(session, "pledge_standing", _STANDING_KEY, _STANDING, standings)
    moments = [((moment_id,), figures) for moment_id, figures in folded.moments.items()]
    slices = [((moment_id, *each), figures) for (moment_id, each), figures in folded.slices.items()]
    moment = {"moment_id": "bigint"}
    _add(session, "moment_tally", moment, moments)
    _add(session, "event_tally", {"event_id": "bigint", **moment}, folded.events.items())
    _add(session, "slice_tally", {**moment, **_SLICE}, slices)
    _add_movements(session, folded)


def _add_movements(session: Session, folded: Folded) -> None:
    rows = [
        (*movement, moved.entries, moved.heads, moved.people)
        for movement, moved in folded.movements.items()
    ]
    columns = ", ".join(_MOVEMENT)
    session.execute(
        text(f"""
            INSERT INTO movement AS known (checkpoint, {columns})
            SELECT rollup_state.open_checkpoint, added.* FROM rollup_state, {unnest(_MOVEMENT)} AS added
            ON CONFLICT (checkpoint, moment_id, slot, nation, kind) DO UPDATE
            SET entries = known.entries + excluded.entries, heads = known.heads + excluded.heads,
                people = known.people + excluded.people
        """),  # noqa: S608 -- of names that stand above
        arrays(_MOVEMENT, rows),
    )


def _add(
    session: Session,
    table: str,
    key: dict[str, str],
    totals: Iterable[tuple[tuple[Any, ...], Figures]],
) -> None:
    rows = [
        (*each, figures.pledges, figures.heads, figures.people, figures.held)
        for each, figures in totals
    ]
    # Two statements: PostgreSQL checks a row that is to be inserted before it finds that there is
    # one already, and what has to be added may be negative.
    upsert(session, table, key, {}, [row[: len(key)] for row in rows])
    columns = ", ".join(key | _FIGURES)
    session.execute(
        text(f"""
            UPDATE {table} AS tally
            SET {", ".join(f"{name} = tally.{name} + added.{name}" for name in _FIGURES)}
            FROM {unnest(key | _FIGURES)} AS added ({columns})
            WHERE {" AND ".join(f"tally.{name} = added.{name}" for name in key)}
        """),  # noqa: S608 -- of names that stand above
        arrays(key | _FIGURES, rows),
    )


def upsert(
    session: Session,
    table: str,
    key: dict[str, str],
    values: dict[str, str],
    rows: Sequence[tuple[Any, ...]],
) -> None:
    """Write whole rows: new ones, and over those that are there by their key."""
    columns = ", ".join(key | values)
    replaced = ", ".join(f"{name} = excluded.{name}" for name in values)
    then = f"UPDATE SET {replaced}" if values else "NOTHING"
    session.execute(
        text(f"""
            INSERT INTO {table} ({columns}) SELECT * FROM {unnest(key | values)}
            ON CONFLICT ({", ".join(key)}) DO {then}
        """),  # noqa: S608 -- of names that stand above
        arrays(key | values, rows),
    )
