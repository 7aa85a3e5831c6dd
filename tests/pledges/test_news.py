"""Who left an address is told what becomes of an event, once; and is reminded the day before, once."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.checked_pages import PageClient
from tests.conftest import NOW
from tests.factories.accounts import make_user
from tests.factories.events import make_event
from tests.factories.groups import make_group
from tests.factories.moments import make_moment
from tests.factories.pledges import make_contact, make_pledge
from webapp.accounts.models import User
from webapp.events.models import Event, EventStatus
from webapp.moderation.decisions import Decision, Seen, decide
from webapp.organising.actions import (
    cancel_event,
    hide_event,
    note_saved,
    postpone_event,
    take_back,
)
from webapp.organising.merging import merge_events
from webapp.outbox import OutgoingMail
from webapp.pledges.actions import pledge
from webapp.pledges.contact_models import EventNews
from webapp.pledges.news import AT_ONCE, FOLDED_WITHIN, remind_pledgers, tell_pledgers
from webapp.pledges.nonces import Nonce

SECRET = "s" * 36
LATER = NOW + FOLDED_WITHIN
READER = "reader@example.org"
Deed = Callable[[Session, Event, User], None]


@pytest.fixture
def host(session: Session) -> User:
    return make_user(session)


@pytest.fixture
def event(session: Session, host: User) -> Event:
    """An event that somebody with an address has promised to come to."""
    made = make_event(session, group=make_group(session, by=host), title="Tea on Elm Road")
    make_contact(session, make_pledge(session, made), made)
    return made


def move(session: Session, event: Event, by: User, now: datetime = NOW, *, hours: int = 1) -> None:
    """Give an event another time, as the page that changes it does."""
    before = event.starts_at.isoformat()
    event.starts_at += timedelta(hours=hours)
    event.ends_at += timedelta(hours=hours)
    changes = {"starts_at": [before, event.starts_at.isoformat()]}
    note_saved(session, event, by, now, changes, "The hall is taken before.")


def told(session: Session, now: datetime = LATER) -> list[OutgoingMail]:
    """Tell whatever there is to be told; return what pledgers got, now and before."""
    while tell_pledgers(session, now, SECRET):
        pass
    found = select(OutgoingMail).where(OutgoingMail.template.startswith("pledge_"))
    return list(session.scalars(found))


@pytest.mark.parametrize(
    ("state", "deed"),
    [
        ("published", move),
        ("postponed", lambda s, e, by: postpone_event(s, e, by, NOW, "It rains.")),
        ("cancelled", lambda s, e, by: cancel_event(s, e, by, NOW, "It rains.")),
        ("hidden", lambda s, e, by: hide_event(s, e, by, NOW)),
    ],
)
def test_each_change_is_told_once(
    session: Session, event: Event, host: User, state: str, deed: Deed
) -> None:
    deed(session, event, host)

    (mail,) = told(session)
    assert (mail.template, mail.recipient) == ("pledge_news", READER)
    assert mail.details["state"] == state
    assert (mail.details["title"] == "") is (state == "hidden")
    assert len(told(session, LATER + timedelta(days=1))) == 1
    assert session.scalars(select(EventNews)).first() is None


def test_nothing_is_told_in_the_first_quarter_of_an_hour(
    session: Session, event: Event, host: User
) -> None:
    move(session, event, host)

    assert told(session, LATER - timedelta(seconds=1)) == []


def test_changes_within_a_quarter_of_an_hour_are_one_message_about_the_last(
    session: Session, event: Event, host: User
) -> None:
    move(session, event, host)
    move(session, event, host, NOW + timedelta(minutes=5), hours=2)
    cancel_event(session, event, host, NOW + timedelta(minutes=14), "It rains.")

    (mail,) = told(session)
    assert mail.details["state"] == "cancelled"
    assert mail.details["explanation"] == "It rains."


def test_what_is_taken_back_at_once_is_told_to_nobody(
    session: Session, event: Event, host: User
) -> None:
    cancel_event(session, event, host, NOW, "It rains.")
    take_back(session, event, host, NOW + timedelta(minutes=2))

    assert told(session) == []


def test_what_is_taken_back_later_is_told_too(session: Session, event: Event, host: User) -> None:
    cancel_event(session, event, host, NOW, "It rains.")
    told(session)
    take_back(session, event, host, LATER + timedelta(hours=1))

    mails = told(session, LATER + timedelta(hours=2))
    assert [each.details["state"] for each in mails] == ["cancelled", "published"]


def test_other_changes_are_no_news(session: Session, event: Event, host: User) -> None:
    event.title = "Coffee on Elm Road"
    note_saved(session, event, host, NOW, {"title": ["Tea", "Coffee"]}, None)

    assert told(session) == []


@pytest.mark.parametrize(
    "how", [{"wants_news": False}, {"confirmed_at": None}], ids=["not ticked", "not confirmed"]
)
def test_who_did_not_ask_and_confirm_is_not_told(
    session: Session, event: Event, host: User, how: dict[str, object]
) -> None:
    make_contact(session, make_pledge(session, event), event, email="other@example.org", **how)
    move(session, event, host)

    assert [each.recipient for each in told(session)] == [READER]


def test_staff_who_hide_an_event_tell_no_more_than_when_it_was(
    session: Session, event: Event
) -> None:
    staff = make_user(session, staff=True)
    how = {"seen": Seen(event.version), "by": staff, "reason": "It is rude.", "now": NOW}
    decide(session, event, Decision.HIDE, **how)

    (mail,) = told(session)
    assert mail.details["state"] == "hidden"
    assert mail.details["public_id"] == mail.details["title"] == mail.details["explanation"] == ""


def test_of_what_is_over_nothing_is_told(session: Session, event: Event, host: User) -> None:
    move(session, event, host)

    assert told(session, event.ends_at) == []
    assert session.scalars(select(EventNews)).first() is None


def test_what_was_told_of_a_listing_that_is_merged_is_told_of_the_one_that_is_kept(
    session: Session, event: Event, host: User
) -> None:
    kept = make_event(session, group=event.group, venue_name="The hall")
    make_contact(session, make_pledge(session, kept), kept, email="other@example.org")
    move(session, event, host)
    merge_events(session, event, kept, host, NOW + timedelta(minutes=5))

    mails = told(session, LATER + timedelta(minutes=20))

    # Whoever comes to the one that is kept knows when it is.
    said = [(each.recipient, each.details["state"], each.details["public_id"]) for each in mails]
    assert said == [(READER, "published", kept.public_id)]
    assert session.scalars(select(EventNews)).first() is None


def test_many_are_told_some_at_a_time_and_each_once(
    session: Session, event: Event, host: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert AT_ONCE > 3
    monkeypatch.setattr("webapp.pledges.news.AT_ONCE", 3)
    for number in range(6):
        make_contact(session, make_pledge(session, event), event, email=f"{number}@example.org")
    move(session, event, host)

    assert len({each.recipient for each in told(session)}) == len(told(session)) == 7


def test_pages_of_hosts_say_how_many_will_be_told_and_not_who(
    client: PageClient, session: Session, event: Event, host: User, sign_in: Callable[..., User]
) -> None:
    session.commit()
    sign_in(host)

    for page in ("postpone", "cancel", "hide", "edit"):
        text = client.page(f"/events/{event.public_id}/{page}").text
        assert "1 person who left an address will be told" in text, page
        assert READER not in text

    assert READER not in client.page(f"/events/{event.public_id}/manage").html


def reminders(session: Session, now: datetime) -> list[OutgoingMail]:
    while remind_pledgers(session, now, SECRET):
        pass
    found = select(OutgoingMail).where(OutgoingMail.template == "pledge_reminder")
    return list(session.scalars(found))


def test_a_reminder_comes_at_five_the_day_before_and_once(session: Session) -> None:
    # Five in the afternoon is 16:00 UTC in June.
    starts_at = datetime(2027, 6, 5, 13, tzinfo=UTC)
    event = make_event(session, starts_at=starts_at, ends_at=starts_at + timedelta(hours=4))
    make_contact(session, make_pledge(session, event), event, wants_news=False)
    five = datetime(2027, 6, 4, 16, tzinfo=UTC)

    assert reminders(session, five - timedelta(minutes=1)) == []
    (mail,) = reminders(session, five)
    assert mail.recipient == READER
    assert len(reminders(session, five + timedelta(hours=12))) == 1


@pytest.mark.parametrize("state", ["begun", "postponed", "cancelled", "hidden", "not ticked"])
def test_who_is_not_reminded(session: Session, state: str) -> None:
    event = make_event(session)
    how = {"wants_reminder": False} if state == "not ticked" else {}
    make_contact(session, make_pledge(session, event), event, **how)
    if state in {"postponed", "cancelled", "hidden"}:
        event.status = EventStatus(state)
        session.flush()

    now = event.starts_at - timedelta(minutes=0 if state == "begun" else 1)
    assert reminders(session, now) == []


def test_who_takes_part_at_home_is_reminded_as_well(session: Session) -> None:
    moment = make_moment(session)
    receipt = pledge(session, Nonce.fresh(moment.id, None), party=1)
    make_contact(session, receipt, None)
    day = datetime(moment.starts_on.year, moment.starts_on.month, moment.starts_on.day, tzinfo=UTC)

    assert reminders(session, day - timedelta(hours=9)) == []
    (mail,) = reminders(session, day - timedelta(hours=7))
    assert (mail.details["slug"], mail.details["public_id"]) == (moment.slug, "")
