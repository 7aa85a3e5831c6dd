"""The sentences beside a page’s fields, as people who see the page read them."""

from tests.checked_pages import Page

FOR_SCREEN_READERS = "Mistake: "


def said(page: Page) -> list[str]:
    """Return the sentences without the word that stands in for their colour."""
    return [each.removeprefix(FOR_SCREEN_READERS) for each in page.errors]
