"""The browser of the tests."""

import os
import shutil

from dev import system_packages
from dev.programs import answer_of
from dev.project import Project
from dev.stop import Stop

NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)


def find_chromium(project: Project) -> str:
    """Return the path of Chromium, installing Debian's where it is missing and we may."""
    chosen = os.environ.get("CHROMIUM")
    if chosen:
        return _working(chosen)
    found = _installed()
    if found is None and system_packages.can_install():
        if not system_packages.has_candidate("chromium"):
            system_packages.refresh(project)
        if system_packages.has_candidate("chromium"):
            packages = ["chromium", "fonts-liberation"]
            system_packages.install(project, packages, "the browser of the tests")
            found = _installed()
    if found is None:
        raise Stop(
            "The browser tests need Chromium: install it (on Debian “sudo apt-get install "
            "chromium”) or set CHROMIUM to the path of Chromium or Chrome."
        )
    return found


def _working(chosen: str) -> str:
    path = shutil.which(chosen)
    if path is None or answer_of([path, "--version"]) is None:
        raise Stop(f"CHROMIUM is set to “{chosen}”, and that is not a browser that starts.")
    return path


def _installed() -> str | None:
    # Asked for its version, since Ubuntu's chromium-browser may be a note that says “use snap”.
    paths = filter(None, map(shutil.which, NAMES))
    return next((path for path in paths if answer_of([path, "--version"])), None)
