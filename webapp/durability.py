"""Whether the database may be trusted with the ledger: keeps what it calls committed, and counts it.

A pledge is answered once it is committed, and that is worth nothing where a power cut may still take it.
The site then goes on, but does not call itself ready.
"""

import logging

from sqlalchemy import text
from sqlalchemy.orm import Session

logger = logging.getLogger(__name__)

# As the session’s own connection has them: the third may differ by database and by role.
ARE_SO = text("""
    SELECT current_setting('fsync') = 'off', current_setting('full_page_writes') = 'off',
        current_setting('synchronous_commit') = 'off',
        EXISTS (SELECT FROM rollup_state WHERE folded_below > pg_snapshot_xmax(pg_current_snapshot()))
""")
SENTENCES = (
    "PostgreSQL’s setting fsync is off: a power cut could destroy the whole ledger.",
    "PostgreSQL’s setting full_page_writes is off: a power cut could damage pages of the ledger.",
    "PostgreSQL’s setting synchronous_commit is off: a pledge that was answered could be lost.",
    "The ledger comes from another PostgreSQL server: end the site, run “flask database upgrade”, start it.",
)


def dangers(session: Session) -> list[str]:
    """Return a sentence for each reason why a committed pledge could be lost, or not be counted."""
    are_so = session.execute(ARE_SO).one()
    return [sentence for sentence, is_so in zip(SENTENCES, are_so, strict=True) if is_so]


def warn_of_dangers(session: Session) -> None:
    """Say in the log what endangers the ledger, if anything does."""
    for sentence in dangers(session):
        logger.error(sentence)
