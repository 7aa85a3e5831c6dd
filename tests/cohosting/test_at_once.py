"""What groups do at the same instant: one link, ten co-hosts, one mail; with real commits, from threads."""

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from tests.at_once import at_once
from tests.conftest import NOW
from tests.factories.accounts import make_user
from tests.factories.events import make_event
from tests.factories.groups import make_group
from tests.factories.networks import make_network
from webapp.accounts.models import User
from webapp.cohosting.actions import MOST_CO_HOSTS, AskedAlreadyError, TooManyError, invite
from webapp.events.co_hosts import CoHost, CoHostAnswer, send_waiting_invitations
from webapp.events.models import Event
from webapp.groups.actions import create_group
from webapp.groups.models import Group, Membership, Sector
from webapp.language import Language
from webapp.networks.actions import put_group_in
from webapp.networks.claims import (
    ClaimClosedError,
    Issue,
    accept_claim,
    claim_of,
    make_claim_link,
    token_of,
)
from webapp.outbox import OutgoingMail

SECRET_KEY = "a-secret-that-only-this-test-knows"


@pytest.fixture
def event_id(real_engine: Engine) -> int:
    """A published event and twelve groups that may be asked, for good."""
    with Session(real_engine) as session:
        event = make_event(session, by=make_user(session))
        for number in range(MOST_CO_HOSTS + 2):
            make_group(session, name=f"Group {number}")
        session.commit()
        return event.id


def count_of(real_engine: Engine, table: type) -> int:
    """Return how many rows there are."""
    with Session(real_engine) as session:
        return session.execute(select(func.count()).select_from(table)).scalar_one()


def test_a_claim_link_used_at_once_gives_the_group_to_one(real_engine: Engine) -> None:
    with Session(real_engine) as session:
        network = make_network(session)
        group = create_group(session, by=None, name="Cubs", sector=Sector.OTHER)
        put_group_in(session, network, group)
        by = make_user(session)
        issue = Issue(by=by, now=NOW, language=Language.ENGLISH, secret_key=SECRET_KEY)
        make_claim_link(session, group, issue)
        token = token_of(SECRET_KEY, issue.batch, group.id)
        session.commit()

    def claim(session: Session) -> bool:
        user, found = make_user(session), claim_of(session, SECRET_KEY, token)
        assert found is not None
        try:
            accept_claim(session, found, by=user, now=NOW)
        except ClaimClosedError:
            session.rollback()
            return False
        return True

    assert sum(at_once(real_engine, 8, claim)) == 1
    assert count_of(real_engine, Membership) == 1


def test_those_who_ask_at_once_ask_ten_groups_in_all(real_engine: Engine, event_id: int) -> None:
    with Session(real_engine) as session:
        named = select(Group.id).where(Group.name.startswith("Group ")).order_by(Group.id)
        waiting = list(session.scalars(named))

    def ask(session: Session) -> bool:
        event, group = session.get_one(Event, event_id), session.get_one(Group, waiting.pop())
        by = session.get_one(User, event.listed_by_id)
        try:
            invite(session, event, group, by=by, now=NOW)
        except TooManyError:
            session.rollback()
            return False
        return True

    assert sum(at_once(real_engine, MOST_CO_HOSTS + 2, ask)) == MOST_CO_HOSTS
    assert count_of(real_engine, CoHost) == count_of(real_engine, OutgoingMail) == MOST_CO_HOSTS


def test_one_group_asked_several_times_at_once_is_asked_once(
    real_engine: Engine, event_id: int
) -> None:
    def ask(session: Session) -> bool:
        event = session.get_one(Event, event_id)
        group = session.scalars(select(Group).where(Group.name == "Group 1")).one()
        try:
            invite(session, event, group, by=session.get_one(User, event.listed_by_id), now=NOW)
        except AskedAlreadyError:
            session.rollback()
            return False
        return True

    assert sum(at_once(real_engine, 8, ask)) == 1
    assert count_of(real_engine, OutgoingMail) == 1


def test_an_event_published_by_several_at_once_writes_one_mail(
    real_engine: Engine, event_id: int
) -> None:
    with Session(real_engine) as session:
        group = session.scalars(select(Group).where(Group.name == "Group 1")).one()
        asked = {"answer": CoHostAnswer.INVITED, "invited_at": NOW}
        session.add(CoHost(event_id=event_id, group_id=group.id, **asked))
        session.commit()

    def send(session: Session) -> None:
        send_waiting_invitations(session, session.get_one(Event, event_id), NOW)

    at_once(real_engine, 8, send)
    assert count_of(real_engine, OutgoingMail) == 1
