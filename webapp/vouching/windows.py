"""Windows: open one for an event, take pledges through it up to its cap, close it."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.events.life import lock_event
from webapp.events.models import Event
from webapp.pledges.actions import PledgedOtherwiseError, Taking, pledge
from webapp.pledges.models import LedgerEntry
from webapp.pledges.nonces import Nonce, Receipt
from webapp.pledges.sides import Side
from webapp.vouching.models import GroupWindow, Purpose

OPEN_FOR = timedelta(hours=1)
MOST_A_DAY = 6
A_DAY = timedelta(days=1)
TOKEN_BYTES = 18
LISTED = 50
MOST_LATELY = 200


class TooManyWindowsError(Exception):
    """The event had all the windows already that it may have in a day."""


class WindowClosedError(Exception):
    """The window was closed, or its hour is over."""


class WindowFullError(Exception):
    """So many people do not fit through the window any more; `left` is how many do."""

    def __init__(self, left: int) -> None:
        super().__init__(left)
        self.left = left


@dataclass(frozen=True)
class NewWindow:
    """What a window is opened for, and how many people may come through it."""

    purpose: Purpose
    cap: int
    word: str | None = None


def open_window(
    session: Session, event: Event, new: NewWindow, now: datetime
) -> tuple[GroupWindow, str]:
    """Open a window for an hour; return it and the token of its link, which nobody is told again.

    Raises TooManyWindowsError, however many try at the same instant.
    """
    lock_event(session, event)
    if windows_left(session, event.id, now) <= 0:
        raise TooManyWindowsError
    token = secrets.token_urlsafe(TOKEN_BYTES)
    window = GroupWindow(
        event_id=event.id,
        purpose=new.purpose,
        word=new.word,
        cap=new.cap,
        people=0,
        token_hash=hashed(token),
        opened_at=now,
        closes_at=now + OPEN_FOR,
    )
    session.add(window)
    session.flush()
    return window, token


def close_window(session: Session, window: GroupWindow, now: datetime) -> None:
    """Let nobody through any more; who is in stays in."""
    session.refresh(window, with_for_update=True)
    if window.is_open(now):
        window.closed_at = now
    session.flush()


def take_through(
    session: Session,
    window: GroupWindow,
    nonce: Nonce,
    *,
    party: int,
    origin: Side,
    now: datetime,
    via: str | None = None,
) -> Receipt:
    """Take a pledge of a party that a window has room for; the same nonce again changes nothing.

    Whoever comes through one window waits here for whoever comes through the same; others’ pledges do
    not. Each is somebody who was not in before: several share a tablet. None of them is held; whoever
    brings more later, by the receipt, is judged by `origin` as everybody is. Raises WindowClosedError
    and WindowFullError.
    """
    session.refresh(window, with_for_update=True)
    if _is_used(session, nonce):
        return Receipt(nonce.moment_id, nonce.key)
    if not window.is_open(now):
        raise WindowClosedError
    if party > window.left:
        raise WindowFullError(window.left)
    taking = Taking(via=via, side=replace(origin, group_window_id=window.id))
    try:
        receipt = pledge(session, nonce, party=party, taking=taking)
    except PledgedOtherwiseError:
        # It came the ordinary way at the same instant, with another party: that one stands.
        return Receipt(nonce.moment_id, nonce.key)
    window.people += party
    session.flush()
    return receipt


def windows_left(session: Session, event_id: int, now: datetime) -> int:
    """Return how many more windows an event may have now."""
    since = select(func.count()).where(
        GroupWindow.event_id == event_id, GroupWindow.opened_at > now - A_DAY
    )
    return MOST_A_DAY - session.scalars(since).one()


def window_of_token(session: Session, token: str) -> GroupWindow | None:
    """Return the window that a link leads to."""
    return session.scalar(select(GroupWindow).where(GroupWindow.token_hash == hashed(token)))


def window_of_event(session: Session, event_id: int, number: int) -> GroupWindow | None:
    """Return one window of an event."""
    mine = (GroupWindow.event_id == event_id, GroupWindow.id == number)
    return session.scalar(select(GroupWindow).where(*mine))


def windows_of_event(session: Session, event_id: int) -> Sequence[GroupWindow]:
    """Return an event’s windows, the latest first."""
    mine = select(GroupWindow).where(GroupWindow.event_id == event_id)
    return session.scalars(mine.order_by(GroupWindow.id.desc()).limit(LISTED)).all()


def windows_lately(session: Session, now: datetime) -> Sequence[tuple[GroupWindow, Event]]:
    """Return all windows that were opened within a day, with their events, the latest first."""
    statement = (
        select(GroupWindow, Event)
        .join(Event, Event.id == GroupWindow.event_id)
        .where(GroupWindow.opened_at > now - A_DAY)
        .order_by(GroupWindow.opened_at.desc(), GroupWindow.id.desc())
        .limit(MOST_LATELY)
    )
    return [(window, event) for window, event in session.execute(statement)]


def hashed(token: str) -> bytes:
    """Return what is kept of a link’s token; it is random enough to need no key."""
    return hashlib.sha256(token.encode()).digest()


def _is_used(session: Session, nonce: Nonce) -> bool:
    used = select(LedgerEntry.id).where(
        LedgerEntry.moment_id == nonce.moment_id, LedgerEntry.nonce == nonce.key
    )
    return session.scalar(used) is not None
