"""What goes for passkeys and authenticator apps together."""

from datetime import datetime

from sqlalchemy.orm import Session

from webapp.accounts.authenticator import remove_authenticator
from webapp.accounts.browsers import sign_out_everywhere
from webapp.accounts.models import User
from webapp.accounts.notices import Change, post_notice
from webapp.accounts.passkeys import remove_passkeys


def reset_second_factor(session: Session, user: User, now: datetime) -> None:
    """Remove all that somebody could prove with besides their mailbox, and sign them out."""
    remove_authenticator(user)
    remove_passkeys(session, user)
    sign_out_everywhere(session, user)
    post_notice(session, user, Change.SECOND_FACTOR_RESET, now)
