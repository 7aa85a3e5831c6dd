"""Staff find groups, see whom to call, and say how far each is trusted."""

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.checked_pages import PageClient
from tests.factories.accounts import make_user
from tests.factories.groups import make_group
from webapp.accounts.models import User
from webapp.groups.models import Group, Standing
from webapp.moderation.models import StandingChange

SignIn = Callable[..., User]


@pytest.fixture
def staff(session: Session, sign_in: SignIn) -> User:
    """One of staff, signed in."""
    return sign_in(make_user(session, staff=True, email="sam@example.org"))


@pytest.fixture
def group(session: Session) -> Group:
    """A group whose organiser has no e-mail."""
    made = make_group(session, name="Elm Road 100%")
    made.contact_phone = "01632 960123"
    made.helper_id = make_user(session, email="helper@example.org").id
    session.commit()
    return made


@pytest.mark.usefixtures("staff", "group")
@pytest.mark.parametrize(
    ("typed", "is_found"),
    [("elm", True), ("100%", True), ("", True), ("oak", False), ("%", True), ("_", False)],
)
def test_a_group_is_found_by_a_part_of_its_name(
    client: PageClient, typed: str, is_found: bool
) -> None:
    page = client.page("/staff/groups", query_string={"q": typed})

    assert ("Elm Road 100%" in page.text) is is_found
    assert ("No group has such a name" in page.text) is not is_found


@pytest.mark.usefixtures("staff", "group")
@pytest.mark.parametrize("typed", ["x" * 5000, "a\u202eb"])
def test_an_odd_search_is_refused_with_a_sentence(client: PageClient, typed: str) -> None:
    page = client.page("/staff/groups", query_string={"q": typed})

    assert page.status == 422
    assert page.errors


@pytest.mark.usefixtures("staff")
def test_staff_see_the_phone_number_and_the_helper_and_nobody_else_does(
    client: PageClient, group: Group
) -> None:
    text = client.page(f"/staff/groups/{group.slug}").text

    assert "01632 960123" in text
    assert "helper@example.org" in text
    public = client.page(f"/groups/{group.slug}")
    assert "960123" not in public.html
    assert "helper@example.org" not in public.html


def test_trust_is_given_and_taken_with_a_reason(
    client: PageClient, session: Session, group: Group, staff: User
) -> None:
    path = f"/staff/groups/{group.slug}"
    client.send(path, {"standing": "trusted", "reason": "Met them."})
    session.expire_all()
    assert group.standing is Standing.TRUSTED
    client.send(path, {"standing": "unverified", "reason": "Spam."})

    session.expire_all()
    assert group.standing is Standing.UNVERIFIED
    changes = session.execute(select(StandingChange).order_by(StandingChange.id)).scalars().all()
    assert [(each.standing, each.reason, each.by_id) for each in changes] == [
        (Standing.TRUSTED, "Met them.", staff.id),
        (Standing.UNVERIFIED, "Spam.", staff.id),
    ]
    text = client.page(path).text
    assert "Met them." in text
    assert "sam@example.org" in text


@pytest.mark.usefixtures("staff")
@pytest.mark.parametrize(
    "answers",
    [
        {"standing": "trusted", "reason": ""},
        {"standing": "trusted", "reason": "x" * 5000},
        {"standing": "royal", "reason": "Met them."},
        {"reason": "Met them."},
    ],
)
def test_without_a_reason_nothing_changes(
    client: PageClient, session: Session, group: Group, answers: dict[str, str]
) -> None:
    page = client.send(f"/staff/groups/{group.slug}", answers)
    session.expire_all()

    assert page.status == 422
    assert "There is a problem" in page.text
    assert group.standing is Standing.UNVERIFIED


@pytest.mark.usefixtures("staff")
def test_the_same_standing_again_is_no_change(
    client: PageClient, session: Session, group: Group
) -> None:
    path = f"/staff/groups/{group.slug}"
    for _ in range(2):
        client.send(path, {"standing": "trusted", "reason": "Met them."})

    assert len(session.execute(select(StandingChange)).all()) == 1
