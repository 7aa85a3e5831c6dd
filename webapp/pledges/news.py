"""Tell those who left an address what has changed, a quarter of an hour later, and remind them.

What has to be told stands in a row of its own, locked by whoever tells it, and each address remembers
what it was told last: of any number of workers one writes, and to each address once. What is changed
and changed back within the quarter of an hour is told to nobody.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, DateTime, Select, and_, cast, func, or_, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, aliased

from webapp.events.models import Event, EventStatus
from webapp.events.queries import kept_of_id, merged_with
from webapp.moments.models import Moment
from webapp.outbox import post_mail
from webapp.pledges.contact_models import EventNews, PledgeContact
from webapp.pledges.contacts import about, link_subject, said_by
from webapp.pledges.nonces import NonceSigner, Receipt
from webapp.pledges.places import stands

# Whoever corrects a slip, or changes the time and then the place, writes to nobody twice.
FOLDED_WITHIN = timedelta(minutes=15)
IS_NEWS_FOR = timedelta(days=3)
AT_ONCE = 500
CALLED_OFF = frozenset({EventStatus.POSTPONED, EventStatus.CANCELLED})


def note_news(session: Session, event: Event, now: datetime) -> None:
    """Note that whoever promised to come to an event is to be told; part of what changed it."""
    # A row that stands is written over, not passed by: whoever tells it just now has not seen this.
    noted = insert(EventNews).values(event_id=event.id, since=now)
    session.execute(
        noted.on_conflict_do_update(index_elements=["event_id"], set_={"since": EventNews.since})
    )


def tell_pledgers(session: Session, now: datetime, secret_key: str) -> bool:
    """Post what is to be told of one event, to some at a time; False when there is nothing left."""
    news = session.scalars(
        select(EventNews)
        .where(EventNews.since <= now - FOLDED_WITHIN)
        .order_by(EventNews.since, EventNews.event_id)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).first()
    if news is None:
        return False
    event = session.get_one(Event, news.event_id, populate_existing=True)
    if event.merged_into_id is not None:
        # Its people are those of the listing that was kept: what that one says is told to all of them.
        session.delete(news)
        note_news(session, session.get_one(Event, event.merged_into_id), news.since)
        return True
    readers = _readers(session, event) if _is_news(event, now) else []
    for contact in readers:
        contact.told = said_by(event)
        _tell(session, event, contact, now, secret_key)
    if len(readers) < AT_ONCE:
        session.delete(news)
    session.flush()
    return True


def remind_pledgers(session: Session, now: datetime, secret_key: str) -> int:
    """Post reminders that are due, some at a time; return how many."""
    statement = (
        _with_what_is_promised()
        .where(
            PledgeContact.wants_reminder,
            PledgeContact.confirmed_at.is_not(None),
            or_(_event_is_near(now), _moment_is_near(now)),
        )
        .order_by(PledgeContact.asked_at)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True, of=PledgeContact)
    )
    due = session.scalars(statement).all()
    for contact in due:
        contact.reminded_at = now
        stood = stands(session, Receipt(contact.moment_id, contact.pledge))
        if stood.wanted:
            _write(
                session, contact, "pledge_reminder", now + timedelta(days=1), secret_key,
                waits="yes" if stood.waiting and not stood.party else "",
            )  # fmt: skip
    session.flush()
    return len(due)


def tell_moved_up(session: Session, receipt: Receipt, now: datetime, secret_key: str) -> bool:
    """Post that there is room now for people who waited, once for each time; return whether it was news."""
    contact = session.get(
        PledgeContact, (receipt.moment_id, receipt.key), with_for_update=True,
        populate_existing=True,
    )  # fmt: skip
    stood = stands(session, receipt)
    if contact is None or contact.event_id is None or not contact.wants_place:
        return False
    event = kept_of_id(session, contact.event_id)
    if contact.place_told_at == stood.moved_up_at or not stood.party or not _is_ahead(event, now):
        return False
    contact.place_told_at = stood.moved_up_at
    _write(session, contact, "pledge_place", min(event.starts_at, now + IS_NEWS_FOR), secret_key)
    session.flush()
    return True


def _is_ahead(event: Event, now: datetime) -> bool:
    return event.status == EventStatus.PUBLISHED and event.starts_at > now


def _with_what_is_promised() -> Select[PledgeContact]:
    """Return the question for addresses, each with its moment and the event that is kept, if any."""
    listed = aliased(Event)
    return (
        select(PledgeContact)
        .join(Moment, Moment.id == PledgeContact.moment_id)
        .outerjoin(listed, listed.id == PledgeContact.event_id)
        .outerjoin(Event, Event.id == func.coalesce(listed.merged_into_id, listed.id))
    )


def _readers(session: Session, event: Event) -> Sequence[PledgeContact]:
    """Return some of those who have not been told yet what the event’s page says now."""
    return session.scalars(
        select(PledgeContact)
        .where(
            PledgeContact.event_id.in_(merged_with(event.id)),
            PledgeContact.wants_news,
            PledgeContact.confirmed_at.is_not(None),
            PledgeContact.told.is_distinct_from(said_by(event)),
        )
        .limit(AT_ONCE)
        .with_for_update()
    ).all()


def _is_news(event: Event, now: datetime) -> bool:
    return event.status in CALLED_OFF or not event.is_over(now)


def _tell(
    session: Session, event: Event, contact: PledgeContact, now: datetime, secret_key: str
) -> None:
    # What is hidden may be so for what it says: then only when it was to be is told.
    hidden = {} if event.is_public else {"title": "", "public_id": ""}
    _write(
        session, contact, "pledge_news", now + IS_NEWS_FOR, secret_key,
        state=event.status.value if event.is_public else EventStatus.HIDDEN.value,
        explanation=(event.notice or "") if event.is_public else "",
        **hidden,
    )  # fmt: skip


def _write(
    session: Session,
    contact: PledgeContact,
    template: str,
    send_before: datetime,
    secret_key: str,
    **details: str,
) -> None:
    receipt = Receipt(contact.moment_id, contact.pledge)
    told = {
        **about(session, contact),
        "contact": link_subject(contact, secret_key),
        "receipt": NonceSigner(secret_key).sign_receipt(receipt),
        **details,
    }
    post_mail(
        session, template, to=contact.email, language=contact.language, send_before=send_before,
        **told,
    )  # fmt: skip


def _event_is_near(now: datetime) -> ColumnElement[bool]:
    """Tell in SQL whether it is the day before, from five in the afternoon, and nobody was reminded."""
    day = func.date_trunc("day", func.timezone("Europe/London", Event.starts_at))
    return and_(
        Event.status == EventStatus.PUBLISHED,
        Event.starts_at > now,
        _is_due(day, now),
    )


def _moment_is_near(now: datetime) -> ColumnElement[bool]:
    """Tell the same of a moment that somebody takes part in at home."""
    day = cast(Moment.starts_on, DateTime)
    return and_(
        PledgeContact.event_id.is_(None),
        func.timezone("Europe/London", day) > now,
        _is_due(day, now),
    )


def _is_due(day: ColumnElement[datetime], now: datetime) -> ColumnElement[bool]:
    five = func.timezone("Europe/London", day - text("interval '7 hours'"))
    # Who was reminded of an earlier day, before it was put off, has not been reminded of this one.
    was = PledgeContact.reminded_at
    return and_(five <= now, or_(was.is_(None), was < five))
