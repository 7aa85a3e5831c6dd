"""Mails that tell somebody that the ways into their account have changed."""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from webapp.accounts.models import User
from webapp.outbox import post_mail

SEND_WITHIN = timedelta(days=2)


class Change(StrEnum):
    """What has changed; the mail’s template words it."""

    PASSKEY_ADDED = "passkey-added"
    PASSKEY_REMOVED = "passkey-removed"
    AUTHENTICATOR_ADDED = "authenticator-added"
    AUTHENTICATOR_REMOVED = "authenticator-removed"
    SECOND_FACTOR_RESET = "second-factor-reset"


def post_notice(session: Session, user: User, change: Change, now: datetime) -> None:
    """Tell somebody of a change, in case it was not them."""
    post_mail(
        session,
        "account_changed",
        to=user.email,
        language=user.language,
        send_before=now + SEND_WITHIN,
        change=change.value,
    )


def post_email_changed(session: Session, user: User, *, before: str, now: datetime) -> None:
    """Tell the address that an account had before that it has another now."""
    send_before = now + SEND_WITHIN
    post_mail(session, "email_changed", to=before, language=user.language, send_before=send_before)


def post_account_deleted(session: Session, user: User, now: datetime) -> None:
    """Confirm to somebody that their account is deleted."""
    send_before = now + SEND_WITHIN
    post_mail(
        session, "account_deleted", to=user.email, language=user.language, send_before=send_before
    )
