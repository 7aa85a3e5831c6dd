"""A moment with made-up events to pledge to, and whether what was acknowledged is there afterwards."""

import time
from datetime import timedelta

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from bench.copy_events import copy_events
from webapp.database import utc_now
from webapp.moments.models import Moment

PATIENCE_SECONDS = 15


def made_moment(session: Session, events: int) -> tuple[int, dict[int, str]]:
    """Make a moment and its events; return its id and theirs, with their addresses."""
    day = utc_now().date() + timedelta(days=30)
    texts = {f"{field}_{language}": "Benchmark"
             for field in ("name", "summary", "description") for language in ("en", "cy")}  # fmt: skip
    moment = Moment(slug="benchmark", starts_on=day, ends_on=day, colour="#336699", **texts)
    session.add(moment)
    session.flush()
    copy_events(session, moment, events)
    session.commit()
    found = session.execute(text("SELECT id, public_id FROM event")).all()
    return moment.id, {row.id: row.public_id for row in found}


def kept(engine: Engine, acknowledged: int) -> str:
    """Say whether every acknowledged pledge is in the ledger, and how soon it was folded."""
    start = time.perf_counter()
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        ledger = connection.scalar(text("SELECT count(*) FROM ledger_entry WHERE kind = 'pledged'"))
        folded = None
        while folded != ledger and time.perf_counter() - start < PATIENCE_SECONDS:
            time.sleep(0.1)
            folded = connection.scalar(text("SELECT count(*) FROM pledge_standing"))
        seconds = time.perf_counter() - start
        held = connection.scalar(text("SELECT count(*) FROM pledge_standing WHERE held > 0"))
    return (
        f"{acknowledged:,} acknowledged, {ledger:,} in the ledger, {folded:,} folded"
        f" {seconds:.1f} s after the last, {held:,} of them held"
    )
