"""How large a text may be so that it stays within its box: short titles shout, long ones still fit.

Lengths are in tenths of a sheet’s unit, as whole numbers: the sizes that static/css/paper.css knows.
Widths are reckoned a little too wide, because the face that draws a letter is known to the printer
alone.
"""

import unicodedata
from collections.abc import Sequence
from math import ceil

SIZES = (46, 40, 35, 30, 26, 23, 20, 18, 16, 14, 12, 11, 10, 9, 8, 7)
LINE_HEIGHT = 1.15
ROOM_ABOVE = 0.15

# Shares of a size that a letter is wide.
_NARROW = frozenset("fijlrtI.,:;!'’‘|()[]- ")
_BROAD = frozenset("mwMWŵŴ@%&—")
NARROW, MIDDLING, CAPITAL, BROAD, SQUARE = 0.34, 0.56, 0.68, 0.9, 1.3


def size_for(text: str, *, width: int, height: int, sizes: Sequence[int] = SIZES) -> int:
    """Return the largest size at which a text fits a box; the smallest where none does.

    At a fitting size no word is broken, so one long word makes a text small.
    """
    for size in sizes:
        lines = lines_at(text, size, width)
        if lines is not None and lines * size * LINE_HEIGHT <= height:
            return size
    return sizes[-1]


def height_of(text: str, size: int, width: int) -> float:
    """Return how high a text is, with a little room above it; words too wide for it are broken."""
    if not text:
        return 0
    lines = lines_at(text, size, width) or ceil(width_of(text) * size / width)
    return lines * size * LINE_HEIGHT + size * ROOM_ABOVE


def lines_at(text: str, size: int, width: int) -> int | None:
    """Return how many lines a text takes; None where a word is wider than the box."""
    lines, used = 1, 0.0
    space = width_of(" ") * size
    for word in text.split():
        needed = width_of(word) * size
        if needed > width:
            return None
        if used and used + space + needed > width:
            lines, used = lines + 1, needed
        else:
            used += needed + (space if used else 0)
    return lines


def width_of(text: str) -> float:
    """Return how wide a text is, in shares of its size."""
    return sum(_width(character) for character in text)


def _width(character: str) -> float:
    if character in _NARROW:
        return NARROW
    if character in _BROAD:
        return BROAD
    if unicodedata.combining(character) or unicodedata.category(character) == "Cf":
        return 0
    # Of Chinese characters and of most emoji.
    if unicodedata.east_asian_width(character) in "WF" or unicodedata.category(character) == "So":
        return SQUARE
    return CAPITAL if character.isupper() or ord(character) > 0x2FF else MIDDLING
