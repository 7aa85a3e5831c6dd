"""The life of an event: sent, approved, returned, postponed, cancelled, hidden, and back again.

Each act locks the event’s row until the transaction ends, so that of two at the same instant the
second sees what the first did; each is noted in the event’s history and is a version of its own.
Whether a person may change the event at all is decided before. `by` is None where a link in a mail
was used. Each raises LifeError where the event’s state does not allow it.
"""

from datetime import datetime

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.accounts.models import User
from webapp.events.co_hosts import send_waiting_invitations
from webapp.events.history import ChangeKind, EventChange, note_change
from webapp.events.models import PUBLIC_STATUSES, Event, EventStatus

LIVE = frozenset({EventStatus.PUBLISHED, EventStatus.POSTPONED})
NOT_MERGED = _l("These two are not merged any more.")


class LifeError(Exception):
    """The event’s state does not allow this; its text is a sentence for whoever tried."""

    def __init__(self, sentence: str | LazyString) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def lock_event(session: Session, event: Event) -> None:
    """Read an event again as it is now, and let nobody else change it until the transaction ends.

    Pledges still refer to it meanwhile: they need its key alone, which never changes.
    """
    session.flush()
    session.execute(
        select(Event)
        .where(Event.id == event.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).scalar_one()


def submit(session: Session, event: Event, by: User | None, now: datetime) -> None:
    """Send a new or returned event: a trusted group’s is public at once, another’s waits."""
    lock_event(session, event)
    _require(event, {EventStatus.DRAFT}, _l("This event has been sent already."))
    if event.is_over(now):
        raise LifeError(_l("Its time has passed. Give it a new time, then send it."))
    event.submitted_at = now
    if event.group.is_trusted:
        _turn(session, event, EventStatus.PUBLISHED, ChangeKind.LISTED, by=by, now=now)
    else:
        _turn(session, event, EventStatus.IN_REVIEW, ChangeKind.SENT, by=by, now=now)


def approve(session: Session, event: Event, by: User | None, now: datetime) -> None:
    """Make an event public, or say of a public one that its latest changes were looked at."""
    lock_event(session, event)
    _require(event, {EventStatus.IN_REVIEW, *PUBLIC_STATUSES}, _l("This event is not in review."))
    status = event.status if event.is_public else EventStatus.PUBLISHED
    _turn(session, event, status, ChangeKind.APPROVED, by=by, now=now)
    event.reviewed_version = event.version


def give_back(session: Session, event: Event, by: User | None, reason: str, now: datetime) -> None:
    """Return an event to its host with a reason; nobody else sees it until it is sent again."""
    lock_event(session, event)
    _require(event, {EventStatus.IN_REVIEW, *LIVE}, _l("This event cannot be returned now."))
    _turn(session, event, EventStatus.DRAFT, ChangeKind.RETURNED, by=by, now=now, words=reason)


def hide(
    session: Session, event: Event, by: User | None, now: datetime, reason: str | None = None
) -> None:
    """Take an event’s page away. What staff hide of a group that is not theirs stays hidden."""
    lock_event(session, event)
    if event.status is EventStatus.HIDDEN:
        raise LifeError(_l("This event is hidden already."))
    _turn(session, event, EventStatus.HIDDEN, ChangeKind.HIDDEN, by=by, now=now, words=reason)
    event.hidden_by_staff = by is not None and by.is_staff and event.group.role_of(by) is None


def show_again(session: Session, event: Event, by: User | None, now: datetime) -> None:
    """Let a hidden event be what it was before: public, in review, postponed or cancelled."""
    lock_event(session, event)
    _require(event, {EventStatus.HIDDEN}, _l("This event is not hidden."))
    if event.merged_into_id is not None:
        raise LifeError(_l("It was merged into another listing. Take the two apart instead."))
    if event.hidden_by_staff and not (by is not None and by.is_staff):
        raise LifeError(_l("The campaign’s staff hid this event. Only they can show it again."))
    # Without a note of what it was, somebody looks at it before the public does.
    before = _before(session, event, ChangeKind.HIDDEN, otherwise=EventStatus.IN_REVIEW)
    _turn(session, event, before, ChangeKind.SHOWN, by=by, now=now)
    event.hidden_by_staff = False


def postpone(
    session: Session, event: Event, by: User | None, now: datetime, explanation: str
) -> None:
    """Say that an event will be later; its page stays and gives the host’s explanation."""
    lock_event(session, event)
    _require(event, {EventStatus.PUBLISHED}, _l("Only an event that is on can be postponed."))
    if event.is_over(now):
        raise LifeError(_l("This event is over."))
    _turn(
        session, event, EventStatus.POSTPONED, ChangeKind.POSTPONED,
        by=by, now=now, words=explanation, notice=(explanation, now),
    )  # fmt: skip


def cancel(
    session: Session, event: Event, by: User | None, now: datetime, explanation: str
) -> None:
    """Say that an event will not take place; its page stays and gives the host’s explanation."""
    lock_event(session, event)
    _require(event, LIVE, _l("Only an event that is on or postponed can be cancelled."))
    if event.status is EventStatus.PUBLISHED and event.is_over(now):
        raise LifeError(_l("This event is over."))
    _turn(
        session, event, EventStatus.CANCELLED, ChangeKind.CANCELLED,
        by=by, now=now, words=explanation, notice=(explanation, now),
    )  # fmt: skip


def restore(session: Session, event: Event, by: User | None, now: datetime) -> None:
    """Take back a postponement or a cancellation; the page says again what it said before."""
    lock_event(session, event)
    undone = {
        EventStatus.POSTPONED: ChangeKind.POSTPONED,
        EventStatus.CANCELLED: ChangeKind.CANCELLED,
    }
    _require(event, set(undone), _l("This event is neither postponed nor cancelled."))
    kind = undone[event.status]
    before = _before(session, event, kind, otherwise=EventStatus.PUBLISHED)
    if before is EventStatus.PUBLISHED and event.is_over(now):
        raise LifeError(_l("Its time has passed. Give it a new time instead."))
    notice = _notice_before(session, event, kind)
    _turn(session, event, before, ChangeKind.RESTORED, by=by, now=now, notice=notice)


def merge(session: Session, event: Event, kept: Event, by: User | None, now: datetime) -> None:
    """Make one of two listings of the same event: one is hidden and leads to the one that is kept."""
    if event.id == kept.id:
        raise LifeError(_l("That is this event itself. Choose the other listing."))
    _lock_both(session, event, kept)
    _require(event, PUBLIC_STATUSES, _l("Only what everybody can see can be merged."))
    _require(kept, LIVE, _l("The listing that is kept has to be on. Choose another one."))
    if event.is_demonstration is not kept.is_demonstration:
        raise LifeError(_l("One of the two is made up, to show what the site does."))
    if session.scalar(select(Event.id).where(Event.merged_into_id == event.id).limit(1)):
        raise LifeError(
            _l(
                "Another listing was merged into this one. Keep this one, or take those apart first."
            )
        )
    event.merged_into_id = kept.id
    changes = {"merged": [None, kept.public_id]}
    hidden = EventStatus.HIDDEN
    _turn(session, event, hidden, ChangeKind.MERGED, by=by, now=now, changes=changes)
    other: dict[str, list[str | None]] = {"merged": [None, event.public_id]}
    note_change(session, kept, ChangeKind.TOOK_IN, by=by, now=now, changes=other)


def part(
    session: Session, event: Event, kept: Event, by: User | None, now: datetime
) -> datetime | None:
    """Take two listings apart again: the one that was merged is what it was, with its own people.

    Returns when they were merged, where that was noted.
    """
    _lock_both(session, event, kept)
    if event.merged_into_id != kept.id:
        raise LifeError(NOT_MERGED)
    before = _before(session, event, ChangeKind.MERGED, otherwise=EventStatus.IN_REVIEW)
    change = _latest(session, event, ChangeKind.MERGED)
    event.merged_into_id = None
    changes = {"merged": [kept.public_id, None]}
    _turn(session, event, before, ChangeKind.PARTED, by=by, now=now, changes=changes)
    other: dict[str, list[str | None]] = {"merged": [event.public_id, None]}
    note_change(session, kept, ChangeKind.PARTED, by=by, now=now, changes=other)
    return change.at if change else None


def _lock_both(session: Session, *events: Event) -> None:
    """Lock two events, always in the same order."""
    for each in sorted(events, key=lambda event: event.id):
        lock_event(session, each)


def note_edit(
    session: Session,
    event: Event,
    by: User | None,
    now: datetime,
    changes: dict[str, list[str | None]],
    explanation: str | None = None,
) -> None:
    """Note that what an event says was changed; `explanation` where time or place did.

    A new time for a postponed event means that it is on again. The public event of an unverified
    group stays public, and staff look at what is new.
    """
    if event.is_public and not event.group.is_trusted and event.reviewed_version is None:
        event.reviewed_version = event.version
    status = event.status
    if status is EventStatus.POSTPONED and {"starts_at", "ends_at"} & set(changes):
        status = EventStatus.PUBLISHED
    notice = (explanation, now) if explanation else None
    _turn(
        session, event, status, ChangeKind.EDITED,
        by=by, now=now, words=explanation, notice=notice, changes=changes,
    )  # fmt: skip
    event.sequence += 1


Notice = tuple[str | None, datetime | None]


def _turn(  # noqa: PLR0913 -- one change has so many parts
    session: Session,
    event: Event,
    status: EventStatus,
    kind: ChangeKind,
    *,
    by: User | None,
    now: datetime,
    words: str | None = None,
    notice: Notice | None = None,
    changes: dict[str, list[str | None]] | None = None,
) -> None:
    """Make one change whole: the state, the public notice, the version and the history.

    Every change of an event’s life passes here. Whoever asks for one also notes what pledgers are to
    be told (`webapp.pledges.news.note_news`), for pledges are built upon events.
    """
    noted = dict(changes or {})
    becomes_public = status is EventStatus.PUBLISHED and event.status is not status
    if status is not event.status:
        noted["status"] = [event.status.value, status.value]
        event.sequence += 1
    if notice is not None:
        noted["notice"] = [event.notice, notice[0]]
        noted["notice_at"] = [_written(event.notice_at), _written(notice[1])]
        event.notice, event.notice_at = notice
    event.status = status
    event.version += 1
    note_change(session, event, kind, by=by, now=now, explanation=words, changes=noted)
    session.flush()
    if becomes_public:
        send_waiting_invitations(session, event, now)


def _require(
    event: Event, allowed: set[EventStatus] | frozenset[EventStatus], otherwise: LazyString
) -> None:
    if event.status not in allowed:
        raise LifeError(otherwise)


def _latest(session: Session, event: Event, kind: ChangeKind) -> EventChange | None:
    return session.scalars(
        select(EventChange)
        .where(EventChange.event_id == event.id, EventChange.kind == kind)
        .order_by(EventChange.id.desc())
        .limit(1)
    ).first()


def _before(
    session: Session, event: Event, kind: ChangeKind, *, otherwise: EventStatus
) -> EventStatus:
    """Return what an event was before the latest change of a kind."""
    change = _latest(session, event, kind)
    noted = change.changes.get("status") if change else None
    return EventStatus(noted[0]) if noted and noted[0] else otherwise


def _notice_before(session: Session, event: Event, kind: ChangeKind) -> Notice:
    change = _latest(session, event, kind)
    if change is None or "notice" not in change.changes:
        return None, None
    at = change.changes["notice_at"][0]
    return change.changes["notice"][0], datetime.fromisoformat(at) if at else None


def _written(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
