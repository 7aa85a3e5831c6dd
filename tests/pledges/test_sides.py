"""What is kept beside a pledge, in both ways of taking it; nobody who pledges can tell."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session
from werkzeug.test import Client, TestResponse

from tests.own_site import site_with
from tests.pledges.test_checkpoints import event  # noqa: F401 -- a fixture
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
    with site_with(settings, **changes) as app:
        yield app
    with owner_engine.begin() as connection:
        connection.execute(text("TRUNCATE pledge_side, bucket_salt"))


def post(app: Flask, settings: Settings, event: Event, **how: object) -> TestResponse:  # noqa: F811 -- a fixture’s name
    """Pledge through a proxy that saw an address."""
    path = f"/events/{event.public_id}/pledge"
    nonce = NonceSigner(settings.secret_key).sign(Nonce.fresh(event.moments[0].id, event.id, path))
    data = {"nonce": nonce, "party": "2", **how.pop("data", {})}  # type: ignore[dict-item]  # data alone is no text
    headers = {"X-Forwarded-Host": settings.site_origin.partition("://")[2], **how}
    kind = "application/x-www-form-urlencoded"
    return Client(app).post(
        path,
        data=data,
        content_type=kind,
        headers=headers,
        base_url=settings.site_origin,
        environ_overrides={"REMOTE_ADDR": "203.0.113.250"},
    )


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
    behind_a_proxy: Flask, settings: Settings, engine: Engine, event: Event,  # noqa: F811 -- a fixture
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
    for address in ("127.0.0.1", "10.1.2.3", "::1", "fd00::1", "fe80::1", "nonsense"):
        post(behind_a_proxy, settings, event, **{"X-Forwarded-For": address})

    assert {each.bucket for each in sides(engine)} == {None}


def test_a_filled_trap_and_a_missing_origin_are_noted_and_answered_as_ever(
    behind_a_proxy: Flask,
    settings: Settings,
    engine: Engine,
    event: Event,  # noqa: F811 -- a fixture
) -> None:
    person = {"participant": str(uuid4())}
    proxy = {"X-Forwarded-For": "203.0.113.7"}
    seen = proxy | {"Origin": settings.site_origin}
    sent: list[tuple[dict[str, str], dict[str, str]]] = [
        (seen, person | {"leave_empty": ""}),
        (seen, person | {"leave_empty": "Ann"}),
        (proxy, person),
        (seen, {}),
        (seen | {"Origin": "https://evil.example"}, person),
        (seen | {"Origin": "null"}, person),
    ]
    answers = [post(behind_a_proxy, settings, event, **how, data=data) for how, data in sent]

    noted = [each.signals for each in sides(engine)]
    odd = [Signal.TRAPPED, Signal.NO_ORIGIN, Signal.QUICK, Signal.FOREIGN, Signal.FOREIGN]
    assert noted == [0, *odd]
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


@pytest.mark.parametrize("together", [True, False])
def test_nobody_is_believed_about_addresses_but_the_proxies_declared(
    settings: Settings,
    engine: Engine,
    event: Event,  # noqa: F811 -- a fixture
    *,
    together: bool,
) -> None:
    changes = {"takes_pledges_together": together}
    hosts = ", ".join([settings.site_origin.partition("://")[2]] * 2)
    with (
        site_with(settings, **changes) as alone,
        site_with(settings, **changes, trusted_proxies=2) as behind_two,
    ):
        for forged in ("", "192.0.2.1, ", "192.0.2.2, 192.0.2.3, "):
            seen = {
                "X-Forwarded-For": f"{forged}203.0.113.7, 198.51.100.9",
                "X-Forwarded-Host": hosts,
            }
            for each in (alone, behind_two):
                assert post(each, settings, event, **seen).status_code == 303

    found = [each.bucket for each in sides(engine)]
    assert found[0::2] == [found[0]] * 3
    assert found[1::2] == [found[1]] * 3
    assert None not in found
    assert found[0] != found[1]
