"""The gazetteer: towns and villages of the United Kingdom, and all their names."""

from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

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
