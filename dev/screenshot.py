"""Take the README's picture from the running site. Run inside .venv, where Playwright is.

`python -m dev.screenshot http://localhost:5000/ docs/images/home.webp` with CHROMIUM set.
"""

import base64
import os
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

WIDTH, HEIGHT = 1280, 1440
# The first that is small enough is taken; a README is opened on phones too.
QUALITIES = (90, 80, 70, 60, 50)
LARGEST_BYTES = 80_000
MAP_IS_DRAWN = "() => document.querySelectorAll('.leaflet-marker-icon').length > 0"


def picture_of(page: Page) -> bytes:
    """Return the page's first screen as WebP, small enough for a README."""
    session = page.context.new_cdp_session(page)
    picture = b""
    for quality in QUALITIES:
        asked = {"format": "webp", "quality": quality}
        picture = base64.b64decode(session.send("Page.captureScreenshot", asked)["data"])
        if len(picture) < LARGEST_BYTES:
            break
    return picture


def take(address: str, file: Path) -> None:
    """Write a picture of an address, once its map is drawn."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ["CHROMIUM"], args=["--no-sandbox"]
        )
        page = browser.new_page(
            viewport={"width": WIDTH, "height": HEIGHT},
            color_scheme="light",
            reduced_motion="reduce",
        )
        page.goto(address, wait_until="networkidle")
        page.wait_for_function(MAP_IS_DRAWN)
        page.evaluate("() => document.fonts.ready")
        picture = picture_of(page)
        browser.close()
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(picture)


if __name__ == "__main__":
    take(sys.argv[1], Path(sys.argv[2]))
