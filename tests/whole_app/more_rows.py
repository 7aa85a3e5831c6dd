"""One more of everything that a list page may show."""

from datetime import timedelta
from uuid import uuid4

from sqlalchemy.orm import Session

from tests.conftest import NOW
from tests.factories.accounts import make_user
from tests.factories.asked_places import make_asked
from tests.factories.corrections import make_decision, make_held
from tests.factories.events import make_event
from tests.factories.groups import make_group, make_member
from tests.factories.moderation import make_concern
from tests.factories.places import ROCHDALE, make_place
from tests.factories.pledges import make_pledge
from tests.factories.questions import make_question
from tests.whole_app.world import OVER, World
from webapp.accounts.browsers import sign_in_browser
from webapp.accounts.models import Passkey
from webapp.database import utc_now
from webapp.drafts.models import EventDraft
from webapp.events.co_hosts import CoHost, CoHostAnswer
from webapp.events.history import ChangeKind, note_change
from webapp.events.models import EventStatus
from webapp.events.pictures import Picture, new_key
from webapp.groups.invitations import Invitation, InvitationKind
from webapp.groups.models import Group, MemberRole
from webapp.groups.network_invitations import NetworkInvitation
from webapp.networks.actions import make_network, put_group_in
from webapp.pledges.models import PledgeStanding
from webapp.pledges.nonces import Nonce
from webapp.pledges.sides import UNKNOWN, PledgeSide
from webapp.vouching.callers import take_call
from webapp.vouching.models import GroupWindow, Purpose, SheetPlace
from webapp.vouching.sheets import enter_sheet
from webapp.vouching.windows import OPEN_FOR


def add_a_row_to_every_list(world: World, number: int) -> None:
    """Make one more of everything."""
    session = world.session
    make_place(session, f"Town {number}", ROCHDALE)
    other = make_group(session, name=f"Host {number}", place=world.event.place)
    _events(session, world, other, number)
    _vouched(session, world)
    _of_the_host(session, world, number)
    _of_the_group(session, world, number)
    _of_networks(session, world, other, number)
    for event in (world.event, make_event(session, moment=world.moment, group=other)):
        make_held(session, event)
        make_decision(session, world.moment, by=make_user(session))


def _events(session: Session, world: World, other: Group, number: int) -> None:
    how = {"moment": world.moment, "group": world.group}
    theirs = make_event(session, moment=world.moment, group=other, title=f"Party {number}")
    for kind in ({}, OVER):
        make_pledge(session, make_event(session, **how, **kind))
    for status in (EventStatus.IN_REVIEW, EventStatus.DRAFT, EventStatus.HIDDEN):
        event = make_event(session, **how)
        event.status, event.submitted_at = status, NOW - timedelta(hours=1)
    shown = make_event(session, **how)
    session.add(
        Picture(event_id=shown.id, key=new_key(), width=480, height=9, alternative_text="Cakes")
    )
    for event, group in ((world.event, other), (theirs, world.group)):
        for each in (world.event, world.past, event):
            make_question(session, each, NOW)
            make_concern(session, each, NOW)
        make_asked(session, world.home, NOW)
        answer = CoHostAnswer.ACCEPTED if number % 2 else CoHostAnswer.INVITED
        session.add(CoHost(event=event, group=group, invited_at=NOW, answer=answer))
        note_change(session, event, ChangeKind.EDITED, by=make_user(session), now=NOW,
                    changes={"title": ["Tea", "Cake"]})  # fmt: skip
    session.flush()


def _vouched(session: Session, world: World) -> None:
    moment_id, event_id = world.moment.id, world.event.id
    window = GroupWindow(
        event_id=event_id, purpose=Purpose.OTHER, word="scouts", cap=30, people=3,
        token_hash=uuid4().bytes, opened_at=utc_now(), closes_at=utc_now() + OPEN_FOR,
    )  # fmt: skip
    held = PledgeStanding(
        moment_id=moment_id, pledge=uuid4(), participant=uuid4(), first_entry=1, event_id=event_id,
        nation="", region_code="", authority_code="", hour=NOW, via="", party=0, held=2, people=0,
    )  # fmt: skip
    bucket = uuid4().bytes
    beside = PledgeSide(moment_id=moment_id, pledge=held.pledge, bucket=bucket, signals=0)
    session.add_all([window, held, beside])
    enter_sheet(session, world.past, uuid4(), people=3, place=SheetPlace.SHOP)
    nonce = Nonce.fresh(moment_id, event_id)
    how = {"party": 1, "by": make_user(session), "now": utc_now(), "origin": UNKNOWN}
    take_call(session, nonce, **how)


def _of_the_host(session: Session, world: World, number: int) -> None:
    answers = {"title": f"Draft {number}", EventDraft.SAVED: ["what"]}
    session.add(EventDraft(user_id=world.host.id, answers=answers, changed_at=NOW))
    make_group(session, by=world.host, name=f"Another {number}")
    sign_in_browser(session, world.host, device="Safari, iPhone", now=NOW)
    session.add(
        Passkey(
            credential_id=uuid4().bytes, user_id=world.host.id, public_key=b"a key", name="Phone"
        )
    )


def _of_the_group(session: Session, world: World, number: int) -> None:
    make_member(session, world.group)
    for kind in (InvitationKind.MEMBER, InvitationKind.REQUEST):
        email = f"invited{number}@example.org" if kind is InvitationKind.MEMBER else None
        session.add(
            Invitation(
                group_id=world.group.id,
                kind=kind,
                role=MemberRole.EDITOR,
                email=email,
                token_hash=uuid4().bytes,
                invited_by_id=make_user(session).id,
                expires_at=NOW + timedelta(days=7),
            )
        )


def _of_networks(session: Session, world: World, other: Group, number: int) -> None:
    network = make_network(session, f"Network {number}")
    network.coordinators.append(world.coordinator)
    put_group_in(session, network, world.group)
    put_group_in(session, world.scouts, other)
    world.scouts.coordinators.append(make_user(session))
    asked = make_group(session, name=f"Asked {number}")
    for into, group in ((world.scouts, asked), (make_network(session, "Union"), world.group)):
        session.add(
            NetworkInvitation(
                network_id=into.id,
                group_id=group.id,
                invited_by_id=world.coordinator.id,
                invited_at=NOW,
            )
        )
    session.flush()
