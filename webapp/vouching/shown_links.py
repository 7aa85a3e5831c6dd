"""Links of windows on the device where they were opened: in its session, as long as they lead anywhere.

The site keeps no more than a hash, so nobody else is shown the link.
"""

from collections.abc import MutableMapping
from datetime import UTC, datetime
from typing import Any

from webapp.vouching.models import GroupWindow

KEY = "window_links"
MOST_KEPT = 4


def keep_link(cookie: MutableMapping[str, Any], window: GroupWindow, token: str) -> None:
    """Remember the link of a window that was opened just now, and forget those that are over."""
    begun = window.opened_at.timestamp()
    kept = [each for each in cookie.get(KEY, []) if each["until"] > begun]
    until = int(window.closes_at.timestamp())
    link = {"window": window.id, "token": token, "until": until}
    cookie[KEY] = [*kept, link][-MOST_KEPT:]


def kept_token(cookie: MutableMapping[str, Any], window: GroupWindow, now: datetime) -> str | None:
    """Return the token of a window’s link where this device opened it and it is still open."""
    if not window.is_open(now):
        return None
    for each in cookie.get(KEY, []):
        if each["window"] == window.id and datetime.fromtimestamp(each["until"], UTC) > now:
            return str(each["token"])
    return None
