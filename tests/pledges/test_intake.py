"""The short way for a pledge answers as the ordinary one does, and leaves to it what it must say."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.conftest import NOW
from tests.own_site import site_with
from tests.pledges.test_checkpoints import event  # noqa: F401 -- a fixture
from webapp.config import Settings
from webapp.events.models import Event, EventStatus
from webapp.pledges.models import LedgerEntry
from webapp.pledges.nonces import Nonce, NonceSigner

FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def quick(settings: Settings) -> Iterator[Flask]:
    """The site with its short way."""
    with site_with(settings, takes_pledges_together=True) as app:
        yield app


@pytest.fixture
def path(event: Event) -> str:  # noqa: F811 -- a fixture
    """Where a pledge for the event is posted."""
    return f"/events/{event.public_id}/pledge"


@pytest.fixture
def nonce(settings: Settings, event: Event, path: str) -> str:  # noqa: F811 -- a fixture
    """A nonce for it."""
    fresh = Nonce.fresh(event.moments[0].id, event.id, path)
    return NonceSigner(settings.secret_key).sign(fresh)


def parties(engine: Engine) -> list[int]:
    with Session(engine) as session:
        return list(session.scalars(select(LedgerEntry.party_change).order_by(LedgerEntry.id)))


def post(app: Flask, path: str, **data: Any) -> TestResponse:
    return app.test_client().post(path, data=data, content_type=FORM)


def test_a_pledge_is_taken_and_leads_to_its_receipt(
    quick: Flask, engine: Engine, path: str, nonce: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    reached: list[str] = []
    monkeypatch.setitem(quick.before_request_funcs, None, [lambda: reached.append("ordinary")])

    answer = post(quick, path, nonce=nonce, party="3")

    assert reached == []
    assert answer.status_code == 303
    assert answer.headers["Cache-Control"] == "no-store"
    monkeypatch.undo()
    page = quick.test_client().get(answer.headers["Location"])
    assert (
        "3 people from you" in " ".join(page.text.split()).replace("</p> <h2>", " ")
        or "3" in page.text
    )
    assert parties(engine) == [3]


def test_both_ways_lead_to_the_same_receipt(
    quick: Flask, app: Flask, engine: Engine, path: str, nonce: str
) -> None:
    first = post(quick, path, nonce=nonce, party="3")
    again = app.test_client().post(path, data={"nonce": nonce, "party": "3"})

    assert first.headers["Location"] == again.headers["Location"]
    for name in ("Cache-Control", "X-Content-Type-Options", "Referrer-Policy"):
        assert first.headers[name] == again.headers[name]
    assert parties(engine) == [3]


def test_in_welsh_it_leads_to_a_receipt_in_welsh(quick: Flask, path: str, nonce: str) -> None:
    assert post(quick, f"/cy{path}", nonce=nonce, party="3").location.startswith("/cy/pledges/")


def test_a_hundred_posts_of_one_nonce_at_once_are_one_pledge(
    quick: Flask, engine: Engine, path: str, nonce: str
) -> None:
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _n: post(quick, path, nonce=nonce, party="2"), range(100)))

    assert {answer.status_code for answer in answers} == {303}
    assert len({answer.location for answer in answers}) == 1
    assert parties(engine) == [2]


@pytest.mark.parametrize(
    "party", ["0", "-1", "13", "1.5", "1e3", "999999999999", "٣", "", "2&party=3", "[1]", "02"]
)
def test_what_is_no_party_is_counted_never_or_as_the_ordinary_way_reads_it(
    quick: Flask, engine: Engine, path: str, nonce: str, party: str
) -> None:
    answer = quick.test_client().post(path, data=f"nonce={nonce}&party={party}", content_type=FORM)

    counted = parties(engine)
    assert (answer.status_code, counted) in [(422, []), (303, [2])]
    assert counted == [] or party in {"2&party=3", "02"}


@pytest.mark.parametrize(
    "headers",
    [{"Host": "evil.example"}, {"Content-Type": "text/plain"}],
)
def test_what_is_no_form_of_ours_is_refused(
    quick: Flask, engine: Engine, path: str, nonce: str, headers: dict[str, str]
) -> None:
    answer = quick.test_client().post(
        path, data=f"nonce={nonce}&party=2", headers={"Content-Type": FORM} | headers
    )

    assert answer.status_code in {400, 403, 422}
    assert parties(engine) == []


@pytest.mark.parametrize("length", ["one more", "9" * 5000, "-1"])
def test_a_body_that_is_not_as_long_as_is_said_pledges_nothing(
    quick: Flask, engine: Engine, path: str, nonce: str, length: str
) -> None:
    body = f"nonce={nonce}&party=1".encode()
    given = {"CONTENT_LENGTH": str(len(body) + 1) if length == "one more" else length}
    answer = quick.test_client().post(
        path, input_stream=BytesIO(body), content_type=FORM, environ_overrides=given
    )

    assert answer.status_code in {400, 413, 422}
    assert parties(engine) == []


@pytest.mark.parametrize(
    "change",
    [
        {"status": EventStatus.CANCELLED},
        {"status": EventStatus.HIDDEN},
        {"status": EventStatus.DRAFT},
        {"starts_at": NOW - timedelta(days=2000), "ends_at": NOW - timedelta(days=1999)},
    ],
)
def test_what_is_not_open_is_said_by_the_ordinary_way(
    quick: Flask,
    engine: Engine,
    event: Event,  # noqa: F811 -- a fixture
    path: str,
    nonce: str,
    change: dict[str, object],
) -> None:
    with engine.begin() as connection:
        connection.execute(update(Event).where(Event.id == event.id).values(change))

    answer = post(quick, path, nonce=nonce, party="2")

    assert answer.status_code in {404, 422}
    assert parties(engine) == []


def test_a_nonce_of_another_event_is_not_taken(
    quick: Flask,
    engine: Engine,
    event: Event,  # noqa: F811 -- a fixture
    path: str,
    settings: Settings,
) -> None:
    other = Nonce.fresh(event.moments[0].id, event.id, "/events/another/pledge")
    token = NonceSigner(settings.secret_key).sign(other)
    for wrong in (token[:-2], token[::-1], "", "0"):
        assert post(quick, path, nonce=wrong, party="2").status_code == 422

    assert parties(engine) == []


def test_it_knows_the_device_as_the_ordinary_way_does(
    quick: Flask, engine: Engine, path: str, nonce: str
) -> None:
    token = "0f0e8a1c-1111-4222-8333-444455556666"
    post(quick, path, nonce=nonce, party="2", participant=token)

    with Session(engine) as session:
        assert str(session.scalars(select(LedgerEntry.participant)).one()) == token


@pytest.mark.parametrize(("via", "kept"), [("Shop-1", "shop-1"), ("a b", None), ("é", None)])
def test_it_knows_who_sent_somebody_as_the_ordinary_way_does(
    quick: Flask, engine: Engine, path: str, nonce: str, via: str, kept: str | None
) -> None:
    assert post(quick, path, nonce=nonce, party="2", via=via).status_code == 303

    with Session(engine) as session:
        assert session.scalars(select(LedgerEntry.via)).one() == kept
