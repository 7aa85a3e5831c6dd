"""Which release of the postcode directory is the newest.

Each quarter’s release has an address of its own, so the address in the settings may be a search of
ArcGIS, where the Office for National Statistics publishes, instead of one release.
"""

import re
from typing import Any
from urllib.parse import urlsplit, urlunsplit

SEARCH = "/sharing/rest/search"
ITEM = re.compile(r"[0-9a-f]{32}")
# The user guides have the same titles and kinds; only the names of the files tell them apart.
RELEASE = re.compile(r"(?:ONSPD|NSPL)\w*_(?P<month>[A-Z]{3})_(?P<year>\d{4})(?:_UK)?\.zip", re.I)
MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]


def is_search(address: str) -> bool:
    """Tell whether an address is a search for releases rather than one of them."""
    return urlsplit(address).path.endswith(SEARCH)


def newest_release(search: str, answer: Any) -> str | None:
    """Return the address of the newest release in a search’s answer; None where there is none."""
    items = answer.get("results") if isinstance(answer, dict) else None
    found = [_dated(item) for item in items or [] if isinstance(item, dict)]
    releases = [each for each in found if each]
    if not releases:
        return None
    parts = urlsplit(search)
    path = parts.path.removesuffix("/search") + f"/content/items/{max(releases)[-1]}/data"
    return urlunsplit((parts.scheme, parts.netloc, path, "", ""))


def _dated(item: dict[str, Any]) -> tuple[int, int, int, str] | None:
    """Return year, month, when it was put up, and number; None where it is no release."""
    name, number = str(item.get("name")), str(item.get("id"))
    release = RELEASE.fullmatch(name)
    if not release or not ITEM.fullmatch(number) or release["month"].upper() not in MONTHS:
        return None
    created = item.get("created")
    return (
        int(release["year"]),
        MONTHS.index(release["month"].upper()),
        created if isinstance(created, int) else 0,
        number,
    )
