"""Addresses of websites as people write them."""

import re
from urllib.parse import urlsplit

LONGEST_WEBSITE = 300
SCHEMES = frozenset({"http", "https"})
HOST_NAME = re.compile(r"(?!-)[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z][a-z0-9-]+")


def parse_website(text: str) -> str:
    """Return the whole address: `example.org/choir` becomes `https://example.org/choir`.

    Raises ValueError for what is no page on the web, `javascript:` among it.
    """
    address = text if "://" in text else f"https://{text}"
    parts = urlsplit(address)  # raises ValueError where brackets or the like are odd
    is_plain = not re.search(r"[\s\\<>\"]", address) and "@" not in parts.netloc
    if parts.scheme.lower() not in SCHEMES or not is_plain or not _is_host(parts.hostname or ""):
        msg = "no address of a website"
        raise ValueError(msg)
    _ = parts.port  # raises ValueError where it is no number
    return parts._replace(scheme=parts.scheme.lower(), netloc=parts.netloc.lower()).geturl()


def _is_host(name: str) -> bool:
    """Tell whether a name can be a server’s; UnicodeError, where it cannot, is a ValueError."""
    return HOST_NAME.fullmatch(name.encode("idna").decode()) is not None
