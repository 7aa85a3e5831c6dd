"""Texts as people type them, the same ones each time: right, wrong and not meant at all."""

from collections.abc import Sequence
from random import Random
from string import ascii_lowercase, digits
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from geo.postcodes import may_hold_full_postcode
from webapp.places.gazetteer import GazetteerEntry
from webapp.places.models import Place, Postcode, PostcodePart

EACH = 300
RANDOM_TEXTS = 5_000
SEED = 3
SIGNS = ascii_lowercase + digits + " ,.'-%_&\"\\<>;éŵ–🎉\u00a0"
LONGEST_RANDOM = 40
SHORTEST_MISSPELT = 5


def texts_by_kind(session: Session) -> dict[str, list[str]]:
    """Return texts to locate, by what they are."""
    random = Random(SEED)
    towns = list(session.scalars(select(Place.name).order_by(Place.population.desc()).limit(EACH)))
    long_ones = [name for name in towns if len(name) >= SHORTEST_MISSPELT]
    sectors = PostcodePart.code.contains(" ")
    lives = Postcode.terminated.is_(None)
    return {
        "full postcode": _scattered(session, Postcode.code, lives),
        "retired postcode": _scattered(session, Postcode.code, ~lives),
        "postcode that there is not": [_unknown(random) for _ in range(EACH)],
        "outward code": _scattered(session, PostcodePart.code, ~sectors),
        "sector": _scattered(session, PostcodePart.code, sectors),
        "town": towns,
        "Welsh name": _scattered(session, Place.name_cy, Place.name_cy.is_not(None)),
        "misspelt town": [misspelt(name, random) for name in long_ones],
        "nonsense": [_word(random) for _ in range(EACH)],
        "grid reference": [_grid_reference(random) for _ in range(EACH)],
        "coordinates": [_pair(random) for _ in range(EACH)],
        "anything": [_anything(random, towns) for _ in range(RANDOM_TEXTS)],
    }


def prefixes(places: Sequence[GazetteerEntry], count: int) -> list[str]:
    """Return distinct beginnings of names, letter by letter; those of large towns come often first.

    What may hold a whole postcode is left out, as the search box leaves it out.
    """
    random = Random(SEED)
    found: dict[str, None] = {}
    weights = [place.population + 1 for place in places]
    while len(found) < count:
        name = random.choices(places, weights)[0].name.lower()
        for end in range(2, min(len(name), 10) + 1):
            if not may_hold_full_postcode(name[:end]):
                found[name[:end]] = None
    texts = list(found)[:count]
    random.shuffle(texts)
    return texts


def misspelt(name: str, random: Random) -> str:
    """Return a name with one slip: a letter left out, added, mistaken, or swapped with the next."""
    at = random.randrange(1, len(name) - 1)
    letter = random.choice(ascii_lowercase)
    return random.choice((
        name[:at] + name[at + 1 :],
        name[:at] + letter + name[at:],
        name[:at] + letter + name[at + 1 :],
        name[:at] + name[at + 1] + name[at] + name[at + 2 :],
    ))  # fmt: skip


def _scattered(
    session: Session, column: InstrumentedAttribute[Any], condition: ColumnElement[bool]
) -> list[str]:
    # In an order that has nothing to do with any index, and stays the same.
    wanted = select(column).where(condition).order_by(func.md5(column)).limit(EACH)
    return list(session.scalars(wanted))


def _unknown(random: Random) -> str:
    area = random.choice(("OL", "M", "S", "CF", "EH", "BT"))
    # No postcode ends with two letters that are not made: those of the scratch directory use fewer.
    return f"{area}{random.randrange(1, 40)} {random.randrange(10)}{random.choice('ABDEF')}Z"


def _word(random: Random) -> str:
    return "".join(random.choices(ascii_lowercase, k=random.randrange(4, 15)))


def _grid_reference(random: Random) -> str:
    letters = random.choice(("TQ", "SD", "SE", "SK", "NT", "NS", "ST", "SN"))
    return f"{letters} {random.randrange(1000):03} {random.randrange(1000):03}"


def _pair(random: Random) -> str:
    return f"{random.uniform(50.5, 57.5):.4f}, {random.uniform(-4.5, -0.5):.4f}"


def _anything(random: Random, towns: Sequence[str]) -> str:
    if random.random() < 0.5:
        return "".join(random.choices(SIGNS, k=random.randrange(LONGEST_RANDOM)))
    name = random.choice(towns)
    return random.choice((name[:3], f"{name}, {random.choice(towns)}", f"{_word(random)} {name}"))
