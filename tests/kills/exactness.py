"""Whether the ledger holds what was acknowledged, and the tallies what the ledger adds up to."""

import time
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from bench.full_ledger import what_is_astray

# Far more than the five seconds that are promised: the machine may be busy. What it took is told.
PATIENCE_SECONDS = 60

NOW = text("SELECT clock_timestamp()")
UNFOLDED = text("""
    SELECT count(*) FROM ledger_entry, rollup_state
    WHERE xid >= folded_below AND recorded_at <= :at
""")
PLEDGED = text("SELECT nonce, party_change FROM ledger_entry WHERE kind = 'pledged'")


def database_clock(owner: Engine) -> datetime:
    """Return the time by the database, waiting for it to answer."""
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            with owner.connect() as connection:
                return connection.execute(NOW).scalar_one()
        except OperationalError:
            assert time.monotonic() < until, "the database does not come back"
            time.sleep(0.05)


def seconds_until_equal(owner: Engine) -> float:
    """Wait until all that is in the ledger now is in the tallies, exactly; return how long that took."""
    at = database_clock(owner)
    took = eventually(lambda: _is_folded(owner, at), "the rollup does not catch up")
    assert_equal(owner)
    return took


def assert_equal(owner: Engine) -> None:
    """Fail where any tally, or how any pledge stands, is not what the ledger adds up to by itself."""
    with Session(owner) as session:
        # One snapshot for all, as the rollup goes on meanwhile.
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        assert what_is_astray(session) == 0


def pledges_in_ledger(owner: Engine) -> dict[UUID, int]:
    """Return the party of every pledge as it was made, by its nonce; each is there once."""
    with owner.connect() as connection:
        rows = [(nonce, party) for nonce, party in connection.execute(PLEDGED)]
    found = dict(rows)
    assert len(rows) == len(found)
    return found


def assert_kept(owner: Engine, acknowledged: dict[UUID, int]) -> None:
    """Fail unless the ledger has each acknowledged pledge, as it was sent."""
    found = pledges_in_ledger(owner)
    lost = acknowledged.keys() - found.keys()
    assert not lost, f"{len(lost)} acknowledged pledges are lost"
    assert {nonce: found[nonce] for nonce in acknowledged} == acknowledged


def eventually(is_so: Callable[[], bool], trouble: str, seconds: float = PATIENCE_SECONDS) -> float:
    """Wait until something is so; return how long that took."""
    begun = time.monotonic()
    while not is_so():
        assert time.monotonic() < begun + seconds, trouble
        time.sleep(0.05)
    return time.monotonic() - begun


def _is_folded(owner: Engine, at: datetime) -> bool:
    with owner.connect() as connection:
        return connection.execute(UNFOLDED, {"at": at}).scalar_one() == 0
