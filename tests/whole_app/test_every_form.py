"""Odd texts in every field of every form that any page has, found by walking all pages.

Either a sentence stands on the page and what was typed is kept, or it was taken and is shown as
text. Nothing becomes markup, and nothing is an error of ours. What the sentences say, and what is
saved, is tested with each form.
"""

import os
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.checked_pages import LABELLED, Page, PageClient
from tests.factories.accounts import make_user
from tests.whole_app.filled_forms import FilledForm, forms_of
from tests.whole_app.odd import DATES, TEXTS, check, same
from tests.whole_app.undone import undone
from tests.whole_app.walks import WALKERS, paths_of, walker
from tests.whole_app.world import World
from webapp.accounts.models import User

SignIn = Callable[..., User]
# A field’s name, and its form.
Found = tuple[str, FilledForm]
FEW = (
    "nothing", "a NUL", "an override", "a noncharacter", "markup", "an attribute", "a template",
    "a format", "right to left", "a long number", "10,000 characters",
)  # fmt: skip
TRIED = list((TEXTS | DATES).values()) if os.environ.get("SOAK") else [TEXTS[name] for name in FEW]
TOKEN = "csrf_token"
# Codes and what a device proves are never shown again; a honeypot is for those who are nobody.
FORGOTTEN = {"code", "credential", "leave_empty"}


@pytest.fixture
def world(app: Flask, session: Session) -> World:
    return World(app, session, make_user(session))


def pages(app: Flask, client: PageClient, world: World, who: str) -> Iterator[tuple[str, Page]]:
    """Yield the pages that are somebody’s to walk."""
    for path in paths_of(app, world, who):
        answer = client.page(path)
        if answer.status == 200 and answer.response.mimetype == "text/html":
            yield path, answer


def fields(app: Flask, client: PageClient, world: World, who: str) -> Iterator[Found]:
    """Yield every field of every form once, with its form; a draft’s id differs from page to page."""
    seen = set()
    for path, page in pages(app, client, world, who):
        for form in forms_of(page, path):
            for name in (*form.typed, *form.hidden):
                key = (form.action.rpartition("/")[2], form.action.count("/"), name)
                if key not in seen:
                    seen.add(key)
                    yield name, form


def try_odd(client: PageClient, form: FilledForm, name: str, typed: str) -> int:
    """Send a form with an odd text in one field, look at what comes of it, and return its status."""
    answer = client.send(form.action, replace(form, values={**form.values, name: [typed]}).values,
                         csrf=False)  # fmt: skip
    where = (form.action, name, typed[:40])
    check(answer, name, typed)
    if answer.status in {302, 303}:
        check(client.page(answer.location), name, typed)
    elif answer.status == 422 and name in form.typed:
        assert (answer.all("title")[0].text or "").startswith("Mistake:"), where
        if name not in FORGOTTEN and has_field(answer, name):
            assert same(answer.value(name), typed), where
    else:
        assert answer.status in {200, 400, 403, 404, 409, 410, 413, 422, 429}, where
    return answer.status


def has_field(page: Page, name: str) -> bool:
    """Tell whether a page has a field."""
    return any(each.get("name") == name for each in page.tree.iter() if each.tag in LABELLED)


@pytest.fixture(params=WALKERS)
def found(
    request: pytest.FixtureRequest,
    app: Flask,
    client: PageClient,
    session: Session,
    world: World,
    sign_in: SignIn,
) -> list[Found]:
    """Every field that somebody comes upon, with its form; they stay signed in."""
    assert world.known
    session.commit()
    if user := walker(session, world, request.param):
        sign_in(user)
    return list(fields(app, client, world, request.param))


def test_odd_texts_are_refused_with_a_sentence_or_shown_as_text(
    client: PageClient, session: Session, found: list[Found]
) -> None:
    # By now the session holds the token that the forms carry.
    cookies = dict(client._cookies or {})
    statuses: Counter[int] = Counter()
    for name, form in found:
        for typed in TRIED:
            with undone(session.connection()):
                try:
                    statuses[try_odd(client, form, name, typed)] += 1
                except AssertionError as error:
                    raise AssertionError((form.action, name, typed[:40])) from error
            client._cookies = dict(cookies)
    # Most are read by the form itself; a few are of no address or too late.
    assert statuses[422] + statuses[303] + statuses[302] > statuses.total() / 2, statuses


def test_all_mistakes_of_a_form_stand_above_it_in_the_order_of_the_page(
    client: PageClient, session: Session, found: list[Found]
) -> None:
    forms = {form.action.rpartition("/")[2]: form for _, form in found}
    cookies = dict(client._cookies or {})
    several = 0
    for form in forms.values():
        for typed in ("", TEXTS["an override"]):
            # Nothing is ticked or chosen; what a page wrote down itself is sent back.
            kept = {
                name: form.values[name] for name in form.values if name in (*form.hidden, TOKEN)
            }
            sent = kept | {name: [typed] for name in form.typed}
            with undone(session.connection()):
                # The client itself compares the summary with the page.
                several += len(client.send(form.action, sent, csrf=False).errors) > 1
            client._cookies = dict(cookies)
    assert several
