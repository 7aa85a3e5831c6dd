"""Sign in by a code, and become staff.

No step before the right code looks at accounts, so that neither an answer nor its time tells
whether an address has one. `secret_key` is the site’s own.
"""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from webapp.accounts.addresses import keyed_hash
from webapp.accounts.models import STAFF, Role, SignInCode, User
from webapp.language import Language
from webapp.outbox import post_mail

CODE_LENGTH = 6
CODE_LIFETIME = timedelta(minutes=10)
MAX_TRIES = 5
LIMIT_WINDOW = timedelta(hours=1)
MAX_CODES_PER_EMAIL = 5
# A village hall or a mobile network shares one address.
MAX_CODES_PER_CLIENT = 30


class TooManyCodesError(Exception):
    """An address or a client asked for more codes than the limits allow."""


class CodeOutcome(StrEnum):
    """What became of a code that somebody typed."""

    RIGHT = "right"
    WRONG = "wrong"
    SPENT = "spent"
    CLOSED = "closed"


@dataclass(frozen=True)
class SignIn:
    """The outcome of a try, and who it signs in."""

    outcome: CodeOutcome
    user: User | None = None


def ask_for_code(
    session: Session,
    email: str,
    *,
    client: str,
    language: Language,
    secret_key: str,
    now: datetime,
    template: str = "sign_in_code",
) -> UUID:
    """Send a code to a normalised address; return the id under which it is to be tried.

    Raises TooManyCodesError; nothing is sent then.
    """
    row, code = _new_code(email, client, secret_key, now)
    _require_room(session, row)
    session.add(row)
    expires = now + CODE_LIFETIME
    post_mail(session, template, to=email, language=language, send_before=expires, code=code)
    return row.id


def try_code(
    session: Session,
    code_id: UUID,
    email: str,
    typed: str,
    *,
    language: Language,
    secret_key: str,
    now: datetime,
) -> SignIn:
    """Count a try of a code; the right one is used up and signs in, making the account if new."""
    outcome = use_code(session, code_id, email, typed, secret_key=secret_key, now=now)
    if outcome is not CodeOutcome.RIGHT:
        return SignIn(outcome)
    user = user_with_email(session, email, language=language)
    user.language = language
    return SignIn(CodeOutcome.RIGHT, user) if user.active else SignIn(CodeOutcome.CLOSED)


def use_code(
    session: Session, code_id: UUID, email: str, typed: str, *, secret_key: str, now: datetime
) -> CodeOutcome:
    """Count a try of a code that was sent to an address; the right one is used up."""
    expected = _count_try(session, code_id, now)
    if expected is None:
        return CodeOutcome.SPENT
    if not hmac.compare_digest(expected, _code_hash(secret_key, code_id, email, typed)):
        return CodeOutcome.WRONG
    session.execute(update(SignInCode).where(SignInCode.id == code_id).values(used_at=now))
    return CodeOutcome.RIGHT


def user_with_email(session: Session, email: str, *, language: Language) -> User:
    """Return the account of a normalised address, made now if there is none."""
    statement = insert(User).values(email=email, language=language, fs_uniquifier=uuid4().hex)
    session.execute(statement.on_conflict_do_nothing(index_elements=["email"]))
    return session.execute(select(User).where(User.email == email)).unique().scalar_one()


def user_of_email(session: Session, email: str) -> User | None:
    """Return the account of a normalised address, if there is one."""
    return session.execute(select(User).where(User.email == email)).unique().scalar_one_or_none()


def make_staff(session: Session, user: User) -> None:
    """Make somebody one of the campaign’s own people."""
    if user.has_role(STAFF):
        return
    role = session.execute(select(Role).where(Role.name == STAFF)).scalar_one_or_none()
    user.roles.append(role or Role(name=STAFF))


def all_staff(session: Session) -> list[User]:
    """Return the campaign’s own people, those whose account is shut left out."""
    is_staff = User.roles.any(Role.name == STAFF)
    statement = select(User).where(is_staff, User.active).order_by(User.id)
    return list(session.execute(statement).unique().scalars())


def forget_old_codes(session: Session, now: datetime) -> None:
    """Delete codes, and the hashes of addresses with them, that no limit needs any more."""
    session.execute(delete(SignInCode).where(SignInCode.created_at < now - LIMIT_WINDOW))


def _new_code(email: str, client: str, secret_key: str, now: datetime) -> tuple[SignInCode, str]:
    code, code_id = f"{secrets.randbelow(10**CODE_LENGTH):0{CODE_LENGTH}}", uuid4()
    row = SignInCode(
        id=code_id,
        email_hash=keyed_hash(secret_key, "email", email),
        client_hash=keyed_hash(secret_key, "client", client),
        code_hash=_code_hash(secret_key, code_id, email, code),
        created_at=now,
    )
    return row, code


def _count_try(session: Session, code_id: UUID, now: datetime) -> bytes | None:
    """Count a try and return the hash to compare with; None if the code takes no more tries."""
    return session.execute(
        update(SignInCode)
        .where(
            SignInCode.id == code_id,
            SignInCode.used_at.is_(None),
            SignInCode.tries < MAX_TRIES,
            SignInCode.created_at > now - CODE_LIFETIME,
        )
        .values(tries=SignInCode.tries + 1)
        .returning(SignInCode.code_hash)
    ).scalar_one_or_none()


def _require_room(session: Session, row: SignInCode) -> None:
    # One at a time for each address, then for each client: requests that come together are
    # counted together, and nobody who holds the second lock waits for a first.
    since = row.created_at - LIMIT_WINDOW
    limits: tuple[tuple[Any, bytes, int], ...] = (
        (SignInCode.email_hash, row.email_hash, MAX_CODES_PER_EMAIL),
        (SignInCode.client_hash, row.client_hash, MAX_CODES_PER_CLIENT),
    )
    for column, wanted, most in limits:
        lock = int.from_bytes(wanted[:8], signed=True)
        session.execute(select(func.pg_advisory_xact_lock(lock)))
        sent = select(func.count()).where(column == wanted, SignInCode.created_at > since)
        if session.execute(sent).scalar_one() >= most:
            raise TooManyCodesError
    forget_old_codes(session, row.created_at)


def _code_hash(secret_key: str, code_id: UUID, email: str, code: str) -> bytes:
    return keyed_hash(secret_key, "code", str(code_id), email, code)
