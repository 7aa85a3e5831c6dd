"""How often somebody may try to sign in: by account, and by the address bucket that asks.

Codes by mail have limits of their own (`actions.py`): five tries each, so many codes an hour.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from webapp.accounts.addresses import keyed_hash
from webapp.accounts.models import SignInTry, User

LIMIT_WINDOW = timedelta(hours=1)
MAX_TRIES_PER_ACCOUNT = 10
# A village hall or a mobile network shares one address.
MAX_TRIES_PER_CLIENT = 60


class TooManyTriesError(Exception):
    """An account or a client tried more often than the limits allow."""


class SpentError(Exception):
    """What may be tried once was tried before."""


@dataclass(frozen=True)
class Client:
    """Whoever tries, known by a keyed hash of the address bucket alone."""

    bucket: str
    secret_key: str

    def note_try(
        self, session: Session, now: datetime, *, user: User | None = None, once: UUID | None = None
    ) -> None:
        """Count a try, of an account where it is known; `once` is refused a second time.

        Raises TooManyTriesError, which counts nothing, and SpentError.
        """
        client_hash = keyed_hash(self.secret_key, "client", self.bucket)
        account_hash = keyed_hash(self.secret_key, "account", str(user.id)) if user else None
        if account_hash:
            _require_room(session, SignInTry.account_hash, account_hash, MAX_TRIES_PER_ACCOUNT, now)
        _require_room(session, SignInTry.client_hash, client_hash, MAX_TRIES_PER_CLIENT, now)
        row = {"account_hash": account_hash, "client_hash": client_hash, "created_at": now}
        statement = insert(SignInTry).values(id=once or uuid4(), **row).on_conflict_do_nothing()
        if session.execute(statement.returning(SignInTry.id)).scalar_one_or_none() is None:
            raise SpentError


def forget_old_tries(session: Session, now: datetime) -> None:
    """Delete the tries that no limit needs any more."""
    session.execute(delete(SignInTry).where(SignInTry.created_at < now - LIMIT_WINDOW))


def _require_room(session: Session, column: Any, wanted: bytes, most: int, now: datetime) -> None:
    # Tries that come together are counted together.
    lock = int.from_bytes(wanted[:8], signed=True)
    session.execute(select(func.pg_advisory_xact_lock(lock)))
    tried = select(func.count()).where(column == wanted, SignInTry.created_at > now - LIMIT_WINDOW)
    if session.execute(tried).scalar_one() >= most:
        raise TooManyTriesError
