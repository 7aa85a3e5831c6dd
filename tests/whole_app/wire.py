"""What travels when a browser opens a page: found by reading the page as a browser would."""

import re
from dataclasses import dataclass, field
from posixpath import join, normpath

import brotli
from flask.testing import FlaskClient

from webapp.staticfiles import package_folder

JAVASCRIPT = package_folder("static") / "js"
# The server compresses these when it starts; pictures and fonts are compressed by themselves.
ALREADY_COMPRESSED = (".woff2", ".png")
IMPORTED = re.compile(r"""(?:from|import\()\s*"(\.[^"]+)\"""")
FONT = re.compile(r"""url\(["']?([^"')]+\.woff2)["']?\)[^;}]*;?[^}]*?unicode-range:\s*([^;}]+)""")
BEHAVIOUR = re.compile(r'(\w+): \(\) => import\("\./([^"]+)"\)')


@dataclass
class Wire:
    """Everything that one visit fetches: its addresses and their bytes on the wire."""

    client: FlaskClient
    bytes_of: dict[str, int] = field(default_factory=dict)

    def fetch(self, address: str) -> str:
        """Fetch an address once, weigh what would travel and return the plain text."""
        answer = self.client.get(address)
        assert answer.status_code == 200, (address, answer.status)
        plain = answer.data
        self.bytes_of[address] = (
            self._static_size(address, plain)
            if address.startswith("/static/")
            else len(self.client.get(address, headers={"Accept-Encoding": "br"}).data)
        )
        answer.close()
        return plain.decode(errors="replace")

    def _static_size(self, address: str, plain: bytes) -> int:
        return len(plain) if address.endswith(ALREADY_COMPRESSED) else len(brotli.compress(plain))

    def together(self) -> int:
        """Return the bytes of everything."""
        return sum(self.bytes_of.values())

    def table(self) -> str:
        """Return what was fetched, the heaviest first."""
        rows = sorted(self.bytes_of.items(), key=lambda row: -row[1])
        return "\n".join(f"{size:>8,}  {address}" for address, size in rows)


def open_page(client: FlaskClient, address: str) -> Wire:
    """Fetch a page with all that a browser without a cache would fetch for its first view."""
    wire = Wire(client)
    html = wire.fetch(address)
    styles = re.findall(r'<link rel="stylesheet" href="([^"]+)"', html)
    icons = re.findall(r'<link rel="icon" href="([^"]+)"', html)
    scripts = re.findall(r'<script[^>]* src="([^"]+)"', html)
    for each in [*styles, *icons, *scripts]:
        text = wire.fetch(each)
        if each.endswith("js/main.js"):
            fetch_modules(wire, each, text, html)
        if each.endswith(".css"):
            fetch_fonts(wire, each, text, set(re.sub(r"<[^>]*>", "", html)))
    fetch_map(wire, html)
    return wire


def fetch_modules(wire: Wire, main: str, text: str, html: str) -> None:
    """Fetch the modules that the page's behaviours need, and theirs."""
    asked = set(" ".join(re.findall(r'data-behaviour="([^"]+)"', html)).split())
    waiting = [
        normpath(join(main, "..", path)) for name, path in BEHAVIOUR.findall(text) if name in asked
    ]
    while waiting:
        address = waiting.pop()
        if address not in wire.bytes_of:
            found = IMPORTED.findall(wire.fetch(address))
            waiting += [normpath(join(address, "..", path)) for path in found]


def fetch_fonts(wire: Wire, stylesheet: str, text: str, letters: set[str]) -> None:
    """Fetch the fonts that a style sheet keeps for letters of the page; most need the first alone."""
    faces = FONT.findall(text)
    assert faces or "@font-face" not in text
    for path, ranges in faces:
        if any(holds(ranges, letter) for letter in letters):
            wire.fetch(normpath(join(stylesheet, "..", path)))


def holds(ranges: str, letter: str) -> bool:
    """Tell whether a unicode-range, such as `U+0-FF, U+131`, holds a letter."""
    for each in ranges.upper().replace("U+", "").split(","):
        first, _, last = each.strip().partition("-")
        if int(first, 16) <= ord(letter) <= int(last or first, 16):
            return True
    return False


def fetch_map(wire: Wire, html: str) -> None:
    """Fetch what the map's scripts ask for at the first view of the whole country."""
    addresses = dict(re.findall(r'data-(outline|places|events)-url="([^"]+)"', html))
    if "outline" in addresses:
        wire.fetch(addresses["outline"])
    if "places" in addresses:
        few = re.search(r"const FEW = (\d+)", (JAVASCRIPT / "map" / "towns.js").read_text())
        assert few is not None
        wire.fetch(f"{addresses['places']}?most={few[1]}")
    if "events" in addresses:
        wire.fetch(f"{addresses['events'].replace('&amp;', '&')}&bbox={widest_box()}")


def widest_box() -> str:
    """Return the box that every first view asks for, from the script that asks."""
    source = (JAVASCRIPT / "map" / "loader.js").read_text()
    found = re.search(r"WIDEST = \{([^}]+)\}", source)
    assert found is not None
    sides = dict(re.findall(r"(\w+): (-?[\d.]+)", found[1]))
    return ",".join(sides[name] for name in ("west", "south", "east", "north"))
