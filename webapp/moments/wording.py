"""A moment in one language, as pages show it."""

from dataclasses import dataclass
from datetime import date
from typing import Self

from webapp.language import Language
from webapp.moments.models import Estimate, Moment


@dataclass(frozen=True)
class WordedEstimate:
    """A poll’s figure in one language."""

    label: str
    value_text: str
    source: str
    source_url: str | None
    measured_on: date

    @classmethod
    def of(cls, estimate: Estimate, language: Language) -> Self:
        """Word an estimate."""
        return cls(
            label=estimate.label(language),
            value_text=estimate.value(language),
            source=estimate.source,
            source_url=estimate.source_url,
            measured_on=estimate.measured_on,
        )


@dataclass(frozen=True)
class WordedMoment:
    """A moment in one language; without its estimates where a page does not show them."""

    id: int
    slug: str
    name: str
    summary: str
    description: str
    starts_on: date
    ends_on: date
    colour: str
    is_demonstration: bool
    estimates: tuple[WordedEstimate, ...] = ()

    @classmethod
    def of(cls, moment: Moment, language: Language, *, estimates: bool = False) -> Self:
        """Word a moment, with its estimates if the page shows them."""
        shown = moment.estimates if estimates else ()
        return cls(
            id=moment.id,
            slug=moment.slug,
            name=moment.name(language),
            summary=moment.summary(language),
            description=moment.description(language),
            starts_on=moment.starts_on,
            ends_on=moment.ends_on,
            colour=moment.colour,
            is_demonstration=moment.is_demonstration,
            estimates=tuple(WordedEstimate.of(each, language) for each in shown),
        )

    @property
    def colour_version(self) -> str:
        """What changes the address of its stylesheet when its colour changes."""
        return self.colour.removeprefix("#")

    def is_over(self, today: date) -> bool:
        """Tell whether its last day has passed."""
        return self.ends_on < today
