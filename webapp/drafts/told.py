"""What public texts tell that they perhaps should not, with the words marked."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Self

from webapp.events.leaks import Leak, leaks_in

CONTEXT = 60  # characters around what may tell too much


@dataclass(frozen=True)
class MarkedText:
    """A public text in pieces; True for those that may tell too much."""

    field: str
    pieces: tuple[tuple[str, bool], ...]


@dataclass(frozen=True)
class Told:
    """All that may tell too much; without any it is false."""

    texts: tuple[MarkedText, ...]

    @classmethod
    def in_texts(cls, texts: Mapping[str, str]) -> Self:
        """Look through texts, by the names of their fields."""
        found = {field: leaks_in(text) for field, text in texts.items()}
        return cls(
            tuple(
                MarkedText(field, tuple(_pieces(texts[field], leaks)))
                for field, leaks in found.items()
                if leaks
            )
        )

    def __bool__(self) -> bool:
        return bool(self.texts)

    @property
    def mark(self) -> str:
        """A digest of the words, so that a yes is to these and no others; empty without any."""
        words = [piece for text in self.texts for piece, is_leak in text.pieces if is_leak]
        return hashlib.sha256("\0".join(words).encode()).hexdigest()[:16] if words else ""


def _pieces(text: str, leaks: list[Leak]) -> Iterator[tuple[str, bool]]:
    """Yield a text in pieces; of what is not marked, no more than says where it stands."""
    done = 0
    for leak in leaks:
        yield _shortened(text[done : leak.start], is_first=done == 0), False
        yield text[leak.start : leak.end], True
        done = leak.end
    rest = text[done:]
    yield rest if len(rest) <= CONTEXT else f"{rest[:CONTEXT]}…", False


def _shortened(between: str, *, is_first: bool) -> str:
    if len(between) <= 2 * CONTEXT:
        return between
    before = "" if is_first else between[:CONTEXT]
    return f"{before}…{between[-CONTEXT:]}"
