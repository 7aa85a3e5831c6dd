"""Reading which group somebody means from the address of its page."""

import re
from urllib.parse import urlsplit

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def slug_of_address(text: str) -> str | None:
    """Return which group a page’s address means: the part after /groups/, or that part alone."""
    try:
        path = urlsplit(text if "//" in text else f"//{text}").path if "/" in text else text
    except ValueError:
        return None
    _before, found, rest = path.rpartition("groups/")
    slug = (rest if found else path).strip("/ ").split("/")[0].lower()
    return slug if SLUG.fullmatch(slug) else None
