"""What is kept beside a pledge, in both ways of taking it; nobody who pledges can tell."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session
from werkzeug.test import Client, TestResponse

from tests.pledges.test_checkpoints import event  # noqa: F401 -- a fixture
from webapp.app import create_app
from webapp.config import Settings
from webapp.database import utc_now
from webapp.events.models import Event
from webapp.pledges.buckets import Buckets
from webapp.pledges.nonces import Nonce, NonceSigner
from webapp.pledges.sides import PledgeSide, Signal


@pytest.fixture(params=[True, False], ids=["together", "ordinary"])
def behind_a_proxy(
    request: pytest.FixtureRequest, settings: Settings, owner_engine: Engine
) -> Iterator[Flask]:
    """The site behind one proxy, with its short way and without."""
    changes = {"takes_pledges_together": request.param, "trusted_proxies": 1}
    yield create_app(settings.model_copy(update=changes))
    with owner_engine.begin() as connection:
        connection.execute(text("TRUNCATE pledge_side, bucket_salt"))


def post(app: Flask, settings: Settings, event: Event, **how: object) -> TestResponse:  # noqa: F811
    """Pledge through a proxy that saw an address."""
    path = f"/events/{event.public_id}/pledge"
    nonce = NonceSigner(settings.secret_key).sign(Nonce.fresh(event.moments[0].id, event.id, path))
    data = {"nonce": nonce, "party": "2", **how.pop("data", {})}  # type: ignore[dict-item]
    headers = {"X-Forwarded-Host": settings.site_origin.partition("://")[2], **how}
    kind = "application/x-www-form-urlencoded"
    return Client(app).post(path, data=data, content_type=kind, headers=headers)


def sides(engine: Engine) -> list[PledgeSide]:
    with Session(engine) as session:
        return list(session.scalars(select(PledgeSide).order_by(PledgeSide.created_at)))


SAME = [
    ("one address", "203.0.113.7", "203.0.113.7", (True, True)),
    ("its neighbour", "203.0.113.7", "203.0.113.8", (False, True)),
    ("another network", "203.0.113.7", "203.0.112.7", (False, False)),
    ("what a forger wrote before it", "203.0.113.7", "10.0.0.1, 198.51.100.1, 203.0.113.7",
     (True, True)),
    ("one household of IPv6", "2001:db8:1:2::3", "2001:db8:1:2:ffff::9", (True, True)),
    ("two households of IPv6", "2001:db8:1:2::3", "2001:db8:1:3::3", (False, True)),
    ("two networks of IPv6", "2001:db8:1:2::3", "2001:db8:2:2::3", (False, False)),
]  # fmt: skip


@pytest.mark.parametrize(("case", "first", "second", "same"), SAME)
def test_a_bucket_is_the_address_that_the_proxy_saw(
    behind_a_proxy: Flask, settings: Settings, engine: Engine, event: Event,  # noqa: F811
    case: str, first: str, second: str, same: tuple[bool, bool],
) -> None:  # fmt: skip
    for address in (first, second):
        assert (
            post(behind_a_proxy, settings, event, **{"X-Forwarded-For": address}).status_code == 303
        )

    one, two = sides(engine)
    assert (one.bucket == two.bucket, one.wide_bucket == two.wide_bucket) == same


def test_an_address_from_within_tells_nothing(
    behind_a_proxy: Flask,
    settings: Settings,
    engine: Engine,
    event: Event,  # noqa: F811 -- a fixture
) -> None:
    for address in ("127.0.0.1", "10.1.2.3", "::1", "fd00::1", "fe80::1", "nonsense", ""):
        post(behind_a_proxy, settings, event, **{"X-Forwarded-For": address})

    assert {each.bucket for each in sides(engine)} == {None}


def test_a_filled_trap_and_a_missing_origin_are_noted_and_answered_as_ever(
    behind_a_proxy: Flask,
    settings: Settings,
    engine: Engine,
    event: Event,  # noqa: F811 -- a fixture
) -> None:
    person = {"participant": str(uuid4())}
    seen = {"X-Forwarded-For": "203.0.113.7", "Origin": settings.site_origin}
    answers = [
        post(behind_a_proxy, settings, event, **seen, data={**person, "leave_empty": ""}),
        post(behind_a_proxy, settings, event, **seen, data={**person, "leave_empty": "Ann"}),
        post(behind_a_proxy, settings, event, **{"X-Forwarded-For": "203.0.113.7"}, data=person),
        post(behind_a_proxy, settings, event, **seen),
    ]

    noted = [each.signals for each in sides(engine)]
    assert noted == [0, Signal.TRAPPED, Signal.NO_ORIGIN, Signal.QUICK]
    # Their bytes differ in the receipt’s own address alone.
    told = {
        (each.status_code, each.data.replace(each.location.encode(), b""), len(each.location),
         tuple((k, v) for k, v in each.headers if k not in {"Location", "Content-Length"}))
        for each in answers
    }  # fmt: skip
    assert len(told) == 1


def test_processes_share_the_salt_of_a_day_and_no_salt_lasts_longer(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, owner_engine: Engine
) -> None:
    one, another = Buckets(engine), Buckets(engine)
    today = one.side("203.0.113.7", 0)
    assert another.side("203.0.113.7", 0) == today

    tomorrow = utc_now() + timedelta(days=1)
    monkeypatch.setattr("webapp.pledges.buckets.utc_now", lambda: tomorrow)
    assert one.side("203.0.113.7", 0).bucket != today.bucket
    with owner_engine.begin() as connection:
        connection.execute(text("TRUNCATE bucket_salt"))
