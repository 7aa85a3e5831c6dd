"""A nonce is given without a look-up where the same was asked for just now, and as it would be else."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, update
from werkzeug.test import TestResponse

from tests.pledges.test_checkpoints import event  # noqa: F401 -- a fixture
from tests.pledges.test_intake import parties, post, quick  # noqa: F401 -- a fixture
from webapp.events.models import Event, EventStatus
from webapp.pledges.nonces import Nonce
from webapp.pledges.offers import KEPT_SECONDS, MOST, OFFERS, Offers


@pytest.fixture
def clock(quick: Flask) -> list[float]:  # noqa: F811 -- a fixture
    """The time that the site’s short way goes by; to be changed."""
    now = [0.0]
    quick.extensions[OFFERS]._clock = lambda: now[0]
    return now


@pytest.fixture
def reached(quick: Flask, monkeypatch: pytest.MonkeyPatch) -> list[str]:  # noqa: F811 -- a fixture
    """A note for each request that took the ordinary way."""
    notes: list[str] = []
    monkeypatch.setitem(quick.before_request_funcs, None, [lambda: notes.append("ordinary")])
    return notes


def ask(app: Flask, query: str, **headers: Any) -> TestResponse:
    return app.test_client().get(f"/api/v1/pledges/nonce?{query}", headers=headers)


@pytest.mark.parametrize("kind", ["event", "moment"])
def test_the_second_time_needs_no_look_up_and_answers_as_the_first(
    quick: Flask,  # noqa: F811 -- a fixture
    event: Event,  # noqa: F811 -- a fixture
    reached: list[str],
    clock: list[float],
    kind: str,
) -> None:
    query = f"event={event.public_id}" if kind == "event" else f"moment={event.moments[0].slug}"

    first, second = ask(quick, query), ask(quick, query)

    assert reached == ["ordinary"]
    assert (first.status_code, second.status_code) == (200, 200)
    assert first.json is not None
    assert second.json is not None
    assert first.json["nonce"] != second.json["nonce"]
    assert first.mimetype == second.mimetype == "application/json"
    for name in ("Cache-Control", "X-Content-Type-Options", "Referrer-Policy"):
        assert first.headers[name] == second.headers[name]
    assert second.headers["Cache-Control"] == "no-store"


def test_its_nonce_is_good_for_a_pledge_to_the_same_once(
    quick: Flask,  # noqa: F811 -- a fixture
    engine: Engine,
    event: Event,  # noqa: F811 -- a fixture
    clock: list[float],
) -> None:
    nonces = [ask(quick, f"event={event.public_id}").json["nonce"] for _ in range(3)]  # type: ignore[index]

    for nonce in (*nonces, *nonces):
        taken = post(quick, f"/events/{event.public_id}/pledge", nonce=nonce, party="2")
        assert taken.status_code == 303
    assert post(quick, "/events/other/pledge", nonce=nonces[0], party="2").status_code == 404
    assert parties(engine) == [2, 2, 2]


def test_what_was_hidden_is_not_found_half_a_minute_later(
    quick: Flask,  # noqa: F811 -- a fixture
    engine: Engine,
    event: Event,  # noqa: F811 -- a fixture
    clock: list[float],
) -> None:
    query = f"event={event.public_id}"
    assert ask(quick, query).status_code == 200
    hidden = update(Event).where(Event.id == event.id).values(status=EventStatus.HIDDEN)
    with engine.begin() as connection:
        connection.execute(hidden)

    nonce = ask(quick, query).json["nonce"]  # type: ignore[index]
    clock[0] += KEPT_SECONDS + 1

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
    clock: list[float],
) -> None:
    query = f"event={event.public_id}"
    assert ask(quick, query).status_code == 200

    assert ask(quick, query, Host="evil.example").status_code == 400


def test_no_more_is_remembered_than_there_is_room_for() -> None:
    offers = Offers(lambda: 0.0)
    for number in range(MOST + 2):
        offers.keep(f"event={number}", Nonce.fresh(1, number, "/"))

    assert len(offers._known) <= MOST
    assert offers.fresh_nonce(f"event={MOST + 1}") is not None
