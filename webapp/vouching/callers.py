"""Pledges that staff and trusted hosts take for callers: one at a time, each of a person of their own."""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from webapp.accounts.models import User
from webapp.events.keeping import KEPT_AFTERWARDS, long_over
from webapp.events.models import Event
from webapp.filters import local
from webapp.groups.models import Group
from webapp.moments.models import Moment
from webapp.pledges.actions import PledgedOtherwiseError, Taking, pledge
from webapp.pledges.homes import NOT_TOLD, Home
from webapp.pledges.nonces import Nonce, Receipt
from webapp.pledges.sides import UNKNOWN, Side
from webapp.vouching.models import CallerPledge

CODE_DIGITS = 8
# Whoever enters more in an hour reads from a list; those are looked at as everybody’s are.
MOST_VOUCHED_AN_HOUR = 60
AN_HOUR = timedelta(hours=1)
SHOWN_FOR = timedelta(days=1)
MOST_ROWS = 100


@dataclass(frozen=True)
class CallsInAnHour:
    """How many pledges somebody took for callers in one hour."""

    hour: datetime
    email: str | None
    calls: int


def take_call(
    session: Session,
    nonce: Nonce,
    *,
    party: int,
    by: User,
    now: datetime,
    origin: Side,
    home: Home = NOT_TOLD,
    via: str | None = None,
) -> Receipt:
    """Take a caller’s pledge; the same nonce again changes nothing.

    Where it came from says nothing of the caller, so it is not judged by `origin`, the address of
    whoever takes it, unless they take more in an hour than a person can.
    """
    is_vouched = calls_lately(session, by, now) < MOST_VOUCHED_AN_HOUR
    taking = Taking(via=via, home=home, side=UNKNOWN if is_vouched else origin)
    receipt = Receipt(nonce.moment_id, nonce.key)
    try:
        pledge(session, nonce, party=party, taking=taking)
    except PledgedOtherwiseError:
        return receipt
    values = {
        "moment_id": nonce.moment_id,
        "pledge": nonce.key,
        "event_id": nonce.event_id,
        "user_id": by.id,
        "code": f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}",
        "taken_at": now,
    }
    # Of the few codes that another pledge has already, none is given: the link finds it as well.
    session.execute(insert(CallerPledge).values(values).on_conflict_do_nothing())
    return receipt


def calls_lately(session: Session, user: User, now: datetime) -> int:
    """Return how many callers’ pledges somebody took within an hour."""
    mine = (CallerPledge.user_id == user.id, CallerPledge.taken_at > now - AN_HOUR)
    return session.scalars(select(func.count()).select_from(CallerPledge).where(*mine)).one()


def code_of_call(session: Session, receipt: Receipt) -> str | None:
    """Return the code that was read out to a caller; None where the pledge is no caller’s."""
    call = session.get(CallerPledge, (receipt.moment_id, receipt.key))
    return call.code if call else None


def call_of_code(
    session: Session, typed: str, *, by: User, groups: Iterable[Group]
) -> Receipt | None:
    """Return the pledge that a code is of, however its digits are spaced.

    Eight digits can be tried out, so hosts find their own callers’ and those of their groups’ events
    alone; staff find all.
    """
    code = "".join(typed.split()).replace("-", "")
    if len(code) != CODE_DIGITS or not (code.isascii() and code.isdigit()):
        return None
    wanted = select(CallerPledge).where(CallerPledge.code == code)
    if not by.is_staff:
        hosted = select(Event.id).where(Event.group_id.in_([group.id for group in groups]))
        own = (CallerPledge.user_id == by.id, CallerPledge.event_id.in_(hosted))
        wanted = wanted.where(or_(*own))
    call = session.scalar(wanted)
    return Receipt(call.moment_id, call.pledge) if call else None


def calls_by_hour(session: Session, now: datetime) -> Sequence[CallsInAnHour]:
    """Return who took how many callers’ pledges in each hour of a day, the latest hour first."""
    hour = func.date_trunc("hour", CallerPledge.taken_at).label("hour")
    statement = (
        select(hour, User.email, func.count().label("calls"))
        .outerjoin(User, User.id == CallerPledge.user_id)
        .where(CallerPledge.taken_at > now - SHOWN_FOR)
        .group_by(hour, User.id, User.email)
        .order_by(hour.desc(), func.count().desc(), User.id)
        .limit(MOST_ROWS)
    )
    return [CallsInAnHour(*row) for row in session.execute(statement)]


def forget_old_calls(session: Session, now: datetime) -> None:
    """Forget who took callers’ pledges for what was over two weeks ago, and their codes."""
    past = select(Moment.id).where(Moment.ends_on < local(now - KEPT_AFTERWARDS).date())
    is_old = or_(
        CallerPledge.event_id.in_(long_over(now)),
        CallerPledge.event_id.is_(None) & CallerPledge.moment_id.in_(past),
    )
    session.execute(delete(CallerPledge).where(is_old).execution_options(synchronize_session=False))
