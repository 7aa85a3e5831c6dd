"""Which place of the gazetteer a typed town is: the one that it must be, else why there is none."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from webapp.places.answers import Ambiguous, Located
from webapp.places.locate import locate
from webapp.places.models import Place
from webapp.places.queries import nearest_place
from webapp.places.words import NATION_NAMES

MOST_EXAMPLES = 3


@dataclass(frozen=True)
class NoTown:
    """Why a text is no one place; `examples` are ways to write it where there are several."""

    examples: tuple[str, ...] = ()


def town_of(session: Session, text: str) -> Place | NoTown:
    """Return the place of a town, village or postcode."""
    answer = locate(session, text)
    if isinstance(answer, Located):
        return answer.place or nearest_place(session, answer.point) or NoTown()
    if isinstance(answer, Ambiguous):
        large = _the_large_one(text, answer)
        written = (_written(each) for each in answer.choices[:MOST_EXAMPLES] if each.place)
        return large or NoTown(tuple(dict.fromkeys(written)))
    return NoTown()


def _the_large_one(text: str, answer: Ambiguous) -> Place | None:
    """Return the one large place where more than its name was written: no town near tells it apart."""
    places = [each.place for each in answer.choices if each.place]
    large = [place for place in places if place.near is None]
    is_meant = "," in text and len(large) == 1 and not answer.is_guess
    return large[0] if is_meant else None


def _written(choice: Located) -> str:
    """Return a name as the search understands it: with the larger town near it, or its nation."""
    nation = choice.areas.nation and str(NATION_NAMES[choice.areas.nation])
    near = choice.place.near if choice.place else None
    return ", ".join(filter(None, (choice.label, near or nation)))
