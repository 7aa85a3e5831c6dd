"""The look holds what it promises: readable colours, small style sheets, nothing inline."""

import gzip
import re
from pathlib import Path

import pytest

from webapp.moments.colour import Palette, contrast
from webapp.staticfiles import STYLESHEETS, package_folder

TEXT, LARGE_TEXT_OR_LINE = 4.5, 3.0
LARGEST_CSS_BYTES = 20 * 1024
GROUNDS = ("ground", "surface", "moment-tint")
COLOURS = ("#c2330a", "#0f6e5c", "#1d70b8", "#7a2e6f", "#ffb627", "#000000", "#ffffff")

static, templates = package_folder("static"), package_folder("templates")
pages = sorted(templates.rglob("*.html"))


def tokens(scheme: str) -> dict[str, str]:
    """Return the colours of a scheme; the dark one stands on the light one."""
    css = (static / "css" / "tokens.css").read_text()
    light, dark = css.split("prefers-color-scheme: dark")
    colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", light))
    return colours | dict(
        re.findall(r"--([\w-]+): (#[0-9a-f]{6})", dark if scheme == "dark" else "")
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("ground", GROUNDS)
def test_text_is_readable_on_every_ground(scheme: str, ground: str) -> None:
    colours = tokens(scheme)
    for text in ("ink", "soft"):
        assert contrast(colours[text], colours[ground]) >= TEXT, text


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_that_carry_text_are_readable_where_they_stand(scheme: str) -> None:
    colours = tokens(scheme)
    pairs = [("on-moment", "moment"), ("moment", "ground"), ("moment", "moment-tint")]
    pairs += [("bad", "ground"), ("bad", "surface"), ("soft", "land"), ("soft", "sea")]
    for text, ground in pairs:
        assert contrast(colours[text], colours[ground]) >= TEXT, (text, ground)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_edges_of_controls_and_the_focus_ring_can_be_seen(scheme: str) -> None:
    colours = tokens(scheme)
    for line in ("edge", "focus", "ink", "bad", "moment"):
        for ground in ("ground", "surface"):
            assert contrast(colours[line], colours[ground]) >= LARGE_TEXT_OR_LINE, (line, ground)


@pytest.mark.parametrize("colour", COLOURS)
def test_a_moments_own_colour_keeps_its_box_readable(colour: str) -> None:
    palette = Palette.from_hex(colour)
    for scheme, own in (("light", palette.light), ("dark", palette.dark)):
        colours = tokens(scheme)
        assert contrast(colours["ink"], own.tint) >= TEXT
        assert contrast(colours["soft"], own.tint) >= TEXT
        assert contrast(own.on_moment, own.moment) >= TEXT
        assert contrast(own.moment, colours["surface"]) >= LARGE_TEXT_OR_LINE


def test_all_style_sheets_together_are_small() -> None:
    vendor = ("vendor/modern-normalize/modern-normalize.css", "vendor/leaflet/leaflet.css")
    paths = [static / path for path in vendor]
    paths += [static / "css" / f"{name}.css" for name in (*STYLESHEETS, "map")]
    together = b"".join(path.read_bytes() for path in paths)
    assert len(gzip.compress(together)) < LARGEST_CSS_BYTES


# Mails have styles of their own, for mail programs load no style sheets.
@pytest.mark.parametrize(
    "page",
    [page for page in pages if page.parent.name != "emails"],
    ids=lambda page: str(page.relative_to(templates)),
)
def test_no_template_has_a_style_or_a_script_of_its_own(page: Path) -> None:
    html = page.read_text()
    assert not re.search(r"\sstyle=|<style|\son\w+=|javascript:", html)
    assert not re.search(r"<script(?![^>]*\ssrc=)", html)
