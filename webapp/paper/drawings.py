"""What is drawn on paper: the code that a phone reads, and the bunting.

Each is an image within the page, so that a page and its PDF show the same and fetch nothing.
"""

from base64 import b64encode
from io import BytesIO

import segno

# Paper is white, so these are the colours of the light scheme (static/css/tokens.css).
INK = "#231a2c"
FLAGS = ("#ffb627", "#0f7b6c", "#2e6fd1", "#7a2e6f")

# A string that sags twice; lengths in tenths of a millimetre on A4.
WIDTH, HEIGHT = 1980, 230
SWAGS, FLAGS_IN_SWAG = 2, 7
SAG, TOP = 70, 8
FLAG_HALF, FLAG_DROP = 55, 120


def code(link: str) -> str:
    """Return an address as a QR code that can still be read with a seventh of it torn off."""
    written = BytesIO()
    segno.make(link, error="m", micro=False).save(
        written, kind="svg", border=0, dark=INK, xmldecl=False, omitsize=True
    )
    return _as_address(written.getvalue())


def bunting(colour: str) -> str:
    """Return bunting whose first flag has the moment’s colour."""
    colours = (colour, *FLAGS)
    flags = [
        _flag(swag, (number + 0.5) / FLAGS_IN_SWAG, colours[(swag * 2 + number) % len(colours)])
        for swag in range(SWAGS)
        for number in range(FLAGS_IN_SWAG)
    ]
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">'
        f'{"".join(flags)}<path d="{_string()}" fill="none" stroke="{INK}" stroke-width="5"/></svg>'
    )
    return _as_address(svg.encode())


def _flag(swag: int, share: float, colour: str) -> str:
    """Return one flag, hanging from the string at a share of its swag."""
    span = WIDTH / SWAGS
    half = FLAG_HALF / span
    left, right = share - half, share + half
    points = (
        (swag + left) * span, _depth(left), (swag + right) * span, _depth(right),
        (swag + share) * span, _depth(share) + FLAG_DROP,
    )  # fmt: skip
    corners = " ".join(f"{value:.0f}" for value in points)
    return f'<polygon points="{corners}" fill="{colour}"/>'


def _string() -> str:
    span = WIDTH // SWAGS
    curves = (f"q{span // 2} {2 * SAG} {span} 0" for _ in range(SWAGS))
    return f"M0 {TOP}{''.join(curves)}"


def _depth(share: float) -> float:
    """Return how far below its ends the string hangs: a parabola."""
    return TOP + SAG * 4 * share * (1 - share)


def _as_address(svg: bytes) -> str:
    return f"data:image/svg+xml;base64,{b64encode(svg).decode()}"
