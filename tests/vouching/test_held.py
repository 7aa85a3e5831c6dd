"""What is held of a trusted host’s event: they see how much, vouch for it up to a bound, and are told once a day."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.checked_pages import PageClient
from tests.conftest import NOW
from tests.factories.events import make_event
from tests.factories.groups import make_group
from tests.factories.vouching import make_trusted_event
from webapp.accounts.models import User
from webapp.events.models import Event, EventStatus
from webapp.outbox import OutgoingMail
from webapp.pledges.actions import Taking, pledge
from webapp.pledges.models import EntryKind, LedgerEntry, PledgeStanding
from webapp.pledges.nonces import Nonce
from webapp.pledges.sides import Side, Signal
from webapp.vouching.held import MOST_A_DAY, VOUCHED, WORTH_A_MAIL, held_places, tell_hosts

SignIn = Callable[..., User]
SCHOOL, CARE_HOME = b"a school", b"a care home"


@pytest.fixture
def event(session: Session, sign_in: SignIn) -> Event:
    """An event of the trusted group of somebody who is signed in."""
    made = make_trusted_event(session, by=sign_in())
    session.commit()
    return made


def hold(
    session: Session, event: Event, count: int, *, bucket: bytes = SCHOOL, party: int = 1,
    signals: int = 0,
) -> None:  # fmt: skip
    """Let so many pledges from one place be held, as the rollup leaves them."""
    side = Side(bucket, b"its network", signals)
    for _each in range(count):
        nonce = Nonce.fresh(event.moments[0].id, event.id)
        receipt = pledge(session, nonce, party=party, taking=Taking(side=side))
        about = {"moment_id": receipt.moment_id, "pledge": receipt.key, "event_id": event.id}
        session.add(
            LedgerEntry(
                **about, nonce=uuid4(), kind=EntryKind.HELD, participant=receipt.key,
                party_change=-party, reason="address",
            )
        )  # fmt: skip
        session.flush()
        last = session.scalars(select(func.max(LedgerEntry.id))).one()
        session.add(
            PledgeStanding(
                **about, participant=receipt.key, first_entry=last, nation="", region_code="",
                authority_code="", hour=NOW, via="", party=0, held=party, people=0,
            )
        )  # fmt: skip
    session.commit()


def path(event: Event) -> str:
    return f"/events/{event.public_id}/being-checked"


def released(session: Session) -> int:
    counted = select(func.coalesce(func.sum(LedgerEntry.party_change), 0)).where(
        LedgerEntry.kind == EntryKind.RELEASED, LedgerEntry.reason == VOUCHED
    )
    return int(session.scalars(counted).one())


def keys(session: Session, event: Event) -> dict[int, str]:
    """Return the keys of the places, by how many people each has."""
    return {each.people: each.key for each in held_places(session, event.id)}


def test_a_host_counts_the_place_that_they_know_and_no_other(
    client: PageClient, session: Session, event: Event
) -> None:
    hold(session, event, 12)
    hold(session, event, 4, bucket=CARE_HOME, party=2)
    manage = client.page(f"/events/{event.public_id}/manage")
    assert "16 pledges are being checked" in manage.text
    shown = client.page(path(event)).text
    assert "12 pledges, 12 people" in shown
    assert "4 pledges, 8 people" in shown

    answer = client.send(path(event), {"places": keys(session, event)[8]})

    assert answer.status == 303
    assert released(session) == 8
    assert "Thank you. 8 more people are counted now." in client.page(path(event)).text


def test_what_is_counted_is_no_longer_offered_while_the_number_catches_up(
    client: PageClient, session: Session, event: Event
) -> None:
    hold(session, event, 4, bucket=CARE_HOME, party=2)
    hold(session, event, 12)
    known = keys(session, event)
    client.send(path(event), {"places": known[8]})

    shown = client.page(path(event)).text
    assert "12 pledges, 12 people" in shown
    assert "4 pledges, 8 people" not in shown
    assert "12 pledges are being checked" in client.page(f"/events/{event.public_id}/manage").text

    # Whoever pressed twice, or had the page open, counts the other place alone.
    client.send(path(event), {"places": list(known.values())})
    assert released(session) == 20
    assert "12 more people are counted now." in client.page(path(event)).text


def test_whoever_presses_twice_reads_that_they_are_not_being_checked_any_more(
    client: PageClient, session: Session, event: Event
) -> None:
    hold(session, event, 1)
    hold(session, event, 2, bucket=CARE_HOME)
    typed = {"places": keys(session, event)[1]}
    client.send(path(event), typed)
    assert "Thank you. 1 more person is counted now." in client.page(path(event)).text

    assert client.send(path(event), typed).status == 303
    said = "Nothing was counted: those are not being checked any more."
    assert said in client.page(path(event)).text
    assert released(session) == 1


def test_what_was_held_again_is_offered_again(
    client: PageClient, session: Session, event: Event
) -> None:
    hold(session, event, 1)
    client.send(path(event), {"places": keys(session, event)[1]})
    assert keys(session, event) == {}

    entry = session.scalars(select(LedgerEntry).order_by(LedgerEntry.id.desc())).first()
    assert entry is not None
    session.add(
        LedgerEntry(
            moment_id=entry.moment_id, pledge=entry.pledge, participant=entry.participant,
            event_id=entry.event_id, nonce=uuid4(), kind=EntryKind.HELD, party_change=-1,
            reason="address",
        )
    )  # fmt: skip
    session.commit()

    assert list(keys(session, event)) == [1]


def test_a_pledge_that_is_more_than_a_day_allows_is_said_to_be(
    client: PageClient, session: Session, event: Event
) -> None:
    hold(session, event, 24, party=12)
    hold(session, event, 1, party=11)
    client.send(path(event), {"places": list(keys(session, event).values())})
    assert "299 more people are counted now." in client.page(path(event)).text
    hold(session, event, 1, party=2)

    client.send(path(event), {"places": list(keys(session, event).values())})

    said = "Nothing was counted: what is left is more than you may vouch for in a day."
    assert said in client.page(path(event)).text
    assert released(session) == 299


def test_no_more_than_a_day_allows_is_vouched_for_and_whole_pledges_only(
    client: PageClient, session: Session, event: Event
) -> None:
    hold(session, event, 27, party=12)
    client.send(path(event), {"places": list(keys(session, event).values())})

    assert released(session) == MOST_A_DAY == 25 * 12
    assert "You have vouched for three hundred people." in client.page(path(event)).text


def test_what_a_program_filled_in_is_not_the_hosts_to_count(
    client: PageClient, session: Session, event: Event
) -> None:
    hold(session, event, 5, signals=Signal.TRAPPED)

    assert "Nothing is being checked" in client.page(path(event)).text
    assert "being checked" not in client.page(f"/events/{event.public_id}/manage").text


@pytest.mark.parametrize(
    ("places", "status"), [([], 422), (["x"], 303), (["٣"], 303), (["a" * 5000], 303)]
)
def test_a_place_that_is_none_counts_nobody(
    client: PageClient, session: Session, event: Event, places: list[str], status: int
) -> None:
    hold(session, event, 5)

    assert client.send(path(event), {"places": places}).status == status
    assert released(session) == 0


def test_a_place_of_another_event_is_none_of_this(
    client: PageClient, session: Session, event: Event
) -> None:
    other = make_trusted_event(session, moment=event.moments[0])
    hold(session, event, 5)
    hold(session, other, 5)

    assert keys(session, other) != keys(session, event)
    typed = {"places": keys(session, other)[5]}
    client.send(path(event), typed)
    assert released(session) == 0


def test_a_host_who_is_not_trusted_vouches_for_nobody(
    client: PageClient, session: Session, sign_in: SignIn
) -> None:
    event = make_event(session, group=make_group(session, by=sign_in()))
    hold(session, event, 5)

    assert "Campaign staff look at them" in client.page(path(event)).text
    token = client.page(f"/events/{event.public_id}/hide").value("csrf_token")
    typed = {"places": keys(session, event)[5], "csrf_token": token}
    client.send(path(event), typed, csrf=False)
    assert released(session) == 0


def mails(session: Session) -> int:
    posted = select(func.count()).where(OutgoingMail.template == "pledges_held")
    return session.scalars(posted).one()


@pytest.mark.parametrize(("count", "told"), [(WORTH_A_MAIL, 0), (WORTH_A_MAIL + 1, 1)])
def test_the_hosts_are_told_of_many_once_a_day(
    session: Session, event: Event, count: int, told: int
) -> None:
    hold(session, event, count)

    for hours, so_far in ((0, told), (1, told), (23, told), (24, 2 * told)):
        tell_hosts(session, NOW + timedelta(hours=hours))
        assert mails(session) == so_far


def test_whose_group_is_not_trusted_or_whose_event_is_off_is_not_told(
    session: Session, event: Event
) -> None:
    event.status = EventStatus.CANCELLED
    for each in (event, make_event(session, moment=event.moments[0])):
        hold(session, each, WORTH_A_MAIL + 1)

    assert tell_hosts(session, NOW) == 0
    assert mails(session) == 0
