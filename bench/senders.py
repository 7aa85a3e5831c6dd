"""Who pledges in one hour: programs, and honest people behind shared addresses."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

from webapp.pledges.sides import Signal

EVENTS = 200
HOUR = 3600
WINDOW = 1
# What a moment’s people really are, beside whom a program’s are few or many.
MILLION = 1_000_000


@dataclass(frozen=True)
class Sent:
    """One pledge: how many seconds into the hour, from where, for what, by whom.

    `window` is the group window that it came through.
    """

    second: float
    address: str
    event: int | None
    party: int = 1
    area: str | None = None
    signals: int = 0
    window: int | None = None


def _spread(count: int, seconds: float = HOUR) -> Iterator[tuple[int, float]]:
    """Return numbers, each with a time at an even pace."""
    return ((number, number * seconds / count) for number in range(count))


def programs(dice: random.Random, scale: float = 1) -> dict[str, list[Sent]]:
    """Return what programs send; those that copy people do so as well as they can."""
    many = int(3000 * scale)
    return {
        "bot: one IPv4, three events": [
            Sent(at, "203.0.113.7", n % 3, 2) for n, at in _spread(many, many * 0.4)
        ],
        "bot: one /64, one event": [
            Sent(at, f"2001:db8:7::{dice.randrange(1, 65535):x}", 3)
            for _, at in _spread(many, many * 0.4)
        ],
        "bot: 256 addresses of one /24": [
            Sent(at, f"198.51.100.{n % 256}", 4) for n, at in _spread(many)
        ],
        "bot: 256 addresses all over": [
            Sent(at, f"100.{n % 256}.{n % 256}.9", 5) for n, at in _spread(many * 8)
        ],
        "bot: one IPv4 like a school": [Sent(at, "192.0.2.200", 6) for _, at in _spread(many)],
        "bot: one IPv4 like a carrier": [
            Sent(at, "192.0.2.77", n % EVENTS, 1 + n % 3) for n, at in _spread(many)
        ],
        "bot: fills in the trap": [
            Sent(at, f"5.{n % 250}.1.1", 7, signals=Signal.TRAPPED) for n, at in _spread(50)
        ],
    }


def people(dice: random.Random, scale: float = 1) -> dict[str, list[Sent]]:
    """Return what honest people send."""

    def somewhere(at: float) -> Sent:
        address = f"{dice.randrange(20, 90)}.{dice.randrange(256)}.{dice.randrange(256)}.1"
        return Sent(at, address, dice.randrange(10, EVENTS), _party(dice))

    def on_the_move(number: int, at: float) -> Sent:
        address = f"109.249.{number % 4}.{dice.randrange(10)}"
        event = dice.randrange(10, EVENTS) if dice.random() < 0.6 else None
        area = None if event is not None or dice.random() < 0.5 else f"E080{dice.randrange(40):05}"
        return Sent(at, address, event, _party(dice), area)

    return {
        "school: 300 pupils, one address": [
            Sent(dice.uniform(300, 1200), "82.10.20.30", 8) for _ in range(300)
        ],
        "school: 300 through a window": [
            Sent(dice.uniform(300, 360), "82.10.99.30", 9, window=WINDOW) for _ in range(300)
        ],
        "care home: 40 people": [Sent(dice.uniform(0, HOUR), "82.44.1.9", 10) for _ in range(40)],
        "mobile carrier: 40 addresses": [on_the_move(n, at) for n, at in _spread(3000)],
        "village hall: one tablet": [
            Sent(dice.uniform(0, HOUR), "81.2.3.4", 11, _party(dice)) for _ in range(80)
        ],
        "the country: an address each": [somewhere(at) for _, at in _spread(int(5000 * scale))],
    }


def _party(dice: random.Random) -> int:
    return dice.choices((1, 2, 3, 4, 6), (30, 35, 12, 15, 8))[0]
