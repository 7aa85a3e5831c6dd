"""How large a text may be so that it stays within its box: short titles shout, long ones still fit.

Lengths are in tenths of a sheet’s unit, as whole numbers: the sizes that static/css/paper.css knows.
Widths are reckoned a little too wide, because the face that draws a letter is known to the printer
alone.
"""

import unicodedata
from collections.abc import Sequence

SIZES = (46, 40, 35, 30, 26, 23, 20, 18, 16, 14, 12, 11, 10, 9, 8, 7)
LINE_HEIGHT = 1.15
ROOM_ABOVE = 0.15
# A word that does not fit a line at this size is broken.
SMALLEST_WHOLE = 12

# Shares of a size that a letter is wide.
_NARROW = frozenset("fijlrtI.,:;!'’‘|()[]- ")
_BROAD = frozenset("mwMWŵŴ@%&—")
NARROW, MIDDLING, CAPITAL, BROAD, SQUARE = 0.34, 0.56, 0.68, 0.9, 1.3


def size_for(text: str, *, width: int, height: int, sizes: Sequence[int] = SIZES) -> int:
    """Return the largest size at which a text fits a box; the smallest where none does.

    A word is not broken but where it would have to be very small to stay whole.
    """
    for size in sizes:
        if height_of(text, size, width) <= height and _is_whole(text, size, width):
            return size
    return sizes[-1]


def height_of(text: str, size: int, width: int) -> float:
    """Return how high a text is, with a little room above it; nothing takes no room."""
    if not text:
        return 0
    return lines_of(text, size, width) * size * LINE_HEIGHT + size * ROOM_ABOVE


def lines_of(text: str, size: int, width: int) -> int:
    """Return how many lines a text takes."""
    lines, used = 1, 0.0
    space = width_of(" ") * size
    for word in text.split():
        gap = space if used else 0
        for piece in _pieces(word, width):
            needed = width_of(piece) * size
            if used and used + gap + needed > width:
                lines, used, gap = lines + 1, 0.0, 0
            used, gap = used + gap + needed, 0
    return lines


def is_from_right(text: str) -> bool:
    """Tell whether a text begins in a script that is written from right to left."""
    strong = (unicodedata.bidirectional(character) for character in text)
    return next((each != "L" for each in strong if each in {"L", "R", "AL"}), False)


def _is_whole(text: str, size: int, width: int) -> bool:
    pieces = (piece for word in text.split() for piece in _pieces(word, width))
    return all(width_of(piece) * size <= width for piece in pieces)


def _pieces(word: str, width: int) -> Sequence[str]:
    """Return what of a word stays together: all, or single characters where it may be broken."""
    is_too_long = width_of(word) * SMALLEST_WHOLE > width
    return word if is_too_long or all(_width(each) in {0, SQUARE} for each in word) else (word,)


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
