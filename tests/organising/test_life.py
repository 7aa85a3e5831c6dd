"""What may become of an event, and who may say so."""

from datetime import timedelta
from itertools import pairwise

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import NOW
from tests.factories.accounts import make_user
from tests.factories.events import make_event
from tests.factories.groups import make_group
from webapp.accounts.models import User
from webapp.events import life
from webapp.events.history import ChangeKind, EventChange
from webapp.events.life import LifeError
from webapp.events.models import Event, EventStatus
from webapp.groups.models import Group, Standing

LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def host(session: Session) -> User:
    return make_user(session)


@pytest.fixture
def staff(session: Session) -> User:
    return make_user(session, staff=True)


@pytest.fixture
def group(session: Session, host: User) -> Group:
    return make_group(session, by=host)


@pytest.fixture
def event(session: Session, group: Group) -> Event:
    return make_event(session, group=group)


@pytest.fixture
def returned(event: Event) -> Event:
    event.status = EventStatus.DRAFT
    return event


def history(session: Session, event: Event) -> list[EventChange]:
    statement = select(EventChange).where(EventChange.event_id == event.id)
    return list(session.scalars(statement.order_by(EventChange.id)))


def test_the_event_of_an_unverified_group_waits_for_review(
    session: Session, returned: Event, host: User
) -> None:
    life.submit(session, returned, host, NOW)

    assert returned.status is EventStatus.IN_REVIEW
    assert returned.submitted_at == NOW
    assert not returned.is_public


def test_the_event_of_a_trusted_group_is_public_at_once(
    session: Session, returned: Event, group: Group, host: User
) -> None:
    group.standing = Standing.TRUSTED

    life.submit(session, returned, host, NOW)

    assert returned.status is EventStatus.PUBLISHED
    assert history(session, returned)[0].kind is ChangeKind.LISTED


def test_what_is_over_is_not_sent(session: Session, returned: Event, host: User) -> None:
    with pytest.raises(LifeError, match="time has passed"):
        life.submit(session, returned, host, returned.ends_at)


def test_an_event_is_returned_changed_sent_again_and_approved(
    session: Session, returned: Event, host: User, staff: User
) -> None:
    life.submit(session, returned, host, NOW)
    life.give_back(session, returned, staff, "Which hall is it?", LATER)
    assert returned.status is EventStatus.DRAFT
    life.note_edit(session, returned, host, LATER, {"venue_name": ["Hall", "Deeplish Hall"]})
    life.submit(session, returned, host, LATER)
    life.approve(session, returned, staff, LATER)

    assert returned.status is EventStatus.PUBLISHED
    assert returned.reviewed_version == returned.version
    kinds = [change.kind.value for change in history(session, returned)]
    assert kinds == ["sent", "returned", "edited", "sent", "approved"]
    assert history(session, returned)[1].explanation == "Which hall is it?"


def test_every_change_is_noted_with_who_when_and_a_version_of_its_own(
    session: Session, event: Event, host: User
) -> None:
    life.postpone(session, event, host, NOW, "The hall is flooded.")
    life.cancel(session, event, host, LATER, "It stays flooded.")
    life.hide(session, event, None, LATER)

    noted = history(session, event)
    assert [change.by_id for change in noted] == [host.id, host.id, None]
    assert [change.at for change in noted] == [NOW, LATER, LATER]
    assert all(after.version == before.version + 1 for before, after in pairwise(noted))
    assert noted[-1].version == event.version


def test_postponing_and_cancelling_are_explained_and_reach_calendars(
    session: Session, event: Event, host: User
) -> None:
    life.postpone(session, event, host, NOW, "The hall is flooded.")
    assert (event.notice, event.notice_at) == ("The hall is flooded.", NOW)
    assert event.sequence == 1

    life.cancel(session, event, host, LATER, "It stays flooded.")
    assert (event.notice, event.notice_at) == ("It stays flooded.", LATER)
    assert event.sequence == 2
    assert event.is_public


def test_taking_back_leads_to_what_was_before(session: Session, event: Event, host: User) -> None:
    life.postpone(session, event, host, NOW, "The hall is flooded.")
    life.cancel(session, event, host, LATER, "It stays flooded.")

    life.restore(session, event, host, LATER)
    assert event.status is EventStatus.POSTPONED
    assert (event.notice, event.notice_at) == ("The hall is flooded.", NOW)

    life.restore(session, event, host, LATER)
    assert event.status is EventStatus.PUBLISHED
    assert event.notice is None
    assert event.notice_at is None


@pytest.mark.parametrize(
    "status",
    [
        EventStatus.DRAFT,
        EventStatus.IN_REVIEW,
        EventStatus.PUBLISHED,
        EventStatus.POSTPONED,
        EventStatus.CANCELLED,
    ],
)
def test_what_was_hidden_becomes_what_it_was(
    session: Session, event: Event, host: User, status: EventStatus
) -> None:
    event.status = status

    life.hide(session, event, host, NOW)
    assert event.status is EventStatus.HIDDEN
    life.show_again(session, event, host, LATER)

    assert event.status is status


def test_what_staff_hid_its_host_cannot_show(
    session: Session, event: Event, host: User, staff: User
) -> None:
    life.hide(session, event, staff, NOW, "It names a house.")

    with pytest.raises(LifeError, match="Only they"):
        life.show_again(session, event, host, LATER)
    life.show_again(session, event, staff, LATER)

    assert event.is_public


def test_a_member_of_staff_hides_an_event_of_their_own_as_its_host(
    session: Session, host: User
) -> None:
    staff = make_user(session, staff=True)
    event = make_event(session, group=make_group(session, by=staff))

    life.hide(session, event, staff, NOW)

    assert not event.hidden_by_staff


def test_staff_look_again_at_what_an_unverified_group_changes(
    session: Session, event: Event, host: User, staff: User
) -> None:
    life.note_edit(session, event, host, NOW, {"title": ["Tea", "Coffee"]})

    assert event.is_public
    assert event.reviewed_version is not None
    assert event.reviewed_version < event.version
    life.approve(session, event, staff, LATER)
    assert event.reviewed_version == event.version


def test_a_new_time_puts_a_postponed_event_on_again(
    session: Session, event: Event, host: User
) -> None:
    life.postpone(session, event, host, NOW, "The hall is flooded.")
    life.note_edit(session, event, host, LATER, {"starts_at": ["a", "b"]}, "On the 12th instead.")

    assert event.status is EventStatus.PUBLISHED
    assert event.notice == "On the 12th instead."


def test_what_the_state_does_not_allow_is_refused_with_a_sentence(
    session: Session, event: Event, host: User
) -> None:
    for refused in (life.submit, life.show_again, life.restore):
        with pytest.raises(LifeError, match=r"\.$"):
            refused(session, event, host, NOW)
    life.cancel(session, event, host, NOW, "Rain.")
    for explained in (life.postpone, life.cancel):
        with pytest.raises(LifeError, match="Only an event that is on"):
            explained(session, event, host, NOW, "Rain.")
    with pytest.raises(LifeError, match="cannot be returned"):
        life.give_back(session, event, host, "No.", NOW)
    life.hide(session, event, host, NOW)
    with pytest.raises(LifeError, match="hidden already"):
        life.hide(session, event, host, NOW)


def test_an_event_that_is_over_is_neither_postponed_nor_cancelled(
    session: Session, event: Event, host: User
) -> None:
    for explained in (life.postpone, life.cancel):
        with pytest.raises(LifeError, match="is over"):
            explained(session, event, host, event.ends_at, "Rain.")
