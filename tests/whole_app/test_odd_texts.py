"""Odd texts in every form: a sentence or a safe page, what was typed is kept, nothing half-saved."""

from collections.abc import Callable
from html import escape
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.checked_pages import Page, PageClient
from tests.factories.groups import make_group
from tests.factories.moments import make_moment
from tests.factories.places import make_place
from webapp.accounts.models import User
from webapp.events.models import Event
from webapp.groups.models import Group

SignIn = Callable[..., User]

NUL = "Tea\0 party"
BIDI = "Tea \u202egnitset party"
HTML = "<script>alert(1)</script> <b>Tea</b>"
TEMPLATE = "{{7*7}} ${7*7} <%= 7*7 %>"
EMOJI = "🎉🏴󠁧󠁢󠁷󠁬󠁳󠁿👨‍👩‍👧"
LONG = "x" * 10_000
FULL_WIDTH = "Ｔｅａ　ｐａｒｔｙ"

TEXTS = [NUL, BIDI, HTML, TEMPLATE, EMOJI, LONG, FULL_WIDTH, "", " ", "\u200b"]
EVENT_FIELDS = [
    "title",
    "description",
    "moment",
    "group",
    "starts_on",
    "starts_at",
    "ends_on",
    "ends_at",
    "venue_type",
    "venue_name",
    "place",
    "latitude",
    "longitude",
]


@pytest.fixture
def event_form(session: Session, sign_in: SignIn) -> dict[str, Any]:
    make_place(session)
    moment, group = make_moment(session), make_group(session, by=sign_in())
    session.commit()
    return {
        "title": "Tea on Elm Road",
        "description": "Come for a brew.",
        "moment": moment.id,
        "group": group.id,
        "starts_on": "2027-06-05",
        "starts_at": "14:00",
        "ends_at": "18:00",
        "venue_type": "public",
        "place": "Rochdale",
    }


def assert_safe(page: Page, typed: str) -> None:
    assert "<script>alert" not in page.html
    assert "49" not in page.text or typed != TEMPLATE
    assert "Traceback" not in page.html


@pytest.mark.parametrize("field", EVENT_FIELDS)
def test_any_text_in_any_field_of_an_event(
    client: PageClient, session: Session, event_form: dict[str, Any], field: str
) -> None:
    for typed in TEXTS:
        before = session.scalar(select(func.count(Event.id)))
        answer = client.send("/events/new", event_form | {field: typed})
        after = session.scalar(select(func.count(Event.id)))
        if answer.status == 303:
            assert after == (before or 0) + 1
            shown = client.page(answer.location.removesuffix("/listed"))
            assert_safe(shown, typed)
        else:
            assert (answer.status, after) == (422, before), typed
            assert answer.errors, (field, typed)
            assert_safe(answer, typed)
            if field != "title":
                assert answer.value("title") == "Tea on Elm Road"


@pytest.mark.parametrize("typed", TEXTS)
def test_any_text_as_the_name_of_a_group(
    client: PageClient, session: Session, sign_in: SignIn, typed: str
) -> None:
    sign_in()

    answer = client.send("/groups/new", {"name": typed, "sector": "sport"})

    saved = session.scalar(select(func.count(Group.id)))
    if answer.status in {302, 303}:
        assert saved == 1
    else:
        assert saved == 0
        assert answer.errors
        assert_safe(answer, typed)


@pytest.mark.parametrize("typed", TEXTS)
def test_any_text_as_an_address_or_a_code(client: PageClient, typed: str) -> None:
    answer = client.send("/account/sign-in", {"email": typed})

    assert answer.errors
    assert_safe(answer, typed)


@pytest.mark.parametrize("typed", [HTML, TEMPLATE, EMOJI, FULL_WIDTH])
def test_any_text_in_the_search_box_comes_back_as_it_was(
    client: PageClient, session: Session, typed: str
) -> None:
    make_moment(session)

    page = client.send("/events/find", {"q": typed}, csrf=False)

    assert page.status == 422
    assert page.value("q") == typed
    assert escape(typed, quote=False).replace("'", "&#39;")[:20] in page.html
