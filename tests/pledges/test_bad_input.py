"""Whatever is sent in place of a pledge gets its sentence, and the ledger holds what was promised.

Each row goes both ways in, the short one and the ordinary one, as a browser sends it with script and
without, and as a program does that asks for JSON.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from html import unescape
from urllib.parse import urlencode

import pytest
import time_machine
from flask import Flask
from sqlalchemy import Engine, delete, update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.conftest import NOW
from tests.factories.moments import make_moment
from tests.pledges.test_checkpoints import event  # noqa: F401 -- a fixture
from tests.pledges.test_intake import FORM, nonce, parties, path, quick  # noqa: F401 -- fixtures
from tests.pledges.test_rollup import fold_all
from webapp.config import Settings
from webapp.events.models import Event, EventStatus, event_moment
from webapp.pledges.actions import pledge
from webapp.pledges.nonces import Nonce, NonceSigner, Receipt
from webapp.pledges.queries import tally_of_moment

ORIGIN = {"Origin": "http://localhost"}
BROWSERS = {
    "without script": {"Accept": "text/html,application/xhtml+xml"},
    "with script": ORIGIN | {"Accept": "text/html", "Sec-Fetch-Mode": "navigate"},
    "a program": ORIGIN | {"Accept": "application/json"},
}
SAY_HOW_MANY = "Say how many of you are coming, from 1 to 12."
WHOLE = "Enter a whole number, such as 4."
CHOOSE = "Choose a number from 1 to 12."
TOO_OLD = "Nothing was counted: press “I’m in” once more."
NO_LONGER = "It is over, postponed or cancelled. Nothing was counted."
NOT_THERE = "There is nothing at this address"


@pytest.fixture(params=["the short way", "the ordinary way"])
def site(request: pytest.FixtureRequest, quick: Flask, app: Flask) -> Flask:  # noqa: F811 -- a fixture
    """The site, with its short way for pledges or without."""
    return quick if request.param == "the short way" else app


def post(site: Flask, address: str, body: str, kind: str = FORM) -> list[TestResponse]:
    """Send the same as each of the browsers does; return all answers, which have one status."""
    client, data = site.test_client(), body.encode()
    answers = [
        client.post(address, data=data, content_type=kind, headers=headers)
        for headers in BROWSERS.values()
    ]
    assert len({each.status_code for each in answers}) == 1
    return answers


def said(answer: TestResponse) -> str:
    return unescape(" ".join(answer.text.split()))


PARTIES: dict[str, tuple[str, str]] = {
    "none at all": ("", SAY_HOW_MANY),
    "empty": ("party=", SAY_HOW_MANY),
    **{
        typed: (urlencode({"party": typed}), CHOOSE)
        for typed in ("0", "-1", "13", "999999999999", "9" * 500, "٣", "1_0")
    },
    **{
        typed: (urlencode({"party": typed}), WHOLE)
        for typed in ("1.5", "1e3", "0x3", "[1,2]", "{}")
    },
    "two of them": ("party=1&party=2", CHOOSE),
    "the same twice": ("party=2&party=2", CHOOSE),
    "a list": ("party[]=1&party[]=2", SAY_HOW_MANY),
}


@pytest.mark.parametrize("name", PARTIES)
def test_what_is_no_party_is_asked_for_once_more(
    site: Flask,
    engine: Engine,
    path: str,  # noqa: F811 -- a fixture
    nonce: str,  # noqa: F811 -- a fixture
    name: str,
) -> None:
    body, sentence = PARTIES[name]
    for answer in post(site, path, f"{body}&{urlencode({'nonce': nonce})}"):
        assert answer.status_code == 422
        assert sentence in said(answer)
        assert nonce in answer.text  # so that the mistake, mended, makes one pledge
    assert parties(engine) == []
    mended = urlencode({"nonce": nonce, "party": "2"})
    assert post(site, path, mended)[0].status_code == 303
    assert parties(engine) == [2]


@pytest.mark.parametrize("kind", ["text/plain", "application/json", "text/plain; charset=utf-8"])
def test_json_is_no_form(
    site: Flask,
    engine: Engine,
    path: str,  # noqa: F811 -- a fixture
    nonce: str,  # noqa: F811 -- a fixture
    kind: str,
) -> None:
    body = json.dumps({"party": 2, "nonce": nonce})
    for answer in post(site, path, body, kind):
        assert answer.status_code == 422
        assert SAY_HOW_MANY in said(answer)
    assert parties(engine) == []


@dataclass(frozen=True)
class Made:
    """What a nonce can be made of."""

    signer: NonceSigner
    good: Nonce


NONCES: dict[str, Callable[[Made], str]] = {
    "empty": lambda _made: "",
    "cut": lambda made: made.signer.sign(made.good)[:-1],
    "cut in the middle": lambda made: made.signer.sign(made.good)[:20],
    "longer": lambda made: made.signer.sign(made.good) + "A",
    "foreign": lambda made: NonceSigner("of-another-site-altogether").sign(made.good),
    "of another event": lambda made: made.signer.sign(
        Nonce.fresh(made.good.moment_id, 2**40, "/events/zzzzzzzzzz/pledge")
    ),
    "for home": lambda made: made.signer.sign(Nonce.fresh(made.good.moment_id, None)),
    "a receipt": lambda made: made.signer.sign_receipt(Receipt(made.good.moment_id, made.good.key)),
    "another script": lambda _made: "ｎｏｎｃｅ",
    "nothing that can be seen": lambda _made: "\0\u200b",
}


@pytest.mark.parametrize("name", NONCES)
def test_a_nonce_that_is_none_gives_a_fresh_form_with_what_was_typed(
    site: Flask,
    settings: Settings,
    engine: Engine,
    event: Event,  # noqa: F811 -- a fixture
    path: str,  # noqa: F811 -- a fixture
    name: str,
) -> None:
    made = Made(NonceSigner(settings.secret_key), Nonce.fresh(event.moments[0].id, event.id, path))
    body = urlencode({"nonce": NONCES[name](made), "party": "7"})
    for answer in post(site, path, body):
        assert answer.status_code == 422
        assert TOO_OLD in said(answer)
        assert 'value="7"' in answer.text
    assert parties(engine) == []


def test_a_nonce_that_has_expired_gives_a_fresh_form_that_counts(
    site: Flask,
    engine: Engine,
    path: str,  # noqa: F811 -- a fixture
    nonce: str,  # noqa: F811 -- a fixture
    clock: time_machine.Traveller,
) -> None:
    clock.shift(timedelta(hours=49))
    answer = post(site, path, urlencode({"nonce": nonce, "party": "7"}))[0]

    assert answer.status_code == 422
    assert TOO_OLD in said(answer)
    fresh = answer.text.partition('name="nonce" value="')[2].partition('"')[0]
    assert fresh != nonce
    assert post(site, path, urlencode({"nonce": fresh, "party": "7"}))[0].status_code == 303
    assert parties(engine) == [7]


# By the clock of the database as well, which no test sets.
LONG_AGO = NOW - timedelta(days=400)
STATES: dict[str, tuple[dict[str, object], int, str]] = {
    "over": ({"ends_at": LONG_AGO, "starts_at": LONG_AGO - timedelta(hours=2)}, 422, NO_LONGER),
    "cancelled": ({"status": EventStatus.CANCELLED}, 422, NO_LONGER),
    "postponed": ({"status": EventStatus.POSTPONED}, 422, NO_LONGER),
    "hidden": ({"status": EventStatus.HIDDEN}, 404, NOT_THERE),
    "a draft": ({"status": EventStatus.DRAFT}, 404, NOT_THERE),
    "in review": ({"status": EventStatus.IN_REVIEW}, 404, NOT_THERE),
}  # fmt: skip


@pytest.mark.parametrize("name", STATES)
def test_an_event_that_takes_no_pledges_says_so(
    site: Flask,
    engine: Engine,
    event: Event,  # noqa: F811 -- a fixture
    path: str,  # noqa: F811 -- a fixture
    nonce: str,  # noqa: F811 -- a fixture
    name: str,
) -> None:
    values, status, sentence = STATES[name]
    with Session(engine) as session, session.begin():
        session.execute(update(Event).where(Event.id == event.id).values(**values))
    for answer in post(site, path, urlencode({"nonce": nonce, "party": "2"})):
        assert answer.status_code == status
        assert sentence in said(answer)
    assert parties(engine) == []


def test_who_comes_to_a_full_event_waits_and_is_told_so(
    site: Flask,
    settings: Settings,
    engine: Engine,
    event: Event,  # noqa: F811 -- a fixture
    path: str,  # noqa: F811 -- a fixture
) -> None:
    with Session(engine) as session, session.begin():
        session.execute(update(Event).where(Event.id == event.id).values(capacity=2))
        pledge(session, Nonce.fresh(event.moments[0].id, event.id), party=2)
    fresh = Nonce.fresh(event.moments[0].id, event.id, path)
    body = urlencode({"nonce": NonceSigner(settings.secret_key).sign(fresh), "party": "3"})
    answers = post(site, path, body)

    assert {answer.location for answer in answers} == {answers[0].location}
    page = site.test_client().get(answers[0].location)
    assert "You’re on the waiting list" in said(page)
    assert parties(engine) == [2, 3, -3]


def test_a_receipt_that_was_withdrawn_changes_nothing_any_more(
    site: Flask,
    engine: Engine,
    path: str,  # noqa: F811 -- a fixture
    nonce: str,  # noqa: F811 -- a fixture
) -> None:
    body = urlencode({"nonce": nonce, "party": "3"})
    receipt = post(site, path, body)[0].location.partition("?")[0]
    assert site.test_client().post(f"{receipt}/withdraw").status_code == 303
    assert parties(engine) == [3, -3]

    change = post(site, f"{receipt}/change", "party=5")
    assert change[0].status_code == 422
    for answer in (*change, *post(site, f"{receipt}/withdraw", "")):
        assert "withdrawn" in said(answer)
    # The form that made it, sent again, leads to the same receipt, which says what became of it.
    again = post(site, path, body)[0]
    assert again.location.partition("?")[0] == receipt
    assert "You have withdrawn" in said(site.test_client().get(again.location))
    assert parties(engine) == [3, -3]


def test_a_form_from_before_its_event_got_another_moment_counts_there(
    site: Flask,
    engine: Engine,
    event: Event,  # noqa: F811 -- a fixture
    path: str,  # noqa: F811 -- a fixture
    nonce: str,  # noqa: F811 -- a fixture
) -> None:
    with Session(engine) as session, session.begin():
        other = make_moment(session).id
        session.execute(delete(event_moment).where(event_moment.c.event_id == event.id))
        session.execute(event_moment.insert().values(event_id=event.id, moment_id=other))
    body = urlencode({"nonce": nonce, "party": "3"})
    assert post(site, path, body)[0].status_code == 303
    fold_all(engine)

    fold_all(engine)
    with Session(engine) as session:
        assert tally_of_moment(session, other).people == 3
        assert tally_of_moment(session, event.moments[0].id).people == 0
