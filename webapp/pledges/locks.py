"""Let nobody take people away from a pledge whom somebody else is taking away: none is below nothing.

Whoever changes or withdraws one pledge shares a lock with all others who do, besides the one on that
pledge. Whoever takes people away of many pledges, as the rollup does, has it alone. Either reads what
is in force once it has it.
"""

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from webapp.pledges.nonces import Receipt

LOCK_TOGETHER = text("SELECT pg_advisory_xact_lock_shared(5060240)")
LOCK_ALONE = text("SELECT pg_advisory_xact_lock(5060240)")


def lock_pledge(session: Session, receipt: Receipt) -> None:
    """Wait for others who change one pledge, or leave something with it, until their transaction ends."""
    key = func.hashtextextended(f"{receipt.moment_id} {receipt.key}", 0)
    session.execute(select(func.pg_advisory_xact_lock(key)))
