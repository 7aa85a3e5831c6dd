"""Groups that host an event together with its host group, and those invited to.

An event counts once, and its totals by group belong to the host group alone.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Select, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, contains_eager, joinedload, mapped_column, relationship

from webapp.accounts.models import User
from webapp.database import Base, closed_set
from webapp.events.mail_details import mail_details
from webapp.events.models import PUBLIC_STATUSES, Event, EventStatus
from webapp.groups.models import Group
from webapp.groups.queries import addressees_of
from webapp.outbox import post_mail

# Nobody has more to look after in one season; a list without an end is no help.
MOST_SHOWN = 50


class CoHostAnswer(StrEnum):
    """What an invited group said."""

    INVITED = "invited"  # nothing yet
    ACCEPTED = "accepted"
    REFUSED = "refused"  # or accepted, and stepped back later
    WITHDRAWN = "withdrawn"  # by the host


class CoHost(Base):
    """One group invited to host an event together with its host group."""

    __tablename__ = "event_co_host"

    event_id: Mapped[int] = mapped_column(
        ForeignKey("event.id", ondelete="CASCADE"), primary_key=True
    )
    group_id: Mapped[int] = mapped_column(
        ForeignKey("community_group.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    answer: Mapped[CoHostAnswer] = mapped_column(
        closed_set(CoHostAnswer, "answer"), default=CoHostAnswer.INVITED
    )
    invited_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("user_account.id", ondelete="SET NULL")
    )
    invited_at: Mapped[datetime]
    # When the group was written to: once, and not before everybody may know of the event.
    told_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("user_account.id", ondelete="SET NULL")
    )
    answered_at: Mapped[datetime | None]

    event: Mapped[Event] = relationship()
    group: Mapped[Group] = relationship()


def co_hosts_of(session: Session, event_id: int) -> list[Group]:
    """Return the groups that host an event together with its host group, by name."""
    statement = (
        select(Group)
        .join(CoHost, CoHost.group_id == Group.id)
        .where(CoHost.event_id == event_id, CoHost.answer == CoHostAnswer.ACCEPTED)
        .order_by(Group.name, Group.id)
    )
    return list(session.execute(statement).scalars())


def invitations_waiting(
    session: Session, group_ids: Sequence[int], *, not_over_at: datetime | None = None
) -> list[CoHost]:
    """Return what groups are asked to co-host and have not answered, soonest first.

    Each comes with its group, its event and the event’s host. An event that is not published is not
    told of.
    """
    statement = _with_their_events().where(
        CoHost.group_id.in_(group_ids),
        CoHost.answer == CoHostAnswer.INVITED,
        Event.status == EventStatus.PUBLISHED,
    )
    if not_over_at is not None:
        statement = statement.where(Event.ends_at > not_over_at)
    return list(session.execute(statement).scalars())


def hosted_together(session: Session, group_ids: Sequence[int], now: datetime) -> list[CoHost]:
    """Return what groups co-host and everybody may know of, soonest first, until it is over.

    Each comes with its group, its event and the event’s host. What one of the groups hosts itself is
    left out.
    """
    statement = (
        _with_their_events()
        .where(
            CoHost.group_id.in_(group_ids),
            CoHost.answer == CoHostAnswer.ACCEPTED,
            Event.group_id.not_in(group_ids),
            Event.status.in_(PUBLIC_STATUSES),
            Event.ends_at > now,
        )
        .limit(MOST_SHOWN)
    )
    return list(session.execute(statement).scalars())


def send_waiting_invitations(session: Session, event: Event, now: datetime) -> None:
    """Write to the groups that are invited and were not told; nothing until the event is published.

    To be called whenever an event becomes public, however often.
    """
    if event.status is not EventStatus.PUBLISHED or event.is_over(now):
        return
    waiting = session.scalars(
        select(CoHost)
        .where(
            CoHost.event_id == event.id,
            CoHost.answer == CoHostAnswer.INVITED,
            CoHost.told_at.is_(None),
        )
        .order_by(CoHost.group_id)
        .with_for_update(of=CoHost)
    )
    for invited in waiting:
        invited.told_at = now
        _write_to(session, event, invited.group)


def copy_invitations(
    session: Session, from_id: int, to_id: int, by: User | None, now: datetime
) -> None:
    """Invite to one event the groups that co-host another or are asked to.

    They hear of it by `send_waiting_invitations`. Whoever said no is not asked again, and whoever
    hosts it this time need not be.
    """
    host = select(Event.group_id).where(Event.id == to_id).scalar_subquery()
    asked = select(CoHost.group_id).where(
        CoHost.event_id == from_id,
        CoHost.answer.in_((CoHostAnswer.INVITED, CoHostAnswer.ACCEPTED)),
        CoHost.group_id != host,
    )
    rows = [
        {
            "event_id": to_id,
            "group_id": group_id,
            "answer": CoHostAnswer.INVITED,
            "invited_by_id": by.id if by else None,
            "invited_at": now,
        }
        for group_id in session.scalars(asked.order_by(CoHost.group_id))
    ]
    if rows:
        session.execute(insert(CoHost).values(rows).on_conflict_do_nothing())


def take_in_hosts(
    session: Session, merged: Event, kept: Event, by: User | None, now: datetime
) -> None:
    """Let those who host a listing that was merged co-host the kept one; who was asked is asked anew."""
    answers = {merged.group_id: CoHostAnswer.ACCEPTED}
    for each in session.scalars(select(CoHost).where(CoHost.event_id == merged.id)):
        if each.answer in {CoHostAnswer.INVITED, CoHostAnswer.ACCEPTED}:
            answers.setdefault(each.group_id, each.answer)
    answers.pop(kept.group_id, None)
    rows = [
        {
            "event_id": kept.id,
            "group_id": group_id,
            "answer": answer,
            "invited_by_id": by.id if by else None,
            "invited_at": now,
            "answered_at": now if answer is CoHostAnswer.ACCEPTED else None,
        }
        for group_id, answer in answers.items()
    ]
    if rows:
        session.execute(insert(CoHost).values(rows).on_conflict_do_nothing())
    send_waiting_invitations(session, kept, now)


def let_go_of_hosts(session: Session, kept: Event, merged_at: datetime) -> None:
    """Take off those who co-host an event since another listing was merged into it."""
    session.execute(
        delete(CoHost).where(CoHost.event_id == kept.id, CoHost.invited_at == merged_at)
    )


def _with_their_events() -> Select[CoHost]:
    """Return the question for invitations, each with its group, its event and the event’s host."""
    return (
        select(CoHost)
        .join(CoHost.event)
        .options(contains_eager(CoHost.event).joinedload(Event.group), joinedload(CoHost.group))
        .order_by(Event.starts_at, Event.id, CoHost.group_id)
    )


def _write_to(session: Session, event: Event, group: Group) -> None:
    for reader in addressees_of(session, group):
        post_mail(
            session,
            "co_host_invited",
            to=reader.email,
            language=reader.language,
            send_before=event.ends_at,
            **mail_details(event, reader.language),
            group_name=group.name,
            group_slug=group.slug,
            host_name=event.group.name,
        )
