"""What people do with the events that they are writing."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from webapp.accounts.models import User
from webapp.drafts.models import KEPT_FOR, EventDraft, Step
from webapp.drafts.queries import draft_of_id
from webapp.events.models import Event
from webapp.events.placing import whereabouts_of
from webapp.events.written_times import written_when
from webapp.forms import without_invisible

# Longer than any field takes, so that what is refused as too long is kept all the same.
LONGEST_ANSWER = 8_000


def begin_draft(
    session: Session,
    draft_id: UUID,
    answers: Mapping[str, str],
    *,
    by: User | None,
    now: datetime,
) -> EventDraft | None:
    """Begin a draft under an id that its browser was given; begun twice, it is the same.

    None where the id is that of somebody’s draft that was sent or thrown away meanwhile.
    """
    statement = insert(EventDraft).values(
        id=draft_id, answers=dict(answers), user_id=by.id if by else None, changed_at=now
    )
    session.execute(statement.on_conflict_do_nothing())
    return draft_of_id(session, draft_id, lock=True)


def save_answers(
    session: Session, draft: EventDraft, step: Step, answers: Mapping[str, str], now: datetime
) -> None:
    """Keep what was typed on a page, right or wrong."""
    kept = {name: without_invisible(text)[:LONGEST_ANSWER] for name, text in answers.items()}
    saved = [each.value for each in Step if each is step or draft.is_saved(each)]
    right = [each for each in draft.answers.get(EventDraft.RIGHT, ()) if each != step.value]
    draft.answers = {
        **draft.answers, **kept, EventDraft.SAVED: saved, EventDraft.RIGHT: right,
    }  # fmt: skip
    draft.version += 1
    draft.changed_at = now
    session.flush()


def mark_right(draft: EventDraft, step: Step) -> None:
    """Note that nothing is wrong with what was typed on a page."""
    right = draft.answers.get(EventDraft.RIGHT, ())
    draft.answers = {**draft.answers, EventDraft.RIGHT: [*right, step.value]}


def throw_away(session: Session, draft: EventDraft) -> None:
    """Erase a draft with all that was typed."""
    session.delete(draft)
    session.flush()


def adopt_drafts(session: Session, ids: Collection[UUID], user: User) -> bool:
    """Make the drafts that were begun in somebody’s browser theirs; tell whether there was any."""
    if not ids:
        return False
    theirs = update(EventDraft).where(EventDraft.id.in_(ids), EventDraft.user_id.is_(None))
    return bool(session.scalars(theirs.values(user_id=user.id).returning(EventDraft.id)).all())


def copy_event_into_draft(session: Session, event: Event, by: User, now: datetime) -> EventDraft:
    """Begin a draft that says what an event says, at the same time of another day and moment.

    Details, picture and co-hosts follow when it is sent; pledges and reports never do.
    """
    when = written_when(event.starts_at, event.ends_at)
    answers: dict[str, str | list[str]] = {
        "title": event.title,
        "description": event.description,
        "starts_at": when["starts_at"],
        "ends_at": when["ends_at"],
        "venue_type": event.venue_type.value,
        "venue_name": event.venue_name or "",
        "joining_link": event.joining_link or "",
        "group": event.group.slug,
        **_typed_place(session, event),
    }
    draft = EventDraft(answers=answers, user_id=by.id, copied_from_id=event.id, changed_at=now)
    session.add(draft)
    session.flush()
    return draft


def _typed_place(session: Session, event: Event) -> dict[str, str]:
    """Return where an event is, as its host would type it."""
    exact = whereabouts_of(session, event)
    if exact is None:
        return {}
    if exact.postcode:
        return {"place": exact.postcode}
    if exact.precision_metres and event.place:
        return {"place": event.place.name}
    point = exact.point
    return {"latitude": f"{point.latitude:.5f}", "longitude": f"{point.longitude:.5f}"}


def forget_old_drafts(session: Session, now: datetime) -> None:
    """Erase the drafts that nobody has touched for thirty days."""
    session.execute(delete(EventDraft).where(EventDraft.changed_at < now - KEPT_FOR))
