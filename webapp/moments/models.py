"""National moments and the poll figures that belong to them."""

from datetime import date, time

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.database import Base, CreatedAt, PrimaryKey
from webapp.language import Language
from webapp.moments.colour import Palette


class Moment(Base):
    """A national campaign day or season."""

    __tablename__ = "moment"
    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="ends_after_start"),
        CheckConstraint("colour ~ '^#[0-9a-f]{6}$'", name="colour_is_hex"),
        CheckConstraint("slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'", name="slug_is_plain"),
        CheckConstraint("usual_length_minutes > 0", name="usual_length_positive"),
    )

    id: Mapped[PrimaryKey]
    slug: Mapped[str] = mapped_column(unique=True)
    name_en: Mapped[str]
    name_cy: Mapped[str]
    summary_en: Mapped[str]
    summary_cy: Mapped[str]
    description_en: Mapped[str]
    description_cy: Mapped[str]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    colour: Mapped[str]
    is_demonstration: Mapped[bool] = mapped_column(server_default="false", default=False)
    created_at: Mapped[CreatedAt]

    # What an event listed for it begins with: an example of a title, a text, and the usual hours.
    title_pattern_en: Mapped[str] = mapped_column(server_default="", default="")
    title_pattern_cy: Mapped[str] = mapped_column(server_default="", default="")
    starting_text_en: Mapped[str] = mapped_column(server_default="", default="")
    starting_text_cy: Mapped[str] = mapped_column(server_default="", default="")
    usual_start: Mapped[time | None]
    usual_length_minutes: Mapped[int | None]

    estimates: Mapped[list["Estimate"]] = relationship(
        back_populates="moment", order_by="Estimate.position", cascade="all, delete-orphan"
    )

    def is_over(self, today: date) -> bool:
        """Tell whether its last day has passed."""
        return self.ends_on < today

    def name(self, language: Language) -> str:
        """Return its name in a language."""
        return self.name_cy if language is Language.WELSH else self.name_en

    def summary(self, language: Language) -> str:
        """Return what it is in a sentence or two."""
        return self.summary_cy if language is Language.WELSH else self.summary_en

    def description(self, language: Language) -> str:
        """Return what it is at length: plain text, paragraphs set apart by an empty line."""
        return self.description_cy if language is Language.WELSH else self.description_en

    def title_pattern(self, language: Language) -> str:
        """Return what a title for one of its events may look like; empty where nobody said."""
        return self.title_pattern_cy if language is Language.WELSH else self.title_pattern_en

    def starting_text(self, language: Language) -> str:
        """Return a text that describes one of its events, to be changed by its host."""
        return self.starting_text_cy if language is Language.WELSH else self.starting_text_en

    @property
    def palette(self) -> Palette:
        """Its colour, made readable on light and on dark grounds."""
        return Palette.from_hex(self.colour)


class Estimate(Base):
    """A poll’s figure for a moment: never counted, never added to what is."""

    __tablename__ = "moment_estimate"

    id: Mapped[PrimaryKey]
    moment_id: Mapped[int] = mapped_column(ForeignKey("moment.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    label_en: Mapped[str]
    label_cy: Mapped[str]
    value_en: Mapped[str]
    value_cy: Mapped[str]
    source: Mapped[str]
    source_url: Mapped[str | None]
    measured_on: Mapped[date]

    moment: Mapped[Moment] = relationship(back_populates="estimates")

    def label(self, language: Language) -> str:
        """Return what was estimated."""
        return self.label_cy if language is Language.WELSH else self.label_en

    def value(self, language: Language) -> str:
        """Return the figure as people read it, with its unit."""
        return self.value_cy if language is Language.WELSH else self.value_en
