"""The code of whoever sent somebody here: `?via=CODE` on any link, carried to the pledge without a cookie.

Pages put it on their links that lead on to a pledge. So it stands in addresses alone, a cache keeps
each code’s page by itself, and it is gone as soon as somebody leaves.
"""

import re
from typing import Any

from flask import Flask, g, has_request_context, request

CODE = re.compile(r"[a-z0-9-]{1,40}", re.ASCII | re.IGNORECASE)
# Every one of them a step on somebody’s way to “I’m in”, also behind a group’s link or by telephone.
CARRYING = frozenset(
    {
        "pages.home", "pages.about", "pages.help", "pages.host_guide", "pages.accessibility",
        "pages.privacy", "moments.show", "events.index", "events.show", "groups.show",
        "pledges.checking", "pledges.confirm", "pledges.confirm_at_home",
        "through.ask", "through.done", "callers.start", "callers.find", "calls.to_event",
        "calls.at_home", "calls.done",
    }
)  # fmt: skip


def code_of(typed: str) -> str | None:
    """Return a partner’s code in small letters; None for what is none, which is no mistake of the reader’s."""
    return typed.lower() if CODE.fullmatch(typed) else None


def carry(typed: str) -> None:
    """Take the code of a form that was sent, whose address may have none."""
    g.partner_code = code_of(typed)


def carried() -> str | None:
    """Return the code that this request came with."""
    if not has_request_context():
        return None
    return g.get("partner_code") or code_of(request.args.get("via", ""))


def init_partner_codes(app: Flask) -> None:
    """Put the code on the links that lead on to a pledge, unless they say `via=` themselves."""

    def add(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint in CARRYING and "via" not in values:
            values["via"] = carried()

    app.url_defaults(add)
    app.add_template_global(carried, "partner_code")
