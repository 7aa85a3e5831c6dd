"""Setting an event’s texts within the height of a paper: what is small makes room for the title."""

from dataclasses import dataclass
from typing import Self

from webapp.paper.fitting import SIZES, height_of, is_from_right, size_for


@dataclass(frozen=True)
class Box:
    """Where a text must fit; lengths in tenths of a sheet’s unit (static/css/paper.css)."""

    width: int
    height: int
    largest: int = SIZES[0]

    def eased(self, ease: float) -> Self:
        """Return a smaller box of the same width."""
        return type(self)(self.width, round(self.height * ease), round(self.largest * ease))


@dataclass(frozen=True)
class Line:
    """A text, the size at which it fits, and how much of the paper it takes."""

    text: str
    size: int
    height: float

    @classmethod
    def fitted(cls, text: str, box: Box) -> Self:
        """Give a text the largest size at which it stays in its box."""
        sizes = [size for size in SIZES if size <= box.largest] or SIZES[-1:]
        size = size_for(text, width=box.width, height=box.height, sizes=sizes)
        return cls(text, size, height_of(text, size, box.width))

    @property
    def direction(self) -> str:
        """Which way the text is written; WeasyPrint does not find that out by itself."""
        return "rtl" if is_from_right(self.text) else "ltr"


@dataclass(frozen=True)
class Texts:
    """What a paper says of an event, in words; empty where it says nothing."""

    moment: str
    stamp: str
    title: str
    when: tuple[str, ...]
    where: str
    note: str
    hosts: str
    facts: str


@dataclass(frozen=True)
class Layout:
    """How high a paper’s text may be, and the boxes of all but its title, which has what is left."""

    height: int
    largest_title: int
    moment: Box
    stamp: Box
    when: Box
    where: Box
    note: Box
    hosts: Box
    facts: Box


# The room between the margins; less for the plain face, whose letters are wider.
_DISPLAY, _PLAIN = 178, 165
POSTER = Layout(
    height=178,
    largest_title=46,
    moment=Box(_DISPLAY, 15, 12),
    stamp=Box(_DISPLAY, 24, 18),
    when=Box(_DISPLAY, 24, 18),
    where=Box(_DISPLAY, 34, 14),
    note=Box(_PLAIN, 24, 9),
    hosts=Box(_PLAIN, 30, 11),
    facts=Box(_PLAIN, 24, 9),
)
SHEET = Layout(
    height=58,
    largest_title=23,
    moment=Box(_DISPLAY, 11, 9),
    stamp=Box(_DISPLAY, 12, 9),
    when=Box(_DISPLAY, 15, 11),
    where=Box(_DISPLAY, 12, 9),
    note=Box(_PLAIN, 10, 7),
    hosts=Box(_PLAIN, 10, 7),
    facts=Box(_PLAIN, 10, 7),
)
CALL = Box(119, 24, 19)
HOW = Box(110, 20, 7)
LINK = Box(119, 26, 10)
SHEET_HOW = Box(130, 20, 7)
SHEET_LINK = Box(140, 12, 10)

# How much the small texts give way, until the title is as large as a title should be.
EASES = (1.0, 0.85, 0.7, 0.6)
SMALLEST_TITLE = 23


@dataclass(frozen=True)
class Setting:
    """All texts of a paper at their sizes."""

    moment: Line
    stamp: Line
    title: Line
    when: tuple[Line, ...]
    where: Line
    note: Line
    hosts: Line
    facts: Line

    @classmethod
    def of(cls, texts: Texts, layout: Layout) -> Self:
        """Set texts so that the title is large and all of them stay on the paper."""
        for ease in EASES:
            found = cls._at(texts, layout, ease)
            if found.title.size >= min(SMALLEST_TITLE, layout.largest_title):
                break
        return found

    @classmethod
    def _at(cls, texts: Texts, layout: Layout, ease: float) -> Self:
        small = {
            name: Line.fitted(getattr(texts, name), getattr(layout, name).eased(ease))
            for name in ("moment", "stamp", "where", "note", "hosts", "facts")
        }
        when = tuple(Line.fitted(text, layout.when.eased(ease)) for text in texts.when)
        used = sum(line.height for line in (*small.values(), *when))
        rest = Box(_DISPLAY, round(layout.height - used), layout.largest_title)
        return cls(title=Line.fitted(texts.title, rest), when=when, **small)
