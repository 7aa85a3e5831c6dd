"""What the site knows about where things are: places with all their names, postcodes, areas.

Area codes stand in other tables without a foreign key: areas and postcodes are replaced whole, and
a code may be known before the area that it is of.
"""

from enum import StrEnum

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.types import Text

from geo.points import Point
from geo.shapes import from_element
from webapp.database import Base, PointColumn, PrimaryKey, closed_set, inside_uk
from webapp.language import Language


class Nation(StrEnum):
    """One of the four nations."""

    ENGLAND = "england"
    NORTHERN_IRELAND = "northern-ireland"
    SCOTLAND = "scotland"
    WALES = "wales"


class Place(Base):
    """A town or village; `population` is 0 where the gazetteer does not know it."""

    __tablename__ = "place"
    __table_args__ = (
        inside_uk("point"),
        CheckConstraint("population >= 0", name="population_not_negative"),
        Index("ix_place_point", "point", postgresql_using="gist"),
        Index("ix_place_geography", text("(point::geography)"), postgresql_using="gist"),
        Index("ix_place_population", text("population DESC"), "id"),
    )

    id: Mapped[PrimaryKey]
    geonames_id: Mapped[int] = mapped_column(unique=True)
    name: Mapped[str]
    name_cy: Mapped[str | None]
    nation: Mapped[Nation] = mapped_column(closed_set(Nation, "nation"))
    # The nearest much larger town, which tells places of one name apart; None for large ones.
    near: Mapped[str | None]
    population: Mapped[int]
    point: Mapped[PointColumn]

    names: Mapped[list["PlaceName"]] = relationship(
        back_populates="place", cascade="all, delete-orphan", passive_deletes=True
    )

    @property
    def position(self) -> Point:
        """Its point, as a validated pair."""
        return from_element(self.point)

    def name_in(self, language: Language) -> str:
        """Return its name in a language; most places have one name in both."""
        return (self.name_cy or self.name) if language is Language.WELSH else self.name


class PlaceName(Base):
    """One folded name that a place is found by; its own names come before the others."""

    __tablename__ = "place_name"
    __table_args__ = (
        Index("ix_place_name_prefix", "folded", postgresql_ops={"folded": "text_pattern_ops"}),
        Index(
            "ix_place_name_trigrams",
            "folded",
            postgresql_using="gin",
            postgresql_ops={"folded": "gin_trgm_ops"},
        ),
    )

    place_id: Mapped[int] = mapped_column(
        ForeignKey("place.id", ondelete="CASCADE"), primary_key=True
    )
    folded: Mapped[str] = mapped_column(primary_key=True)
    # Its name in English or Welsh, rather than what other languages call it.
    is_own: Mapped[bool]

    place: Mapped[Place] = relationship(back_populates="names")


class Postcode(Base):
    """One postcode of the official directory; `point` is None where it belongs to no place.

    `quality` is how good the point is, from 1 (inside the right building) to 8 (the postcode
    sector’s); months are numbers such as 200406; `deprivation_rank` ranks within one nation alone.
    """

    __tablename__ = "postcode"
    __table_args__ = (
        inside_uk("point"),
        Index(
            "ix_postcode_live_point",
            "point",
            postgresql_using="gist",
            postgresql_where=text("terminated IS NULL"),
        ),
    )

    # Without its space: SW1A1AA.
    code: Mapped[str] = mapped_column(primary_key=True)
    point: Mapped[WKBElement | None] = mapped_column(
        Geometry("POINT", srid=4326, spatial_index=False)
    )
    quality: Mapped[int | None] = mapped_column(SmallInteger)
    introduced: Mapped[int | None]
    terminated: Mapped[int | None]
    authority_code: Mapped[str | None]
    region_code: Mapped[str | None]
    nation: Mapped[Nation | None] = mapped_column(closed_set(Nation, "nation"))
    deprivation_rank: Mapped[int | None]
    rural_urban: Mapped[str | None]


class PostcodePart(Base):
    """What the postcodes of an outward code (“SW1A”) or a sector (“SW1A 1”) have in common.

    Made from the live ones, or from the retired ones where none lives; most of them lie within
    `radius_metres` of the point. The lists hold every area that any of them is in.
    """

    __tablename__ = "postcode_part"
    __table_args__ = (inside_uk("point"),)

    code: Mapped[str] = mapped_column(primary_key=True)
    point: Mapped[PointColumn]
    radius_metres: Mapped[int]
    live: Mapped[int]
    authority_codes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    region_codes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    nations: Mapped[list[str]] = mapped_column(ARRAY(Text))

    @property
    def position(self) -> Point:
        """Its point, as a validated pair."""
        return from_element(self.point)


class AreaKind(StrEnum):
    """What sort of area it is."""

    NATION = "nation"
    REGION = "region"
    AUTHORITY = "authority"


class Area(Base):
    """A nation, one of England’s regions, or a local authority.

    `deprivation_score` compares authorities of all four nations; `deprivation_decile` is 1 for the
    most deprived tenth.
    """

    __tablename__ = "area"
    __table_args__ = (
        CheckConstraint("population >= 0", name="population_not_negative"),
        CheckConstraint("deprivation_decile BETWEEN 1 AND 10", name="decile_in_range"),
        Index("ix_area_shape", "shape", postgresql_using="gist"),
    )

    code: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[AreaKind] = mapped_column(closed_set(AreaKind, "kind"))
    name: Mapped[str]
    nation: Mapped[Nation] = mapped_column(closed_set(Nation, "nation"))
    region_code: Mapped[str | None]
    population: Mapped[int | None]
    deprivation_score: Mapped[float | None]
    deprivation_decile: Mapped[int | None] = mapped_column(SmallInteger)
    shape: Mapped[WKBElement | None] = mapped_column(
        Geometry("MULTIPOLYGON", srid=4326, spatial_index=False), deferred=True
    )
