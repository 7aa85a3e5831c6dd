"""What waits for staff, the oldest first."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from tests.checked_pages import PageClient, text_of
from tests.conftest import NOW
from tests.factories.accounts import make_user
from tests.factories.events import make_event
from tests.factories.groups import make_group
from tests.factories.moderation import make_concern
from webapp.accounts.models import User
from webapp.events.history import ChangeKind, note_change
from webapp.events.models import Event, EventStatus
from webapp.groups.models import Standing
from webapp.moderation.models import ConcernKind
from webapp.moderation.queries import items_waiting, waiting

SignIn = Callable[..., User]


def ago(**passed: int) -> datetime:
    return NOW - timedelta(**passed)


def in_review(session: Session, since: datetime, **changes: object) -> Event:
    event = make_event(session, **changes)
    event.status, event.submitted_at = EventStatus.IN_REVIEW, since
    session.flush()
    return event


def changed(session: Session, at: datetime, **changes: object) -> Event:
    """Return a public event that its host changed after staff had looked at it."""
    event = make_event(session, **changes)
    event.reviewed_version, event.version = 1, 2
    note_change(session, event, ChangeKind.EDITED, by=None, now=at)
    session.flush()
    return event


@pytest.fixture
def staff(session: Session, sign_in: SignIn) -> User:
    """One of staff, signed in."""
    return sign_in(make_user(session, staff=True))


def test_three_kinds_stand_in_one_queue_the_oldest_first(session: Session) -> None:
    new = in_review(session, ago(hours=2))
    edited = changed(session, ago(hours=5))
    told_of = make_event(session)
    make_concern(session, told_of, ago(hours=3))
    make_concern(session, told_of, ago(hours=1))
    make_event(session)

    items = items_waiting(session, limit=10)

    assert [each.event.id for each in items] == [edited.id, told_of.id, new.id]
    assert [each.since for each in items] == [ago(hours=5), ago(hours=3), ago(hours=2)]
    assert [(each.is_new, each.is_changed, each.concerns) for each in items] == [
        (False, True, 0), (False, False, 2), (True, False, 0),
    ]  # fmt: skip
    found = waiting(session)
    assert (found.items, found.new, found.changed, found.with_concerns) == (3, 1, 1, 1)
    assert found.oldest_since == ago(hours=5)


def test_an_event_with_several_reasons_waits_once(session: Session) -> None:
    event = changed(session, ago(hours=1))
    make_concern(session, event, ago(hours=4))

    [item] = items_waiting(session, limit=10)

    assert (item.is_changed, item.concerns, item.since) == (True, 1, ago(hours=4))


def test_a_home_address_stands_on_top(session: Session) -> None:
    in_review(session, ago(days=3))
    urgent = make_event(session)
    make_concern(session, urgent, ago(minutes=1), kind=ConcernKind.HOME_ADDRESS)

    assert items_waiting(session, limit=1)[0].event.id == urgent.id
    assert waiting(session).oldest_since == ago(days=3)


def test_nobody_looks_again_at_what_trusted_groups_change_or_what_is_settled(
    session: Session,
) -> None:
    changed(session, ago(hours=1), group=make_group(session, standing=Standing.TRUSTED))
    hidden = changed(session, ago(hours=1))
    hidden.status = EventStatus.HIDDEN
    make_concern(session, make_event(session), ago(hours=1), settled_at=NOW)
    session.flush()

    assert items_waiting(session, limit=10) == []
    assert waiting(session).oldest_since is None


@pytest.mark.usefixtures("staff")
def test_the_queue_says_how_long_the_oldest_has_waited_and_why(
    client: PageClient, session: Session
) -> None:
    in_review(session, ago(days=3), title="Old tea")
    make_concern(session, in_review(session, ago(hours=2)), ago(hours=1))
    session.commit()

    page = client.page("/staff/review")

    assert "The oldest has waited: 3 days" in page.text
    rows = [text_of(row) for row in page.all("tr")][1:]
    assert rows[0].startswith("Old tea New 3 days Saturday 5 June 2027, 2pm to 6pm")
    assert "1 told us" in rows[1]
    assert "Review what waits" in client.page("/staff").text


@pytest.mark.usefixtures("staff")
def test_an_empty_queue_says_so(client: PageClient) -> None:
    assert "Nothing waits" in client.page("/staff/review").text
    assert "Nothing waits" in client.page("/staff").text


@pytest.mark.usefixtures("staff")
@pytest.mark.parametrize("page", ["0", "-3", "9" * 30, "x", "2"])
def test_an_odd_page_of_the_queue_is_no_crash(
    client: PageClient, session: Session, page: str
) -> None:
    in_review(session, ago(hours=1))
    session.commit()

    assert client.page(f"/staff/review?page={page}").status == 200
    assert client.page(f"/staff/groups?page={page}").status == 200


@pytest.mark.usefixtures("staff")
def test_the_queue_has_pages_and_as_many_questions_for_many_rows_as_for_one(
    client: PageClient, session: Session, questions: list[str]
) -> None:
    counts = []
    for size in (1, 24):
        for number in range(size):
            event = in_review(session, ago(hours=number + 1), title=f"Tea {number}")
            make_concern(session, event, ago(hours=number + 1))
        session.commit()
        for path in ("/staff", "/staff/review", "/staff/groups"):
            questions.clear()
            session.expire_all()
            page = client.page(path)
            assert page.status == 200
            counts.append(len(questions))
    assert counts[:3] == counts[3:]
    assert len(client.page("/staff/review").all("tr")) == 21
    assert len(client.page("/staff/review?page=2").all("tr")) == 6


@pytest.mark.parametrize("path", ["/staff", "/staff/review", "/staff/groups"])
def test_to_others_these_pages_do_not_exist(
    client: PageClient, session: Session, sign_in: SignIn, path: str
) -> None:
    assert client.page(path).location == f"/account/sign-in?next={path}"
    sign_in(make_user(session))
    assert client.page(path).status == 404
