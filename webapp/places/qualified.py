"""Names with what tells them from others of the name: “Newport, Wales”, “Newport Isle of Wight”."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from geo.names import folded
from webapp.places.areas import area_names, areas_at
from webapp.places.models import Nation, Place

NATION_WORDS = {
    Nation.ENGLAND: {"england", "lloegr"},
    # Many say “Belfast, Ireland”, and they are right.
    Nation.NORTHERN_IRELAND: {
        "northern ireland", "ni", "ireland", "gogledd iwerddon", "tuaisceart eireann",
    },
    Nation.SCOTLAND: {"scotland", "yr alban", "alba"},
    Nation.WALES: {"wales", "cymru"},
}  # fmt: skip
SAYS_NOTHING = {"", "uk", "u k", "united kingdom", "gb", "great britain", "britain"}
CITY_OF = " city of"  # “Bristol, City of”
MOST_QUALIFIERS = 4
MOST_WORDS = 8


@dataclass(frozen=True)
class QualifiedName:
    """A folded name, and folded words that say which place of that name is meant."""

    name: str
    qualifiers: tuple[str, ...] = ()


def read_name(text: str) -> QualifiedName:
    """Take a text apart at its commas."""
    name, *rest = map(folded, text.split(","))
    qualifiers = [each for each in rest if each not in SAYS_NOTHING]
    return QualifiedName(name, tuple(qualifiers[:MOST_QUALIFIERS]))


def divisions(wanted: QualifiedName) -> Iterator[QualifiedName]:
    """Yield the ways in which the last words may be a qualifier, the longest name first."""
    words = wanted.name.split()
    if len(words) > MOST_WORDS:
        return
    for end in range(len(words) - 1, 0, -1):
        rest = " ".join(words[end:])
        yield QualifiedName(" ".join(words[:end]), (rest, *wanted.qualifiers))


def narrowed(session: Session, places: Sequence[Place], wanted: QualifiedName) -> list[Place]:
    """Return those places that a qualifier is true of; none where all are true of none."""
    kept, is_narrowed = list(places), False
    for qualifier in wanted.qualifiers:
        meant = [place for place in kept if _is_in(place, qualifier)]
        meant = meant or _in_area(session, kept, qualifier)
        if meant:
            kept, is_narrowed = meant, True
    return kept if is_narrowed else []


def _is_in(place: Place, qualifier: str) -> bool:
    return qualifier in NATION_WORDS[place.nation] or qualifier == folded(place.near or "")


def _in_area(session: Session, places: Sequence[Place], qualifier: str) -> list[Place]:
    areas = [areas_at(session, place.position) for place in places]
    codes = [code for each in areas for code in (each.authority, each.region) if code]
    names = area_names(session, codes) if codes else {}
    meant = {
        code for code, name in names.items() if folded(name).removesuffix(CITY_OF) == qualifier
    }
    return [
        place
        for place, each in zip(places, areas, strict=True)
        if {each.authority, each.region} & meant
    ]
