"""Everybody who hosts an event hears what becomes of it: the group, and those who co-host it."""

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import NOW
from tests.factories.accounts import make_user
from tests.factories.events import make_event
from tests.factories.groups import make_group, make_member
from webapp.accounts.models import User
from webapp.events.co_hosts import CoHost, CoHostAnswer
from webapp.events.models import Event
from webapp.groups.models import Group
from webapp.organising.actions import cancel_event, hide_event, postpone_event
from webapp.outbox import OutgoingMail

Deed = Callable[[Session, Event, User], None]


def join(session: Session, event: Event, group: Group, answer: CoHostAnswer) -> None:
    session.add(
        CoHost(event_id=event.id, group_id=group.id, answer=answer, invited_at=NOW, answered_at=NOW)
    )
    session.flush()


def mails(session: Session) -> set[tuple[str, str, str | None]]:
    found = session.scalars(select(OutgoingMail))
    return {(each.template, each.recipient, each.details.get("news")) for each in found}


@pytest.mark.parametrize(
    ("template", "deed"),
    [
        ("event_cancelled", lambda s, e, by: cancel_event(s, e, by, NOW, "It rains.")),
        ("event_postponed", lambda s, e, by: postpone_event(s, e, by, NOW, "It rains.")),
        ("event_hidden", lambda s, e, by: hide_event(s, e, by, NOW)),
    ],
)
def test_co_hosts_are_told_once_and_those_who_said_no_are_not(
    session: Session, template: str, deed: Deed
) -> None:
    host, fellow, both = make_user(session), make_user(session), make_user(session)
    group = make_group(session, by=host)
    event = make_event(session, group=group)
    make_group_member(session, group, both)
    choir, mosque = make_group(session, by=fellow), make_group(session)
    make_group_member(session, choir, both)
    join(session, event, choir, CoHostAnswer.ACCEPTED)
    join(session, event, mosque, CoHostAnswer.REFUSED)

    deed(session, event, host)

    assert mails(session) == {
        (template, both.email, None),
        ("co_host_news", fellow.email, template),
    }


def make_group_member(session: Session, group: Group, user: User) -> None:
    """Let somebody who has an account belong to a group."""
    made = make_member(session, group)
    membership = next(each for each in group.memberships if each.user_id == made.id)
    membership.user_id = user.id
    session.flush()
    session.expire(group, ["memberships"])
