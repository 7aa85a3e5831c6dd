"""Another e-mail address for an account: proved by a code that is sent to it.

An address that has an account gets a mail that says so, in the code’s place. Whoever asked is told
the same, at the price of the same questions, and no code they type is right.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from webapp.accounts.actions import CodeOutcome, ask_for_code, use_code
from webapp.accounts.models import User
from webapp.accounts.notices import post_email_changed
from webapp.language import Language


def ask_for_address(
    session: Session,
    email: str,
    *,
    client: str,
    language: Language,
    secret_key: str,
    now: datetime,
) -> UUID:
    """Send a code to a normalised new address; raises TooManyCodesError."""
    is_taken = session.execute(select(exists().where(User.email == email))).scalar_one()
    return ask_for_code(
        session, email, client=client, language=language, secret_key=secret_key, now=now,
        template="address_taken" if is_taken else "address_code",
    )  # fmt: skip


def change_address(
    session: Session,
    user: User,
    code_id: UUID,
    email: str,
    typed: str,
    *,
    secret_key: str,
    now: datetime,
) -> CodeOutcome:
    """Count a try of a code; the right one gives the account its new address."""
    outcome = use_code(session, code_id, email, typed, secret_key=secret_key, now=now)
    if outcome is not CodeOutcome.RIGHT:
        return outcome
    before = user.email
    try:
        with session.begin_nested():
            user.email = email
            session.flush()
    except IntegrityError:
        # Somebody made an account with it while the code was on its way.
        return CodeOutcome.SPENT
    post_email_changed(session, user, before=before, now=now)
    return outcome
