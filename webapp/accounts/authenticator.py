"""A second factor that an app on a phone shows: six digits of each half minute (RFC 6238)."""

from datetime import datetime

from passlib.totp import TOTP
from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from webapp.accounts.addresses import keyed_hash
from webapp.accounts.models import User

ISSUER = "Moment Map"
# Clocks of phones go wrong: a code of the half minute before or after is as good.
WINDOW_SECONDS = 30
# What is encrypted with is as random as a key can be; stretching it would gain nothing.
ENCRYPT_COST = 4


class Authenticator:
    """Makes, keeps and checks what an app and the site share; encrypted outside this class."""

    def __init__(self, secret_key: str) -> None:
        key = keyed_hash(secret_key, "authenticator").hex()
        self._totp: type[TOTP] = TOTP.using(
            issuer=ISSUER, secrets={"1": key}, encrypt_cost=ENCRYPT_COST
        )

    def new_secret(self) -> str:
        """Return something new to share, encrypted."""
        secret: str = self._totp.new().to_json(encrypt=True)
        return secret

    def key_to_type(self, secret: str) -> str:
        """Return the secret as people type it into an app, in groups of four."""
        key: str = self._read(secret).pretty_key(sep=" ")
        return key

    def address(self, secret: str, email: str) -> str:
        """Return the secret as an app reads it from a QR code."""
        address: str = self._read(secret).to_uri(label=email)
        return address

    def matching_counter(self, secret: str, code: str, now: datetime) -> int | None:
        """Return which half minute a code is of; None where it is of none about now."""
        try:
            match = self._read(secret).match(code, time=now, window=WINDOW_SECONDS)
        except ValueError:
            # A secret of an earlier SECRET_KEY cannot be read either.
            return None
        counter: int = match.counter
        return counter

    def _read(self, secret: str) -> TOTP:
        found: TOTP = self._totp.from_source(secret)
        return found


def set_authenticator(user: User, secret: str, counter: int) -> None:
    """Keep what somebody’s app and the site share, and that its first code is used."""
    user.totp_secret, user.totp_counter = secret, counter


def remove_authenticator(user: User) -> None:
    """Forget somebody’s app."""
    user.totp_secret = user.totp_counter = None


def take_code(
    session: Session, user: User, code: str, *, authenticator: Authenticator, now: datetime
) -> bool:
    """Tell whether this is a code of somebody’s app that was not used before, and use it up."""
    secret = session.scalar(select(User.totp_secret).where(User.id == user.id))
    counter = authenticator.matching_counter(secret, code, now) if secret else None
    if counter is None:
        return False
    is_newer = or_(User.totp_counter.is_(None), User.totp_counter < counter)
    used = session.execute(
        update(User)
        .where(User.id == user.id, is_newer)
        .values(totp_counter=counter)
        .returning(User.id)
        .execution_options(synchronize_session=False)
    )
    return used.scalar_one_or_none() is not None
