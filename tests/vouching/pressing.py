"""Forms of one page that are posted to another address."""

from typing import Any

from tests.checked_pages import Page, PageClient


def press(client: PageClient, shown: str, action: str, **typed: Any) -> Page:
    """Post a form that a page shows, with the token that stands on it."""
    token = client.page(shown).value("csrf_token")
    return client.send(action, {**typed, "csrf_token": token}, csrf=False)


def say_in(client: PageClient, link: str, **typed: Any) -> Page:
    """Say “I’m in” behind a window’s link, as a browser without script does."""
    nonce = client.page(link).value("nonce")
    return client.send(link, {"nonce": nonce, "party": "1", **typed}, csrf=False)
