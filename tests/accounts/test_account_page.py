"""The page of whoever is signed in."""

from collections.abc import Callable

from tests.checked_pages import PageClient
from webapp.accounts.models import User


def test_without_a_group_it_says_what_to_do_next(
    client: PageClient, sign_in: Callable[..., User]
) -> None:
    user = sign_in()
    page = client.page("/account")
    assert "Tell us who you are" in page.text
    assert "/groups/new" in page.links
    assert user.email in page.text
