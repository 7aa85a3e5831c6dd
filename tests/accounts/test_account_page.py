"""The page of whoever is signed in."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from tests.checked_pages import PageClient
from tests.factories.groups import make_group
from webapp.accounts.models import User


def test_without_a_group_it_says_what_to_do_next(
    client: PageClient, sign_in: Callable[..., User]
) -> None:
    user = sign_in()
    page = client.page("/account")
    assert "Tell us who you are" in page.text
    assert "/groups/new" in page.links
    assert user.email in page.text


def test_it_shows_somebodys_own_groups_alone(
    session: Session, client: PageClient, sign_in: Callable[..., User]
) -> None:
    user = sign_in()
    make_group(session, by=user, name="Elm Road")
    make_group(session, name="Somebody else’s")
    page = client.page("/account")
    assert "/groups/elm-road" in page.links
    assert "Somebody else’s" not in page.text
    assert "/events/new" in page.links


def test_its_questions_do_not_grow_with_the_groups(
    session: Session, client: PageClient, sign_in: Callable[..., User], questions: list[str]
) -> None:
    user = sign_in()
    counts = []
    for _ in range(2):
        make_group(session, by=user)
        make_group(session, by=user)
        session.commit()
        questions.clear()
        client.page("/account")
        counts.append(len(questions))
    assert counts[0] == counts[1]
