"""Ask for an exact place, answer, and forget.

Hosts answer what they saw: where somebody of their group was faster, theirs changes nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from webapp.accounts.models import User
from webapp.asked_places.models import MOST_WAITING, Answer, AskedPlace, PlaceTelling
from webapp.asked_places.places import mark_of, told_place
from webapp.asked_places.queries import asked_of, party_of_asker
from webapp.events.keeping import long_over
from webapp.events.models import Event
from webapp.events.placing import whereabouts_of
from webapp.pledges.models import was_withdrawn
from webapp.pledges.nonces import Receipt

# Hosts are written to at most once an hour about one event.
BETWEEN_MAILS = timedelta(hours=1)
# Whoever answered by mistake puts it right before anybody is written to.
FOLDED_WITHIN = timedelta(minutes=10)


class TooManyAskError(Exception):
    """So many wait for the host’s answer already that no more are let in."""


class NothingToTellError(Exception):
    """The host has not said yet where exactly it is."""


@dataclass(frozen=True, kw_only=True)
class NewAsking:
    """What somebody writes to a host; `mail_wording` is None where no mail is wanted."""

    name: str
    note: str | None
    mail_wording: str | None


@dataclass(frozen=True)
class Answered:
    """How many were answered, and how many somebody else had answered or who had gone meanwhile."""

    changed: int
    missed: int


def ask_for_place(
    session: Session, event: Event, receipt: Receipt, new: NewAsking, now: datetime
) -> None:
    """Ask an event’s host for its exact place; a pledge that has asked before changes nothing.

    Raises TooManyAskError.
    """
    # Those who ask at the same time are counted together.
    line = func.hashtextextended(f"place of {event.id}", 0)
    session.execute(select(func.pg_advisory_xact_lock(line)))
    before = asked_of(session, receipt)
    if before is not None and before.event_id == event.id:
        return
    # As the host sees them: not who is in no more.
    waiting = select(func.count()).where(
        AskedPlace.event_id == event.id, AskedPlace.answer.is_(None), party_of_asker() > 0
    )
    if session.execute(waiting).scalar_one() >= MOST_WAITING:
        raise TooManyAskError
    values = {
        "event_id": event.id, "name": new.name, "note": new.note, "asked_at": now,
        "mail_wording": new.mail_wording,
    }  # fmt: skip
    # What another event’s host was asked, and answered, is not for this one’s.
    blank = dict.fromkeys(("answer", "answered_at", "answered_by_id", "mail_due_at"))
    statement = insert(AskedPlace).values(moment_id=receipt.moment_id, pledge=receipt.key, **values)
    asked = statement.on_conflict_do_update(
        index_elements=["moment_id", "pledge"], set_=values | blank,
        where=AskedPlace.event_id != event.id,
    ).returning(AskedPlace.id)  # fmt: skip
    if session.execute(asked).scalar() is not None:
        _tell_hosts_soon(session, event.id, now)


def take_question_back(session: Session, receipt: Receipt) -> None:
    """Erase a question; of one that the host said no to, the name and the note."""
    of_pledge = (AskedPlace.moment_id == receipt.moment_id, AskedPlace.pledge == receipt.key)
    kept = (*of_pledge, AskedPlace.answer == Answer.DECLINED)
    session.execute(update(AskedPlace).where(*kept).values(name=None, note=None, mail_due_at=None))
    session.execute(delete(AskedPlace).where(*of_pledge, AskedPlace.name.is_not(None)))


def forget_question(session: Session, receipt: Receipt) -> None:
    """Erase all that a pledge has asked: it is withdrawn."""
    session.execute(
        delete(AskedPlace).where(
            AskedPlace.moment_id == receipt.moment_id, AskedPlace.pledge == receipt.key
        )
    )


def answer_questions(
    session: Session,
    event: Event,
    ids: Sequence[int],
    *,
    seen: Answer | None,
    answer: Answer,
    by: User,
    now: datetime,
) -> Answered:
    """Answer those whom a host ticked; `seen` is the answer that stood beside them.

    Raises NothingToTellError where the place is to be given and is not written down.
    """
    if answer is Answer.ACCEPTED and not told_place(session, event).can_be_found:
        raise NothingToTellError
    found = session.scalars(
        select(AskedPlace)
        .where(AskedPlace.event_id == event.id, AskedPlace.id.in_(ids))
        .where(AskedPlace.answer.is_not_distinct_from(seen), AskedPlace.name.is_not(None))
        .order_by(AskedPlace.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    for asked in found:
        asked.answer, asked.answered_at, asked.answered_by_id = answer, now, by.id
        asked.mail_due_at = now + FOLDED_WITHIN if asked.mail_wording else None
    session.flush()
    return Answered(len(found), len(set(ids)) - len(found))


def write_directions(session: Session, event: Event, directions: str | None) -> None:
    """Keep how those find the door whom the host lets come; None takes it away."""
    mark = mark_of(whereabouts_of(session, event)) if directions else None
    values = {"directions": directions or None, "place_mark": mark}
    statement = insert(PlaceTelling).values(event_id=event.id, **values)
    session.execute(statement.on_conflict_do_update(index_elements=["event_id"], set_=values))


def forget_old_questions(session: Session, now: datetime) -> None:
    """Erase who asked, and what they were told, two weeks after the event; and of pledges withdrawn."""
    over = long_over(now)
    session.execute(delete(AskedPlace).where(AskedPlace.event_id.in_(over)))
    session.execute(delete(PlaceTelling).where(PlaceTelling.event_id.in_(over)))
    session.execute(
        delete(AskedPlace).where(was_withdrawn(AskedPlace.moment_id, AskedPlace.pledge))
    )


def _tell_hosts_soon(session: Session, event_id: int, now: datetime) -> None:
    """Let the hosts be told: at once, or once an hour is over since they were told last."""
    due = func.greatest(now, PlaceTelling.hosts_told_at + BETWEEN_MAILS)
    statement = insert(PlaceTelling).values(event_id=event_id, hosts_due_at=now)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["event_id"],
            set_={"hosts_due_at": func.coalesce(PlaceTelling.hosts_due_at, due)},
        )
    )
