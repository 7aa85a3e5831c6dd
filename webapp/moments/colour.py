"""A moment’s one colour, made readable: each pair of text and ground holds 4.5:1 (WCAG 2.2 AA).

Channels and luminances are fractions from 0 to 1; the formulas are those of WCAG 2.2.
"""

import colorsys
from dataclasses import dataclass
from typing import Self

Rgb = tuple[float, float, float]

MINIMUM_CONTRAST = 4.5
LIGHT_GROUND, DARK_GROUND = "#fff8ec", "#19131f"
STEP = 0.02


@dataclass(frozen=True)
class Scheme:
    """The colours of one scheme, as hex: the colour, text upon it, and a tint to lie under it."""

    moment: str
    on_moment: str
    tint: str


@dataclass(frozen=True)
class Palette:
    """One colour’s light and dark schemes."""

    light: Scheme
    dark: Scheme

    @classmethod
    def from_hex(cls, colour: str) -> Self:
        """Return the schemes nearest to a colour (`#rrggbb`) that can be read."""
        return cls(light=_light(colour), dark=_dark(colour))


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, from 1 to 21."""
    brighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def _light(colour: str) -> Scheme:
    tint = _mix(colour, "#ffffff", 0.9)
    for readable in _lightnesses(colour, -STEP):
        if all(contrast(readable, ground) >= MINIMUM_CONTRAST for ground in (LIGHT_GROUND, tint)):
            break
    return Scheme(readable, "#ffffff", tint)


def _dark(colour: str) -> Scheme:
    tint = _mix(colour, DARK_GROUND, 0.74)
    for readable in _lightnesses(colour, STEP):
        if all(contrast(readable, ground) >= MINIMUM_CONTRAST for ground in (DARK_GROUND, tint)):
            break
    return Scheme(readable, _mix(colour, "#000000", 0.85), tint)


def _lightnesses(colour: str, step: float) -> list[str]:
    hue, lightness, saturation = colorsys.rgb_to_hls(*_channels(colour))
    count = int(1 / abs(step)) + 1
    levels = (min(1.0, max(0.0, lightness + step * n)) for n in range(count))
    return [_to_hex(colorsys.hls_to_rgb(hue, level, saturation)) for level in levels]


def _mix(colour: str, other: str, share: float) -> str:
    pairs = zip(_channels(colour), _channels(other), strict=True)
    red, green, blue = (a * (1 - share) + b * share for a, b in pairs)
    return _to_hex((red, green, blue))


def _luminance(colour: str) -> float:
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in _channels(colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _channels(colour: str) -> Rgb:
    red, green, blue = bytes.fromhex(colour.removeprefix("#"))
    return red / 255, green / 255, blue / 255


def _to_hex(channels: Rgb) -> str:
    return "#" + "".join(f"{round(channel * 255):02x}" for channel in channels)
