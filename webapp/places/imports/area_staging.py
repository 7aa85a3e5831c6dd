"""The areas as they will be, in a table beside the old one until all is well.

Each method is one short transaction, so that nothing waits for a long import; only `swap` touches
what the site reads, and readers see the old rows until it has ended.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeAlias

from sqlalchemy import Connection, text

from webapp.places.imports.area_features import AreaFeature

# An area without its shape, by the names of its columns.
AreaRow: TypeAlias = Mapping[str, Any]

# The table is called as `schema.IMPORTED` says.
ENGLAND = "E92000001"

CREATE = """
    CREATE UNLOGGED TABLE area_imported (
        LIKE area, original_code text NOT NULL, is_same boolean NOT NULL DEFAULT false
    )
"""
DROP = "DROP TABLE IF EXISTS area_imported"
ADD = """
    INSERT INTO area_imported (code, original_code, kind, name, nation, shape)
    VALUES (:code, :original_code, :kind, :name, :nation, ST_GeomFromWKB(:shape, 4326))
"""
REMOVE = "DELETE FROM area_imported WHERE code = :code AND original_code <> :kept"
# Several old codes of one new one: their shapes together are the new one’s.
JOIN_PARTS = """
    WITH parts AS (DELETE FROM area_imported WHERE code = :code RETURNING *)
    INSERT INTO area_imported (code, original_code, kind, name, nation, shape)
    SELECT code, code, min(kind), :name, min(nation),
        ST_ForcePolygonCCW(ST_Multi(ST_CollectionExtract(ST_Union(shape), 3)))
    FROM parts GROUP BY code
"""
# What the files say nothing about stays: a file of England’s authorities leaves Scotland’s alone.
KEEP_OTHERS = """
    INSERT INTO area_imported (
        code, original_code, kind, name, nation, region_code, population, deprivation_score,
        deprivation_decile, shape
    )
    SELECT code, code, kind, name, nation, region_code, population, deprivation_score,
        deprivation_decile, shape
    FROM area
    WHERE NOT EXISTS (
        SELECT FROM area_imported given
        WHERE given.kind = area.kind AND given.nation = area.nation
    )
"""
# Within half a degree, because islands may be missing from a simplified region.
REGION_BY_SHAPE = """
    UPDATE area_imported authority SET region_code = coalesce(
        (
            SELECT region.code FROM area_imported region
            WHERE region.kind = 'region'
                AND ST_Covers(region.shape, ST_PointOnSurface(authority.shape))
            ORDER BY region.code LIMIT 1
        ),
        (
            SELECT region.code FROM area_imported region
            WHERE region.kind = 'region' AND ST_DWithin(region.shape, authority.shape, 0.5)
            ORDER BY ST_Area(ST_Intersection(region.shape, authority.shape)) DESC,
                ST_Distance(region.shape, authority.shape), region.code
            LIMIT 1
        ),
        region_code
    )
    WHERE kind = 'authority' AND nation = 'england'
"""
REGION_BY_NAME = """
    UPDATE area_imported SET region_code = :region_code
    WHERE code = :code AND kind = 'authority' AND nation = 'england' AND region_code IS NULL
"""
ENGLAND_FROM_REGIONS = """
    INSERT INTO area_imported (code, original_code, kind, name, nation, shape)
    SELECT 'E92000001', 'E92000001', 'nation', 'England', 'england',
        ST_ForcePolygonCCW(ST_Multi(ST_CollectionExtract(ST_Union(shape), 3)))
    FROM area_imported WHERE kind = 'region' HAVING count(shape) = 9
"""
SET_FIGURES = """
    UPDATE area_imported SET population = :population, deprivation_score = :deprivation_score,
        deprivation_decile = :deprivation_decile
    WHERE code = :code
"""
# A sum without one of its authorities would be a wrong number; none is better.
SUM_POPULATIONS = """
    UPDATE area_imported larger SET population = (
        SELECT CASE WHEN count(*) = count(population) THEN sum(population) END
        FROM area_imported authority
        WHERE authority.kind = 'authority' AND CASE larger.kind
            WHEN 'region' THEN authority.region_code = larger.code
            ELSE authority.nation = larger.nation
        END
    )
    WHERE kind <> 'authority'
"""
MARK_SAME = """
    UPDATE area_imported staged SET is_same = true
    FROM area
    WHERE area.code = staged.code AND (
        area.kind, area.name, area.nation, area.region_code, area.population,
        area.deprivation_score, area.deprivation_decile, ST_AsEWKB(area.shape)
    ) IS NOT DISTINCT FROM (
        staged.kind, staged.name, staged.nation, staged.region_code, staged.population,
        staged.deprivation_score, staged.deprivation_decile, ST_AsEWKB(staged.shape)
    )
"""
COMPARE = """
    SELECT count(*) FILTER (WHERE area.code IS NULL) AS new,
        count(*) FILTER (WHERE area.code = staged.code AND NOT is_same) AS changed,
        count(*) FILTER (WHERE is_same) AS unchanged,
        count(*) FILTER (WHERE staged.code IS NULL) AS removed
    FROM area_imported staged FULL JOIN area ON area.code = staged.code
"""
REMOVE_OLD = """
    DELETE FROM area
    WHERE NOT EXISTS (
        SELECT FROM area_imported staged WHERE staged.code = area.code AND is_same
    )
"""
INSERT_NEW = """
    INSERT INTO area (
        code, kind, name, nation, region_code, population, deprivation_score,
        deprivation_decile, shape
    )
    SELECT code, kind, name, nation, region_code, population, deprivation_score,
        deprivation_decile, shape
    FROM area_imported WHERE NOT is_same
"""
LIST = """
    SELECT code, kind, name, nation, region_code, population, deprivation_score,
        deprivation_decile
    FROM area_imported ORDER BY code
"""
LIST_OLD = LIST.replace("area_imported", "area")


@dataclass(frozen=True)
class Swapped:
    """How the areas differ from what they were, in numbers of areas."""

    new: int
    changed: int
    unchanged: int
    removed: int


class AreaStaging:
    """The table of areas to come; made by `staged`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def _run(self, statement: str, rows: Iterable[Mapping[str, object]] | None = None) -> None:
        with self._connection.begin():
            if rows is None:
                self._connection.execute(text(statement))
            elif listed := list(rows):
                self._connection.execute(text(statement), listed)

    def create(self) -> None:
        """Make the table, without what an import that was killed has left in it."""
        self.drop()
        self._run(CREATE)

    def drop(self) -> None:
        """Remove the table."""
        self._run(DROP)

    def add(self, area: AreaFeature) -> None:
        """Take in one area of a file."""
        row = {
            "code": area.code,
            "original_code": area.original_code,
            "kind": area.kind.value,
            "name": area.name,
            "nation": area.nation.value,
            "shape": area.shape.polygons.wkb,
        }
        self._run(ADD, [row])

    def remove(self, code: str, *, except_original: str = "") -> None:
        """Leave an area out after all, but for the shape that had a certain code in its file."""
        self._run(REMOVE, [{"code": code, "kept": except_original}])

    def join_parts(self, code: str, name: str) -> None:
        """Make one area of all shapes of a code."""
        self._run(JOIN_PARTS, [{"code": code, "name": name}])

    def keep_others(self) -> None:
        """Take over the old areas of every kind and nation that the files say nothing about."""
        self._run(KEEP_OTHERS)

    def find_regions(self, by_name: Mapping[str, str]) -> None:
        """Give authorities their regions: by their shapes, else as `by_name` has them by code."""
        self._run(REGION_BY_SHAPE)
        rows = [{"code": code, "region_code": region} for code, region in by_name.items()]
        self._run(REGION_BY_NAME, rows)

    def make_england(self) -> bool:
        """Make England of its nine regions; tell whether all of them are there."""
        with self._connection.begin():
            self._connection.execute(text(REMOVE), {"code": ENGLAND, "kept": ""})
            return bool(self._connection.execute(text(ENGLAND_FROM_REGIONS)).rowcount)

    def rows(self) -> list[AreaRow]:
        """Return the areas to come, without their shapes."""
        return self._read(LIST)

    def old_rows(self) -> list[AreaRow]:
        """Return the areas of now, without their shapes."""
        return self._read(LIST_OLD)

    def set_figures(self, rows: Iterable[Mapping[str, object]]) -> None:
        """Write population and deprivation of authorities, and the sums of larger areas."""
        self._run(SET_FIGURES, rows)
        self._run(SUM_POPULATIONS)

    def swap(self) -> Swapped:
        """Let the new areas take the place of the old, and tell what is different."""
        self._run(MARK_SAME)
        with self._connection.begin():
            compared = self._connection.execute(text(COMPARE)).mappings().one()
            self._connection.execute(text(REMOVE_OLD))
            self._connection.execute(text(INSERT_NEW))
        return Swapped(**compared)

    def _read(self, statement: str) -> list[AreaRow]:
        with self._connection.begin():
            return [dict(row) for row in self._connection.execute(text(statement)).mappings()]


@contextmanager
def staged(connection: Connection) -> Iterator[AreaStaging]:
    """Make the table, and remove it again however it ends."""
    staging = AreaStaging(connection)
    staging.create()
    try:
        yield staging
    finally:
        staging.drop()
