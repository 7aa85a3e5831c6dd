"""Load the gazetteer: insert what is new, change what is different, keep the rest as it is.

Places that a later gazetteer no longer has are kept, because events may be there.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, literal_column, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from geo.points import Point
from geo.shapes import to_element
from webapp.places.gazetteer import GazetteerEntry
from webapp.places.models import Place, PlaceName

BATCH = 500
IMPORT_LOCK = 20200101  # any number that no other lock of ours has
LANDMARK_POPULATION = 50_000
COMPARED = ("name", "name_cy", "nation", "near", "population", "point")

Progress = Callable[[int], object]


@dataclass(frozen=True)
class PlacesReport:
    """What an import did, in numbers of places."""

    read: int
    inserted: int
    changed: int

    @property
    def unchanged(self) -> int:
        """How many were as they should be already."""
        return self.read - self.inserted - self.changed


def import_places(
    session: Session, entries: list[GazetteerEntry], progress: Progress = lambda _done: None
) -> PlacesReport:
    """Bring the gazetteer up to date; safe to repeat. `progress` hears of each batch’s size."""
    # Two imports at once take turns: the second then finds what the first has written.
    session.execute(select(func.pg_advisory_xact_lock(IMPORT_LOCK)))
    near = _nearest_landmarks(entries)
    inserted = changed = 0
    session.execute(delete(PlaceName))
    for start in range(0, len(entries), BATCH):
        batch = entries[start : start + BATCH]
        is_new = _upsert(session, [_row(entry, near.get(entry.geonames_id)) for entry in batch])
        inserted += sum(is_new)
        changed += len(is_new) - sum(is_new)
        _insert_names(session, batch)
        progress(len(batch))
    return PlacesReport(len(entries), inserted, changed)


def _upsert(session: Session, rows: list[dict[str, Any]]) -> list[bool]:
    """Write rows and return, for each that was written at all, whether it was new."""
    statement = insert(Place).values(rows)
    new = statement.excluded
    statement = statement.on_conflict_do_update(
        index_elements=["geonames_id"],
        set_={name: new[name] for name in COMPARED},
        where=or_(*(getattr(Place, name).is_distinct_from(new[name]) for name in COMPARED)),
    )
    # xmax is 0 in a row that this very statement inserted.
    return list(session.scalars(statement.returning(literal_column("place.xmax = 0"))))


def _insert_names(session: Session, entries: list[GazetteerEntry]) -> None:
    numbers = [entry.geonames_id for entry in entries]
    ids = dict(
        session.execute(
            select(Place.geonames_id, Place.id).where(Place.geonames_id.in_(numbers))
        ).all()
    )
    rows = [
        {"place_id": ids[entry.geonames_id], "folded": name, "is_own": is_own}
        for entry in entries
        for names, is_own in ((entry.own_names(), True), (entry.foreign_names(), False))
        for name in sorted(names)
    ]
    session.execute(insert(PlaceName), rows)


def _row(entry: GazetteerEntry, near: str | None) -> dict[str, Any]:
    return {
        "geonames_id": entry.geonames_id,
        "name": entry.name,
        "name_cy": entry.name_cy,
        "nation": entry.nation,
        "near": near,
        "population": entry.population,
        "point": to_element(entry.point),
    }


def _nearest_landmarks(entries: list[GazetteerEntry]) -> dict[int, str]:
    """Map each smaller place to the nearest large town of its nation."""
    landmarks: dict[str, list[tuple[float, float, str]]] = {}
    for entry in entries:
        if entry.population >= LANDMARK_POPULATION:
            landmarks.setdefault(entry.nation, []).append((*_flat(entry.point), entry.name))
    found = {}
    for entry in entries:
        towns = landmarks.get(entry.nation, [])
        if entry.population >= LANDMARK_POPULATION or not towns:
            continue
        here = _flat(entry.point)
        found[entry.geonames_id] = min(towns, key=lambda town: math.dist(here, town[:2]))[2]
    return found


def _flat(point: Point) -> tuple[float, float]:
    """Return a position on a plane, good enough to compare distances inside the country."""
    return point.longitude * math.cos(math.radians(54.5)), point.latitude
