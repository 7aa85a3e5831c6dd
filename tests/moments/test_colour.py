"""A moment’s colour can be read on every ground it stands on, whatever staff choose."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.moments.colour import (
    DARK_GROUND,
    LIGHT_GROUND,
    MINIMUM_CONTRAST,
    Palette,
    Scheme,
    contrast,
)

colours = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [("#000000", "#ffffff", 21.0), ("#777777", "#ffffff", 4.48), ("#c2330a", "#c2330a", 1.0)],
)
def test_contrast_is_that_of_wcag(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == pytest.approx(ratio, abs=0.01)
    assert contrast(other, one) == contrast(one, other)


def readable(scheme: Scheme, ground: str) -> bool:
    pairs = [
        (scheme.moment, ground),
        (scheme.moment, scheme.tint),
        (scheme.on_moment, scheme.moment),
    ]
    return all(contrast(*pair) >= MINIMUM_CONTRAST for pair in pairs)


@given(colours)
def test_any_colour_becomes_readable_on_light_and_dark(colour: str) -> None:
    palette = Palette.from_hex(colour)

    assert readable(palette.light, LIGHT_GROUND), palette.light
    assert readable(palette.dark, DARK_GROUND), palette.dark


def test_a_readable_colour_stays_as_it_is() -> None:
    assert Palette.from_hex("#c2330a").light.moment == "#c2330a"
