"""Ask hosts how many came, and write down what people tell."""

from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Exists, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, joinedload

from webapp.events.mail_details import mail_details
from webapp.events.models import Event, event_moment
from webapp.groups.queries import addressees_of
from webapp.headcounts.encounters import Met, Witness
from webapp.headcounts.models import Encounter, Headcount
from webapp.headcounts.queries import took_place
from webapp.moments.models import Moment
from webapp.outbox import post_mail

# Whoever could not be asked for a week, because the site was away, is not asked any more.
ASKED_WITHIN = timedelta(days=7)
MAIL_WAITS = timedelta(days=1)
ASKED_AT_ONCE = 100


def ask_hosts(session: Session, now: datetime) -> int:
    """Post the question to the hosts of some events that are over; return of how many events.

    An event is marked in the transaction that posts its mails, and rows that another worker holds
    are left to it: each host is asked once, however many workers there are.
    """
    chosen = (
        select(Event.id)
        .where(took_place(now), Event.ends_at > now - ASKED_WITHIN)
        .where(_is_not_asked(), ~_is_told(), ~_is_demonstration())
        .order_by(Event.ends_at, Event.id)
        .limit(ASKED_AT_ONCE)
        .with_for_update(skip_locked=True, of=Event)
    )
    marked = (
        update(Event)
        .where(Event.id.in_(chosen))
        .values(headcount_asked_at=now)
        .returning(Event.id)
        .execution_options(synchronize_session=False)
    )
    found = list(session.scalars(marked))
    for event in session.scalars(
        select(Event).where(Event.id.in_(found)).options(joinedload(Event.group))
    ):
        _ask(session, event, now)
    return len(found)


def report_headcount(session: Session, event: Event, people: int, now: datetime) -> None:
    """Write down about how many came; a later answer replaces an earlier one."""
    values = {"people": people, "reported_at": now}
    session.execute(
        insert(Headcount)
        .values(event_id=event.id, **values)
        .on_conflict_do_update(index_elements=["event_id"], set_=values)
    )


def tell_encounter(session: Session, witness: Witness, met: Met, today: date) -> None:
    """Write down whom somebody met; a later answer replaces an earlier one."""
    values = {
        "met_new": met is not Met.NOBODY,
        "met_unusual": met is Met.UNUSUAL,
        "told_on": today,
    }
    session.execute(
        insert(Encounter)
        .values(
            moment_id=witness.moment_id,
            event_id=witness.event_id,
            teller=witness.teller,
            teller_key=witness.key,
            **values,
        )
        .on_conflict_do_update(index_elements=["teller_key"], set_=values)
    )


def _ask(session: Session, event: Event, now: datetime) -> None:
    for each in addressees_of(session, event.group):
        post_mail(
            session,
            "how_many_came",
            to=each.email,
            language=each.language,
            send_before=now + MAIL_WAITS,
            **mail_details(event, each.language),
        )


def _is_not_asked() -> ColumnElement[bool]:
    # One that was moved to a later day after its host was asked is another event in that.
    asked_at = Event.headcount_asked_at
    return asked_at.is_(None) | (asked_at < Event.ends_at)


def _is_told() -> Exists:
    return select(Headcount.event_id).where(Headcount.event_id == Event.id).exists()


def _is_demonstration() -> Exists:
    return (
        select(event_moment.c.event_id)
        .join(Moment)
        .where(event_moment.c.event_id == Event.id, Moment.is_demonstration)
        .exists()
    )
