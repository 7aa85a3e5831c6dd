"""A nonce is given without a look-up where the same was asked for just now, and as it would be else."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, update
from sqlalchemy.event import listen
from werkzeug.test import TestResponse

from tests.pledges.test_checkpoints import event  # noqa: F401 -- a fixture
from tests.pledges.test_intake import parties, post, quick  # noqa: F401 -- a fixture
from webapp.events.models import Event, EventStatus
from webapp.extensions import db
from webapp.pledges import offers
from webapp.pledges.nonces import NonceSigner


@pytest.fixture
def statements(quick: Flask) -> list[str]:  # noqa: F811 -- a fixture
    """What the site’s short way asks the database."""
    sent: list[str] = []
    with quick.app_context():
        listen(db.engine, "before_cursor_execute", lambda *given: sent.append(given[2]))
    return sent


@pytest.fixture
def reached(quick: Flask, monkeypatch: pytest.MonkeyPatch) -> list[str]:  # noqa: F811 -- a fixture
    """A note for each request that took the ordinary way."""
    notes: list[str] = []
    monkeypatch.setitem(quick.before_request_funcs, None, [lambda: notes.append("ordinary")])
    return notes


def ask(app: Flask, query: str, **headers: Any) -> TestResponse:
    return app.test_client().get(f"/api/v1/pledges/nonce?{query}", headers=headers)


@pytest.mark.parametrize("kind", ["event", "moment"])
def test_it_answers_as_the_ordinary_way_does_and_the_second_time_without_a_look_up(
    app: Flask,
    quick: Flask,  # noqa: F811 -- a fixture
    event: Event,  # noqa: F811 -- a fixture
    reached: list[str],
    statements: list[str],
    kind: str,
) -> None:
    query = f"event={event.public_id}" if kind == "event" else f"moment={event.moments[0].slug}"

    ordinary, first, second = ask(app, query), ask(quick, query), ask(quick, query)

    assert reached == []
    assert len(statements) == 1
    answers = (ordinary, first, second)
    assert {answer.status_code for answer in answers} == {200}
    path = f"/{kind}s/{query.partition('=')[2]}/pledge"
    read = [NonceSigner(quick.secret_key).read_for(each.json["nonce"], path) for each in answers]
    assert len({nonce.key for nonce in read}) == 3
    assert len({(nonce.moment_id, nonce.event_id) for nonce in read}) == 1
    assert ordinary.mimetype == second.mimetype == "application/json"
    for name in ("Cache-Control", "X-Content-Type-Options", "Referrer-Policy"):
        assert ordinary.headers[name] == second.headers[name]
    assert second.headers["Cache-Control"] == "no-store"


def test_its_nonce_is_good_for_a_pledge_to_the_same_once(
    quick: Flask,  # noqa: F811 -- a fixture
    engine: Engine,
    event: Event,  # noqa: F811 -- a fixture
) -> None:
    nonces = [ask(quick, f"event={event.public_id}").json["nonce"] for _ in range(3)]  # type: ignore[index]  # an answer in JSON

    for nonce in (*nonces, *nonces):
        taken = post(quick, f"/events/{event.public_id}/pledge", nonce=nonce, party="2")
        assert taken.status_code == 303
    assert post(quick, "/events/other/pledge", nonce=nonces[0], party="2").status_code == 404
    assert parties(engine) == [2, 2, 2]


def test_what_was_hidden_is_not_found_half_a_minute_later(
    quick: Flask,  # noqa: F811 -- a fixture
    engine: Engine,
    event: Event,  # noqa: F811 -- a fixture
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    query = f"event={event.public_id}"
    assert ask(quick, query).status_code == 200
    hidden = update(Event).where(Event.id == event.id).values(status=EventStatus.HIDDEN)
    with engine.begin() as connection:
        connection.execute(hidden)

    nonce = ask(quick, query).json["nonce"]  # type: ignore[index]  # an answer in JSON
    monkeypatch.setattr(offers, "KEPT_SECONDS", -1.0)

    assert ask(quick, query).status_code == 404
    refused = post(quick, f"/events/{event.public_id}/pledge", nonce=nonce, party="2")
    assert refused.status_code == 404
    assert parties(engine) == []


@pytest.mark.parametrize(
    "query",
    ["", "event=", "event=nothing", "moment=nothing", "event=%00", "event=../x", "events=a"],
)
def test_what_is_not_there_is_not_found_however_often_it_is_asked_for(
    quick: Flask,  # noqa: F811 -- a fixture
    event: Event,  # noqa: F811 -- a fixture
    query: str,
) -> None:
    assert [ask(quick, query).status_code for _ in range(2)] == [404, 404]


def test_under_another_name_nothing_is_given(
    quick: Flask,  # noqa: F811 -- a fixture
    event: Event,  # noqa: F811 -- a fixture
) -> None:
    query = f"event={event.public_id}"
    assert ask(quick, query).status_code == 200

    assert ask(quick, query, Host="evil.example").status_code == 400


def test_no_more_is_remembered_than_there_is_room_for(
    engine: Engine,
    event: Event,  # noqa: F811 -- a fixture
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(offers, "MOST", 1)
    asked = (f"event={event.public_id}", f"moment={event.moments[0].slug}")
    kept = offers.Offers(engine)

    assert [kept.fresh_nonce(each) is not None for each in asked * 2] == [True] * 4
    assert len(kept._known) == 1


def test_those_who_wait_together_are_asked_for_together_and_each_gets_a_nonce_of_their_own(
    quick: Flask,  # noqa: F811 -- a fixture
    event: Event,  # noqa: F811 -- a fixture
    statements: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(offers, "KEPT_SECONDS", 0)
    query = f"event={event.public_id}"
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _n: ask(quick, query), range(40)))

    assert len({answer.json["nonce"] for answer in answers}) == 40
    assert len(statements) <= 40
