"""Which place of the gazetteer a typed town is: the one that it must be, else why there is none."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from webapp.places.answers import Ambiguous, Located
from webapp.places.locate import locate
from webapp.places.models import Place
from webapp.places.queries import nearest_place

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
        written = (_written(each) for each in answer.choices if each.place)
        return NoTown(tuple(dict.fromkeys(written))[:MOST_EXAMPLES])
    return NoTown()


def _written(choice: Located) -> str:
    """Return a name as the search understands it: with the larger town that it is near."""
    near = choice.place.near if choice.place else None
    return ", ".join(filter(None, (choice.label, near)))
