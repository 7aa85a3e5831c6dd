"""How many pledges of programs are counted, and how many honest ones are still held after an hour.

First an hour is written into a ledger of its own as it would have come, and the site’s own rollup judges
it. Then the same senders, fewer of them and within minutes, pledge over HTTP through a proxy that
the site trusts, with its real server and worker. SCALE (1 unless set) makes programs and country larger;
SECONDS (200) is how long the second part lasts, 0 leaves it out.
"""

import os
import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import create_engine, select, text
from sqlalchemy.orm import Session

from bench.fairness_live import pledge_over_http
from bench.fairness_simulated import simulate
from bench.made_moment import made_moment
from bench.report import print_table
from bench.scratch import scratch_database
from bench.senders import EVENTS, MILLION, Sent, people, programs
from webapp.config import Settings
from webapp.pledges.models import PledgeStanding

SCALE = float(os.environ.get("SCALE") or 1)
SECONDS = float(os.environ.get("SECONDS") or 200)
LIVE_SCALE = 0.2

AIMS = "Aims: at most 60 of one source, event and hour; no honest one refused; at most 2 % held."


@dataclass(frozen=True)
class Outcome:
    """What became of the people in one sender’s pledges."""

    name: str
    sent: int
    counted: int
    held: int
    most_of_one_source: int

    @property
    def refused(self) -> int:
        """People of whom nothing is in the ledger."""
        return self.sent - self.counted - self.held


def outcomes(
    session: Session, kept: Mapping[UUID, tuple[str, Sent]], sent: Mapping[str, Sequence[Sent]]
) -> Iterator[Outcome]:
    """Return what became of all that was sent; `kept` says by the key of a pledge who sent it."""
    columns = PledgeStanding.pledge, PledgeStanding.party, PledgeStanding.held
    counted, held = Counter[str](), Counter[str]()
    sources: defaultdict[str, Counter[tuple[str, int | None]]] = defaultdict(Counter)
    for pledge, party, back in session.execute(select(*columns)):
        name, each = kept[pledge]
        counted[name] += party
        held[name] += back
        source = each.address[:11] if ":" in each.address else each.address
        sources[name][source, each.event] += party
    for name, all_of_it in sent.items():
        most = max(sources[name].values(), default=0)
        yield Outcome(name, sum(x.party for x in all_of_it), counted[name], held[name], most)


def run() -> None:
    """Let an hour pass twice and print what became of it."""
    dice = random.Random(1)
    sent = {**programs(dice, SCALE), **people(dice, SCALE)}
    with scratch_database() as settings:
        found = _simulated(settings, sent)
    _print("People in the pledges of one hour, simulated", found)
    if SECONDS:
        fewer = {**programs(dice, LIVE_SCALE), **people(dice, LIVE_SCALE)}
        del fewer["school: 300 through a window"]
        # Else time that goes so quickly would make a school of people that are quicker than people are.
        school = "school: 300 pupils, one address"
        fewer[school] = [replace(each, second=4 * (each.second - 300)) for each in fewer[school]]
        with scratch_database() as settings:
            found = _live(settings, fewer)
        _print(f"The same over HTTP, fewer of them, within {SECONDS:g} s", found)
    print(f"\n{AIMS}")


def _simulated(settings: Settings, sent: dict[str, list[Sent]]) -> list[Outcome]:
    engine = create_engine(settings.owner_database_url)
    with Session(engine) as session:
        moment_id, events = made_moment(session, EVENTS)
    kept = simulate(engine, moment_id, sorted(events), sent)
    with Session(engine) as session:
        found = list(outcomes(session, kept, sent))
    engine.dispose()
    return found


def _live(settings: Settings, sent: dict[str, list[Sent]]) -> list[Outcome]:
    engine = create_engine(settings.owner_database_url)
    with Session(engine) as session:
        moment_id, events = made_moment(session, EVENTS)
        session.execute(text("ANALYZE"))
    kept = pledge_over_http(settings, engine, moment_id, events, sent, SECONDS)
    with Session(engine) as session:
        found = list(outcomes(session, kept, sent))
    engine.dispose()
    return found


def _print(title: str, found: Sequence[Outcome]) -> None:
    headline = sum(each.counted for each in found)
    columns = ["who", "sent", "refused", "counted", "held", "held %", "most of a source and event",
               "of headline %", "of a million %"]  # fmt: skip
    print_table(title, columns, [_row(each, headline) for each in found])
    bots = sum(each.counted for each in found if each.name.startswith("bot"))
    honest = [each for each in found if not each.name.startswith("bot")]
    held, sent = sum(each.held for each in honest), sum(each.sent for each in honest)
    print(f"programs: {bots:,} people counted, {bots * 100 / headline:.1f} % of this headline;"
          f" honest: {held:,} of {sent:,} held, {held * 100 / sent:.2f} %")  # fmt: skip


def _row(each: Outcome, headline: int) -> list[str]:
    return [
        each.name,
        *(f"{n:,}" for n in (each.sent, each.refused, each.counted, each.held)),
        f"{each.held * 100 / each.sent:.1f}",
        f"{each.most_of_one_source:,}",
        f"{each.counted * 100 / headline:.1f}",
        f"{each.counted * 100 / MILLION:.2f}",
    ]
