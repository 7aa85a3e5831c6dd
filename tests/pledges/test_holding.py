"""Which pledges are held: none is refused, and the ledger and the tallies agree throughout."""

import re
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from tests.factories.pledges import make_contact
from tests.pledges.test_rollup import committed, fold_all  # noqa: F401 -- a fixture
from webapp.events.models import Event
from webapp.pledges.actions import NotInForceError, Taking, change_party, pledge, withdraw
from webapp.pledges.judging import (
    ADDRESS,
    DEVICE,
    NETWORK,
    ORIGIN,
    TRAP,
    Case,
    Count,
    Key,
    Where,
    judge,
)
from webapp.pledges.nonces import Nonce, NonceSigner, Receipt
from webapp.pledges.queries import party_in_force, people_held, tally_of_moment
from webapp.pledges.recount import differences
from webapp.pledges.releasing import CONFIRMED, release
from webapp.pledges.rollup import fold_new_entries
from webapp.pledges.sides import Side, Signal

HOUR = datetime(2027, 6, 1, 10, tzinfo=UTC)
FORM_NONCE = re.compile(r'name="nonce" value="[^"]+"')
ONE, NET = b"one address", b"its network"


def case(
    heads: int = 1,
    *,
    bucket: bytes | None = ONE,
    event: int = 1,
    signals: int = 0,
    area: str = "",
    capacity: int | None = None,
) -> Case:
    where = Where(1, event, area, HOUR.date())
    return Case(where, capacity, uuid4(), uuid4(), True, heads, bucket, NET, signals, HOUR)


RULES = [
    ("sixty people of one address count", [case() for _ in range(60)], []),
    ("the sixty-first waits", [case() for _ in range(61)], [ADDRESS]),
    ("people count, not pledges", [case(12) for _ in range(6)], [ADDRESS]),
    ("a party that still fits counts", [case(12) for _ in range(4)] + [case(12), case(1)], [ADDRESS]),
    ("each event has its own sixty", [case(event=n) for n in (1, 2) for _ in range(60)], []),
    ("so has each area at home", [case(event=0, area=a) for a in "AB" for _ in range(60)], []),
    ("in all, an address has 240", [case(12, event=n // 5) for n in range(21)], [ADDRESS]),
    ("of few places, half", [case(capacity=40) for _ in range(21)], [ADDRESS]),
    ("of very few, a party", [case(12, capacity=12), case(1, capacity=12)], [ADDRESS]),
    ("of many places, sixty", [case(capacity=999) for _ in range(61)], [ADDRESS]),
    ("a network has four times as many",
     [case(12, bucket=bytes([n // 5])) for n in range(21)], [NETWORK]),
    ("and in all as well",
     [case(12, bucket=bytes([n // 5]), event=n // 5) for n in range(81)], [NETWORK]),
    ("what another site sent waits at once", [case(signals=Signal.FOREIGN)], [ORIGIN]),
    ("a filled trap waits at once", [case(signals=Signal.TRAPPED)], [TRAP]),
    ("no Origin is but a sign", [case(signals=Signal.NO_ORIGIN)], []),
    ("haste is but a sign", [case(signals=Signal.QUICK)], []),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "cases", "reasons"), RULES)
def test_what_is_held(rule: str, cases: list[Case], reasons: list[str]) -> None:
    if "still fits" in rule:
        cases = [*cases[:4], case(11), case(2), case(1)]

    holds = judge(cases, {}, {})

    assert [each.reason for each in holds] == reasons


def test_an_address_that_tells_nothing_is_not_judged() -> None:
    cases = [case()._replace(bucket=None, wide_bucket=None) for _ in range(500)]
    assert judge(cases, {}, {}) == []


@pytest.mark.parametrize(("pledges", "reasons"), [(12, []), (13, [DEVICE])])
def test_of_one_device_twelve_pledges_count(pledges: int, reasons: list[str]) -> None:
    one = case()

    holds = judge([one], {}, {(1, one.participant): pledges})

    assert [each.reason for each in holds] == reasons


def test_an_address_that_is_let_through_counts_on_until_its_bound() -> None:
    counts: dict[Key, Count] = {}
    judge([case(12, event=n // 5) for n in range(20)], counts, {})
    everywhere = ONE, case().where.everywhere
    counts[everywhere] = replace(counts[everywhere], allowed=250)
    network = NET, case().where.everywhere
    assert counts[network].is_wide

    assert judge([case(10, event=9)], counts, {}) == []
    assert [each.reason for each in judge([case(1, event=9)], counts, {})] == [ADDRESS]


def test_what_came_before_counts_too() -> None:
    counts: dict[Key, Count] = {}
    judge([case() for _ in range(60)], counts, {})

    assert [each.heads for each in judge([case(3)], counts, {})] == [3]
    assert counts[ONE, case().where].held == 3
    assert counts[ONE, case().where].busiest == 61


@pytest.fixture
def moment_id(committed: Event) -> int:  # noqa: F811 -- a fixture
    """The moment of an event that really is in the database."""
    return committed.moments[0].id


def send(engine: Engine, event: Event, count: int, party: int = 1, **side: object) -> list[Receipt]:
    """Pledge so often from one address."""
    given = {"bucket": ONE, "wide_bucket": NET, **side}
    with Session(engine) as session, session.begin():
        return [
            pledge(
                session,
                Nonce.fresh(event.moments[0].id, event.id),
                party=party,
                taking=Taking(side=Side(**given)),  # type: ignore[arg-type]  # by name
            )
            for _ in range(count)
        ]


def people(engine: Engine, moment_id: int) -> tuple[int, int]:
    """Return who counts and who is held, and see that the ledger says the same."""
    fold_all(engine)
    with Session(engine) as session:
        assert differences(session) == []
        return tally_of_moment(session, moment_id).people, people_held(session)


def clock(engine: Engine) -> datetime:
    """Return the time by the database’s clock, which tests do not set."""
    with engine.connect() as connection:
        now: datetime = connection.execute(text("SELECT now()")).scalar_one()
        return now


def party(engine: Engine, receipt: Receipt) -> int:
    with Session(engine) as session:
        return party_in_force(session, receipt)


def test_what_is_beyond_sixty_is_held_and_its_receipt_does_not_tell(
    engine: Engine,
    committed: Event,  # noqa: F811 -- a fixture
    moment_id: int,
) -> None:
    receipts = send(engine, committed, 70, party=2)

    assert people(engine, moment_id) == (60, 80)
    assert {party(engine, each) for each in receipts} == {2}


def test_a_held_pledge_that_is_released_counts_once(
    engine: Engine,
    committed: Event,  # noqa: F811 -- a fixture
    moment_id: int,
) -> None:
    (receipt,) = send(engine, committed, 1, party=3, signals=Signal.TRAPPED)
    assert people(engine, moment_id) == (0, 3)

    for _again in range(2):
        with Session(engine) as session, session.begin():
            release(session, [receipt, receipt], CONFIRMED)

    assert people(engine, moment_id) == (3, 0)


@pytest.mark.parametrize("wanted", [1, 5])
def test_changing_a_held_pledge_releases_nobody(
    engine: Engine,
    committed: Event,  # noqa: F811 -- a fixture
    moment_id: int,
    wanted: int,
) -> None:
    (receipt,) = send(engine, committed, 1, party=3, signals=Signal.TRAPPED)
    fold_all(engine)

    with Session(engine) as session, session.begin():
        change_party(session, receipt, uuid4(), party=wanted)

    assert people(engine, moment_id) == (0, wanted)
    assert party(engine, receipt) == wanted


def test_a_pledge_made_larger_is_judged_as_a_new_one_would_be(
    engine: Engine,
    committed: Event,  # noqa: F811 -- a fixture
    moment_id: int,
) -> None:
    receipt, *_others = send(engine, committed, 58)
    fold_all(engine)

    with Session(engine) as session, session.begin():
        change_party(session, receipt, uuid4(), party=12)

    assert people(engine, moment_id) == (58, 11)
    assert party(engine, receipt) == 12


def test_a_held_pledge_can_be_withdrawn(
    engine: Engine,
    committed: Event,  # noqa: F811 -- a fixture
    moment_id: int,
) -> None:
    (receipt,) = send(engine, committed, 1, party=3, signals=Signal.TRAPPED)
    fold_all(engine)

    with Session(engine) as session, session.begin():
        withdraw(session, receipt, uuid4())

    assert people(engine, moment_id) == (0, 0)
    with Session(engine) as session, pytest.raises(NotInForceError):
        withdraw(session, receipt, uuid4())


def test_who_withdraws_while_pledges_are_held_takes_nothing_away_twice(
    engine: Engine,
    committed: Event,  # noqa: F811 -- a fixture
    moment_id: int,
) -> None:
    receipts = send(engine, committed, 90, party=2)
    stop = threading.Event()

    def keep_folding() -> None:
        while not stop.is_set():
            with Session(engine) as session, session.begin():
                fold_new_entries(session)

    def leave(keys: list[UUID]) -> None:
        for key in keys:
            with Session(engine) as session, session.begin():
                withdraw(session, Receipt(moment_id, key), uuid4())

    keys = [each.key for each in receipts]
    leavers = [threading.Thread(target=leave, args=(keys[n::3],)) for n in range(3)]
    folding = threading.Thread(target=keep_folding)
    for each in (folding, *leavers):
        each.start()
    for each in leavers:
        each.join()
    stop.set()
    folding.join()

    assert people(engine, moment_id) == (0, 0)


def test_a_receipt_says_after_a_day_that_its_pledge_is_being_checked(
    app: Flask,
    engine: Engine,
    committed: Event,  # noqa: F811 -- a fixture
    moment_id: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (held,) = send(engine, committed, 1, signals=Signal.TRAPPED)
    (plain,) = send(engine, committed, 1, bucket=b"another")
    assert people(engine, moment_id) == (1, 1)
    signer = NonceSigner(app.config["SECRET_KEY"])

    def says_so(receipt: Receipt, hours: int) -> bool:
        later = clock(engine) + timedelta(hours=hours)
        monkeypatch.setattr("webapp.pledges.routes.utc_now", lambda: later)
        page = app.test_client().get(f"/pledges/{signer.sign_receipt(receipt)}")
        return "being checked" in page.text

    assert [says_so(held, 23), says_so(held, 25), says_so(plain, 25)] == [False, True, False]
    page = app.test_client().get("/counting")
    assert "being checked now: <b>1</b>" in page.text


def test_who_confirmed_an_address_or_came_through_a_window_is_not_judged(
    engine: Engine,
    committed: Event,  # noqa: F811 -- a fixture
    moment_id: int,
) -> None:
    (reader,) = send(engine, committed, 1, party=2, signals=Signal.TRAPPED)
    (pupil,) = send(engine, committed, 1, party=3, signals=Signal.TRAPPED, group_window_id=7)
    with Session(engine) as session, session.begin():
        make_contact(session, reader, session.merge(committed))

    assert people(engine, moment_id) == (5, 0)
    # Whom somebody adds afterwards, nobody vouches for.
    with Session(engine) as session, session.begin():
        change_party(session, pupil, uuid4(), party=5)
    assert people(engine, moment_id) == (5, 2)


def test_of_one_device_the_thirteenth_pledge_waits(
    engine: Engine,
    committed: Event,  # noqa: F811 -- a fixture
    moment_id: int,
) -> None:
    device = uuid4()
    for number in range(13):
        nonce = Nonce.fresh(moment_id, committed.id)
        side = Side(bytes([number]), bytes([number]))
        with Session(engine) as session, session.begin():
            taking = Taking(participant=device, side=side)
            pledge(session, nonce, party=1 + (number == 12), taking=taking)
        fold_all(engine)

    assert people(engine, moment_id) == (1, 2)


def test_nobody_can_tell_from_a_receipt_that_its_pledge_is_held(
    app: Flask,
    engine: Engine,
    committed: Event,  # noqa: F811 -- a fixture
    moment_id: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("webapp.pledges.routes.utc_now", lambda: clock(engine))
    receipts = [*send(engine, committed, 1, signals=Signal.TRAPPED), *send(engine, committed, 1)]
    assert people(engine, moment_id) == (1, 1)
    signer, client = NonceSigner(app.config["SECRET_KEY"]), app.test_client()
    seen = []
    for receipt in receipts:
        token = signer.sign_receipt(receipt)
        pages = [f"/pledges/{token}{rest}" for rest in ("?thanks=1", "", "/change", "/withdraw")]
        told = [client.get(each).text.replace(token, "TOKEN") for each in pages]
        seen.append([FORM_NONCE.sub("", each) for each in told])

    assert seen[0] == seen[1]
    assert "You’re in" in seen[0][0]
