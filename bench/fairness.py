"""How many pledges of programs are counted, and how many honest ones are still held after an hour.

What each sends in one hour is written into a ledger of its own, and the site’s own rollup judges it.
SCALE (1 unless set) makes the programs and the country larger.
"""

import os
import random
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import Engine, create_engine, insert, select, text
from sqlalchemy.orm import Session

from bench.copy_events import copy_events
from bench.report import print_table
from bench.scratch import scratch_database
from webapp.moments.models import Moment
from webapp.pledges.buckets import Buckets
from webapp.pledges.models import LedgerEntry, PledgeStanding
from webapp.pledges.plausible import release_what_is_plausible
from webapp.pledges.recount import differences
from webapp.pledges.rollup import fold_new_entries
from webapp.pledges.sides import PledgeSide, Signal

SCALE = float(os.environ.get("SCALE") or 1)
EVENTS = 200
HOUR = 3600
STEPS = 6
LEFT = text("SELECT EXISTS (SELECT FROM ledger_entry, rollup_state WHERE xid >= folded_below)")


@dataclass(frozen=True)
class Sent:
    """One pledge: how many seconds into the hour, from where, for what, by whom."""

    second: float
    address: str
    event: int | None
    party: int = 1
    area: str | None = None
    signals: int = 0


@dataclass(frozen=True)
class Outcome:
    """What became of the people in one sender’s pledges."""

    name: str
    sent: int
    counted: int
    held: int
    most_of_one_source: int


def programs(dice: random.Random, scale: float = 1) -> dict[str, list[Sent]]:
    """Return what programs send."""
    many = int(3000 * scale)
    return {
        "bot: one IPv4, three events": [
            Sent(i * 0.4 % HOUR, "203.0.113.7", i % 3, 2) for i in range(many)
        ],
        "bot: one /64, one event": [
            Sent(i * 0.4 % HOUR, f"2001:db8:7::{dice.randrange(1, 65535):x}", 3)
            for i in range(many)
        ],
        "bot: 256 addresses of one /24": [
            Sent(i * 0.4 % HOUR, f"198.51.100.{i % 256}", 4) for i in range(many)
        ],
        "bot: 256 addresses all over": [
            Sent(i * HOUR / (many * 8), f"100.{i % 256}.{i % 256}.9", 5) for i in range(many * 8)
        ],
        "bot: one IPv4 like a school": [
            Sent(i * HOUR / 900, "192.0.2.200", 6) for i in range(int(900 * min(scale, 1)))
        ],
        "bot: fills in the trap": [
            Sent(i, f"5.{i % 250}.1.1", 7, signals=Signal.TRAPPED) for i in range(50)
        ],
    }


def people(dice: random.Random, scale: float = 1) -> dict[str, list[Sent]]:
    """Return what honest people send."""
    country = int(5000 * scale)

    def somewhere(number: int) -> Sent:
        address = f"{dice.randrange(20, 90)}.{dice.randrange(256)}.{dice.randrange(256)}.1"
        return Sent(number * HOUR / country, address, dice.randrange(10, EVENTS), _party(dice))

    def on_the_move(number: int) -> Sent:
        address = f"109.249.{number % 4}.{dice.randrange(10)}"
        event = dice.randrange(10, EVENTS) if dice.random() < 0.6 else None
        area = None if event is not None or dice.random() < 0.5 else f"E080{dice.randrange(40):05}"
        return Sent(number * HOUR / 3000, address, event, _party(dice), area)

    return {
        "school: 300 pupils, one address": [
            Sent(dice.uniform(300, 1200), "82.10.20.30", 8) for _ in range(300)
        ],
        "care home: 40 people": [Sent(dice.uniform(0, HOUR), "82.44.1.9", 9) for _ in range(40)],
        "mobile carrier: 40 addresses": [on_the_move(i) for i in range(3000)],
        "village hall: one tablet": [
            Sent(dice.uniform(0, HOUR), "81.2.3.4", 10, _party(dice)) for _ in range(80)
        ],
        "the country: an address each": [somewhere(i) for i in range(country)],
    }


def _party(dice: random.Random) -> int:
    return dice.choices((1, 2, 3, 4, 6), (30, 35, 12, 15, 8))[0]


def simulate(
    owner: Engine, moment_id: int, events: Sequence[int], sent: dict[str, list[Sent]]
) -> list[Outcome]:
    """Write an hour of pledges, judge them in six steps, and say what became of whose."""
    begin = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) - timedelta(hours=1)
    ordered = sorted(
        ((each, name) for name, all_of_it in sent.items() for each in all_of_it),
        key=lambda pair: pair[0].second,
    )
    kept: dict[UUID, tuple[str, Sent]] = {}
    writer = _Writer(Buckets(owner), moment_id, events, begin)
    for step in range(STEPS):
        last = (step + 1) * HOUR / STEPS
        now = [pair for pair in ordered if last - HOUR / STEPS <= pair[0].second < last]
        with Session(owner) as session, session.begin():
            kept.update(writer.write(session, now))
        _settle(owner, begin + timedelta(seconds=last))
    with Session(owner) as session:
        assert differences(session) == []
        return list(_outcomes(session, kept, sent))


class _Writer:
    """Writes pledges with the time at which they are said to have come."""

    def __init__(
        self, buckets: Buckets, moment_id: int, events: Sequence[int], begin: datetime
    ) -> None:
        self._buckets, self._moment_id, self._events = buckets, moment_id, events
        self._begin = begin
        self._dice = random.Random(5)

    def write(
        self, session: Session, now: Sequence[tuple[Sent, str]]
    ) -> dict[UUID, tuple[str, Sent]]:
        """Write some; return them by the key of their pledge."""
        kept = {UUID(int=self._dice.getrandbits(128)): (name, each) for each, name in now}
        if kept:
            entries = [self._entry(key, each) for key, (_name, each) in kept.items()]
            session.execute(insert(LedgerEntry), entries)
            session.execute(insert(PledgeSide), [self._side(k, s) for k, (_n, s) in kept.items()])
        return kept

    def _entry(self, key: UUID, sent: Sent) -> dict[str, object]:
        return {
            "moment_id": self._moment_id,
            "nonce": key,
            "pledge": key,
            "participant": key,
            "event_id": None if sent.event is None else self._events[sent.event],
            "party_change": sent.party,
            "authority_code": sent.area,
            "recorded_at": self._begin + timedelta(seconds=sent.second),
        }

    def _side(self, key: UUID, sent: Sent) -> dict[str, object]:
        side = self._buckets.side(sent.address, sent.signals)
        return {
            "moment_id": self._moment_id,
            "pledge": key,
            "bucket": side.bucket,
            "wide_bucket": side.wide_bucket,
            "signals": int(side.signals),
        }


def _settle(owner: Engine, now: datetime) -> None:
    released = 1
    while released:
        _fold_all(owner)
        with Session(owner) as session, session.begin():
            released = release_what_is_plausible(session, now)


def _fold_all(owner: Engine) -> None:
    """Fold until nothing is left; whatever else runs on the server may hold it back for a while."""
    while True:
        with Session(owner) as session, session.begin():
            fold_new_entries(session)
        with Session(owner) as session:
            if not session.execute(LEFT).scalar_one():
                return
        time.sleep(0.05)


def _outcomes(
    session: Session, kept: dict[UUID, tuple[str, Sent]], sent: dict[str, list[Sent]]
) -> Iterator[Outcome]:
    stands = {
        row.pledge: row
        for row in session.execute(
            select(PledgeStanding.pledge, PledgeStanding.party, PledgeStanding.held)
        )
    }
    counted, held = Counter[str](), Counter[str]()
    sources: defaultdict[str, Counter[tuple[str, int | None]]] = defaultdict(Counter)
    for key, (name, each) in kept.items():
        counted[name] += stands[key].party
        held[name] += stands[key].held
        source = each.address[:11] if ":" in each.address else each.address
        sources[name][source, each.event] += stands[key].party
    for name, all_of_it in sent.items():
        most = max(sources[name].values(), default=0)
        yield Outcome(name, sum(x.party for x in all_of_it), counted[name], held[name], most)


def run() -> None:
    """Simulate an hour and print what became of it."""
    dice = random.Random(1)
    sent = {**programs(dice, SCALE), **people(dice, SCALE)}
    with scratch_database() as settings:
        owner = create_engine(settings.owner_database_url)
        with Session(owner) as session, session.begin():
            moment_id = _made_moment(session)
        with Session(owner) as session:
            events = session.execute(text("SELECT id FROM event ORDER BY id")).scalars().all()
        outcomes = simulate(owner, moment_id, events, sent)
        owner.dispose()
    headline = sum(each.counted for each in outcomes)
    print_table(
        "People in pledges of one hour",
        ["who", "sent", "counted", "held", "held %", "most of a source", "of headline %"],
        [_row(each, headline) for each in outcomes],
    )


def _row(each: Outcome, headline: int) -> list[str]:
    share = f"{each.counted * 100 / headline:.1f}"
    held = f"{each.held * 100 / each.sent:.1f}"
    figures = (each.sent, each.counted, each.held, held, each.most_of_one_source, share)
    return [each.name, *map(str, figures)]


def _made_moment(session: Session) -> int:
    day = datetime.now(UTC).date() + timedelta(days=30)
    texts = {f"{field}_{language}": "Benchmark"
             for field in ("name", "summary", "description") for language in ("en", "cy")}  # fmt: skip
    moment = Moment(slug="benchmark", starts_on=day, ends_on=day, colour="#336699", **texts)
    session.add(moment)
    session.flush()
    copy_events(session, moment, EVENTS)
    return moment.id
