"""The browsers that somebody is signed in with: one row for each, and no row, no session."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import delete, exists, select, update
from sqlalchemy.orm import Session

from webapp.accounts.models import Passkey, SignedIn, User

KEEP_UNUSED = timedelta(days=30)
NOTE_SEEN_EVERY = timedelta(hours=1)
# How long staff are staff in a browser after a second factor was given there.
PROOF_LIFETIME = timedelta(hours=12)
# What changes how somebody signs in is done soon after signing in, or asks once more.
RECENT = timedelta(minutes=30)


@dataclass(frozen=True)
class Presence:
    """Somebody in a browser that they are signed in with, and what they could prove there."""

    user: User
    browser: SignedIn
    has_authenticator: bool
    has_passkey: bool

    @property
    def owes_code(self) -> bool:
        """Whether the code by mail was only the first half of signing in."""
        return self.has_authenticator and self.browser.proved_at is None

    @property
    def has_second_factor(self) -> bool:
        """Whether there is anything to prove with."""
        return self.has_authenticator or self.has_passkey

    def is_proved(self, now: datetime) -> bool:
        """Tell whether a second factor was given here lately."""
        proved_at = self.browser.proved_at
        return proved_at is not None and now - proved_at < PROOF_LIFETIME

    def is_recent(self, now: datetime, within: timedelta = RECENT) -> bool:
        """Tell whether somebody signed in here lately."""
        return now - self.browser.created_at < within


def sign_in_browser(
    session: Session, user: User, *, device: str, now: datetime, proved: bool = False
) -> SignedIn:
    """Sign a browser in; `proved` says that a second factor was given there as well."""
    browser = SignedIn(
        id=uuid4(), user_id=user.id, device=device, created_at=now, seen_at=now,
        proved_at=now if proved else None,
    )  # fmt: skip
    session.add(browser)
    session.flush()
    return browser


def presence_of(
    session: Session, uniquifier: str, browser_id: UUID, now: datetime
) -> Presence | None:
    """Return whose session this is and in which browser; None where either is no more."""
    has_passkey = exists().where(Passkey.user_id == User.id)
    statement = select(User, SignedIn, User.totp_secret.is_not(None), has_passkey).where(
        SignedIn.user_id == User.id,
        SignedIn.id == browser_id,
        SignedIn.seen_at > now - KEEP_UNUSED,
        User.fs_uniquifier == uniquifier,
        User.active,
    )
    found = session.execute(statement).unique().one_or_none()
    return Presence(*found) if found else None


def browsers_of(session: Session, user: User) -> list[SignedIn]:
    """Return the browsers that somebody is signed in with, the last used first."""
    statement = select(SignedIn).where(SignedIn.user_id == user.id)
    return list(session.scalars(statement.order_by(SignedIn.seen_at.desc(), SignedIn.id)))


def note_seen(session: Session, browser_id: UUID, now: datetime) -> None:
    """Note that a browser is in use, where that was last noted a while ago."""
    due = SignedIn.seen_at <= now - NOTE_SEEN_EVERY
    session.execute(
        update(SignedIn).where(SignedIn.id == browser_id, due).values(seen_at=now),
        execution_options={"synchronize_session": False},
    )


def sign_out_browser(session: Session, user: User, browser_id: UUID) -> None:
    """Sign one of somebody’s own browsers out; one that is out already stays so."""
    own = (SignedIn.id == browser_id, SignedIn.user_id == user.id)
    session.execute(delete(SignedIn).where(*own))


def sign_out_everywhere(session: Session, user: User) -> None:
    """Sign all of somebody’s browsers out, this one included."""
    session.execute(delete(SignedIn).where(SignedIn.user_id == user.id))
    user.fs_uniquifier = uuid4().hex


def forget_unused_browsers(session: Session, now: datetime) -> None:
    """Sign out the browsers that nobody used for a month."""
    session.execute(delete(SignedIn).where(SignedIn.seen_at <= now - KEEP_UNUSED))
