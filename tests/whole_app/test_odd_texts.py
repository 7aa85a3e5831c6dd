"""Odd texts in the forms of public pages, in addresses and codes, and wherever titles stand.

Either a sentence stands beside the field, what was typed is kept and nothing is saved, or the text
is saved and shown as text. What the sentences say is tested with each form;
all forms of the site are walked in `test_every_form.py`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.checked_pages import PageClient
from tests.factories.events import make_event
from tests.factories.groups import make_group
from tests.factories.moments import make_moment
from tests.whole_app.odd import DATES, TEXTS, check, same
from webapp.accounts.models import SignInCode, User
from webapp.forms import without_invisible
from webapp.pledges.models import LedgerEntry

SignIn = Callable[..., User]


@dataclass(frozen=True)
class Form:
    """A form: where it is sent, right answers, and what a right one adds to."""

    path: str
    answers: dict[str, Any]
    table: type
    csrf: bool = False


@pytest.fixture
def forms(client: PageClient, session: Session) -> dict[str, Form]:
    """The forms of public pages, ready to be sent."""
    event = make_event(session, moment=make_moment(session, slug="neighbours-day"))
    session.commit()
    nonce = client.page(f"/events/{event.public_id}/pledge").value("nonce")
    return {
        "pledge": Form(
            f"/events/{event.public_id}/pledge", {"party": "2", "nonce": nonce}, LedgerEntry
        ),
        "search": Form("/events/find", {"q": "Rochdale", "moment": ""}, LedgerEntry),
    }


FIELDS = ["pledge.party", "pledge.nonce", "search.q", "search.moment"]
TYPED = {"party", "q"}


def count(session: Session, table: type) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def send_odd(client: PageClient, session: Session, form: Form, name: str, typed: str) -> None:
    """Send a form with an odd text in a field, and see to it that it is refused or taken whole."""
    before = count(session, form.table)
    answer = client.send(form.path, form.answers | {name: typed}, csrf=form.csrf)
    after = count(session, form.table)
    check(answer, name, typed)
    if answer.status in {302, 303}:
        assert after <= before + 1
        following = client.page(answer.location)
        check(following, name, typed)
        return
    assert after == before, (name, typed)
    if answer.status in {200, 422}:
        assert answer.errors or "once more" in answer.text or name == "moment", (name, typed)
        assert name not in TYPED or same(answer.value(name), typed), (name, typed)
        others = TYPED & form.answers.keys() - {name}
        kept = {each: answer.value(each) for each in others}
        assert kept == {each: str(form.answers[each]) for each in others}


@pytest.mark.parametrize("where", FIELDS)
def test_an_odd_text_is_refused_with_a_sentence_or_shown_as_text(
    client: PageClient, session: Session, forms: dict[str, Form], where: str
) -> None:
    form, _, name = where.partition(".")

    for typed in (TEXTS | DATES).values():
        send_odd(client, session, forms[form], name, typed)


@pytest.mark.parametrize("where", FIELDS)
def test_a_field_that_is_missing_or_a_file_is_no_crash(
    client: PageClient, session: Session, forms: dict[str, Form], where: str
) -> None:
    kind, _, name = where.partition(".")
    form = forms[kind]
    others = {each: value for each, value in form.answers.items() if each != name}

    for answers in (others, others | {name: (BytesIO(b"GIF89a"), "tea.gif")}):
        before = count(session, form.table)
        answer = client.send(form.path, answers, csrf=form.csrf)

        assert answer.status in {200, 302, 303, 422}, name
        if answer.status in {200, 422}:
            assert count(session, form.table) == before


@pytest.mark.parametrize("typed", TEXTS.values(), ids=TEXTS)
def test_an_odd_text_as_address_or_code(client: PageClient, session: Session, typed: str) -> None:
    answer = client.send("/account/sign-in", {"email": typed})
    assert answer.errors
    assert same(answer.value("email"), typed)
    assert count(session, SignInCode) == 0

    client.send("/account/sign-in", {"email": "host@example.org"})
    answer = client.send("/account/code", {"code": typed})
    assert answer.errors
    check(answer, "code", typed)


@pytest.mark.parametrize("typed", TEXTS.values(), ids=TEXTS)
def test_an_odd_text_as_where_to_go_next_leads_nowhere_odd(
    client: PageClient, sign_in: SignIn, typed: str
) -> None:
    answer = client.send("/account/sign-in", {"email": "host@example.org", "next": typed})
    assert answer.status in {200, 302}

    sign_in()
    answer = client.send("/groups/new", {"name": "Elm", "sector": "other", "next": typed})
    assert answer.status == 200 or answer.location == "/host"


def test_a_very_long_address_to_go_to_next_stops_nobody(
    client: PageClient, sign_in: SignIn
) -> None:
    wanted = "/host?from=" + "x" * 600

    assert client.send("/account/sign-in", {"email": "a@example.org", "next": wanted}).status == 302
    sign_in()
    assert not client.page("/groups/new", query_string={"next": wanted}).value("next")


@pytest.mark.parametrize("path", ["/account/sign-in", "/groups/new"])
def test_json_instead_of_a_form_is_no_crash(client: PageClient, sign_in: SignIn, path: str) -> None:
    if path != "/account/sign-in":
        sign_in()
    token = client.page(path).value("csrf_token") if path != "/account/sign-in" else ""

    for body in ('{"name": 5, "title": {"a": 1}}', "[1]", "{", '"\\u0000"'):
        answer = client.post(
            path, data=body, content_type="application/json", headers={"X-CSRFToken": token}
        )
        assert answer.status_code < 500, body


@given(typed=st.text(max_size=130))
@examples(
    max_examples=40,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_any_text_at_all_as_search(
    client: PageClient, session: Session, forms: dict[str, Form], typed: str
) -> None:
    send_odd(client, session, forms["search"], "q", typed)


def test_odd_titles_and_names_are_text_wherever_they_stand(
    client: PageClient, session: Session, sign_in: SignIn
) -> None:
    moment, host = make_moment(session, slug="neighbours-day"), sign_in()
    odd = [without_invisible(text).strip()[:100] for text in TEXTS.values()]
    for text in filter(None, odd):
        group = make_group(session, by=host, name=text)
        make_event(session, moment=moment, group=group, title=text, description=text)
    session.commit()

    for path in (
        "/",
        "/events",
        "/moments/neighbours-day",
        f"/groups/{group.slug}",
        "/your-events",
    ):
        page = client.page(path)
        assert page.status == 200
        check(page, path, TEXTS["a template"])
    found = client.page("/api/v1/events.geojson?moment=neighbours-day").json["features"]
    assert {each["properties"]["title"] for each in found} == set(filter(None, odd))
