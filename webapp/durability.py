"""Whether what PostgreSQL calls committed would survive a power cut.

A pledge is answered once it is committed, and that is worth nothing where the server may still lose it.
The site then goes on, but does not call itself ready.
"""

import logging

from sqlalchemy import text
from sqlalchemy.orm import Session

logger = logging.getLogger(__name__)

# As the session’s own connection has them: the last one may differ by database and by role.
SETTINGS = text("""
    SELECT current_setting('fsync') = 'off', current_setting('full_page_writes') = 'off',
        current_setting('synchronous_commit') = 'off'
""")
SENTENCES = (
    "PostgreSQL’s setting fsync is off: a power cut could destroy the whole ledger.",
    "PostgreSQL’s setting full_page_writes is off: a power cut could damage pages of the ledger.",
    "PostgreSQL’s setting synchronous_commit is off: a pledge that was answered could be lost.",
)


def dangers(session: Session) -> list[str]:
    """Return a sentence for each setting of the database at which a committed pledge could be lost."""
    are_off = session.execute(SETTINGS).one()
    return [sentence for sentence, is_off in zip(SENTENCES, are_off, strict=True) if is_off]


def warn_of_dangers(session: Session) -> None:
    """Say in the log what endangers the ledger, if anything does."""
    for sentence in dangers(session):
        logger.error(sentence)
