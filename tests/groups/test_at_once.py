"""A group keeps its owner and its limits when people act at once; with real commits, in threads."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tests.conftest import NOW
from tests.factories.accounts import make_user
from tests.factories.groups import make_group, make_member
from webapp.accounts.models import User
from webapp.groups.actions import change_group
from webapp.groups.details import GroupDetails
from webapp.groups.invitation_rules import MOST_OPEN, AnswerError, InvitingError
from webapp.groups.invitations import Invitation
from webapp.groups.inviting import accept, invite
from webapp.groups.membership import LastOwnerError, give_role, remove_member
from webapp.groups.models import Group, MemberRole, Membership
from webapp.groups.queries import group_to_change

KEY = "a-secret-that-only-this-test-knows"


def at_once(real_engine: Engine, acts: list[Callable[[Session], Any]]) -> list[str]:
    """Do all of it at once; return what became of each."""

    def run(act: Callable[[Session], Any]) -> str:
        with Session(real_engine) as session:
            try:
                act(session)
            except (LastOwnerError, InvitingError, AnswerError) as error:
                return type(error).__name__
            session.commit()
            return "done"

    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(run, acts))


def owners_of_a_group(real_engine: Engine, number: int) -> tuple[int, list[int]]:
    with Session(real_engine) as session:
        group = make_group(session, name="Elm Road")
        for _ in range(number - 1):
            make_member(session, group, role=MemberRole.OWNER)
        owners = [each.user_id for each in group.memberships]
        session.commit()
        return group.id, owners


@pytest.mark.parametrize("way", ["leave", "step down", "both"])
def test_owners_who_go_at_once_leave_one_behind(real_engine: Engine, way: str) -> None:
    group_id, owners = owners_of_a_group(real_engine, 6)

    def going(user_id: int, *, leaves: bool) -> Callable[[Session], None]:
        def act(session: Session) -> None:
            group = session.get_one(Group, group_id)
            if leaves:
                remove_member(session, group, user_id)
            else:
                give_role(session, group, user_id, MemberRole.EDITOR)

        return act

    leaving = {"leave": lambda _: True, "step down": lambda _: False, "both": lambda n: n % 2 == 0}
    outcomes = at_once(real_engine, [going(each, leaves=leaving[way](each)) for each in owners])

    assert sorted(outcomes) == ["LastOwnerError", *["done"] * 5]
    with Session(real_engine) as session:
        left = select(Membership.user_id).where(Membership.role == MemberRole.OWNER)
        assert len(session.scalars(left).all()) == 1


def test_of_those_who_save_one_version_at_once_one_does(real_engine: Engine) -> None:
    group_id, [owner] = owners_of_a_group(real_engine, 1)
    saved: list[str] = []

    def saving(name: str) -> Callable[[Session], None]:
        def act(session: Session) -> None:
            group = group_to_change(session, "elm-road")
            assert group is not None
            if group.version == 1:
                details = replace(GroupDetails.of(group), name=name)
                change_group(session, group, details, session.get_one(User, owner))
                saved.append(name)

        return act

    at_once(real_engine, [saving(f"Elm Road {number}") for number in range(8)])
    with Session(real_engine) as session:
        group = session.get_one(Group, group_id)
        assert ([group.name], group.version) == (saved, 2)


def test_invitations_sent_at_once_keep_the_limit(real_engine: Engine) -> None:
    group_id, [owner] = owners_of_a_group(real_engine, 1)

    def inviting(number: int) -> Callable[[Session], None]:
        def act(session: Session) -> None:
            group, by = session.get_one(Group, group_id), session.get_one(User, owner)
            email = f"guest{number}@example.org"
            invite(session, group, email, MemberRole.EDITOR, by=by, secret_key=KEY, now=NOW)

        return act

    outcomes = at_once(real_engine, [inviting(number) for number in range(MOST_OPEN + 8)])
    assert outcomes.count("done") == MOST_OPEN


def test_an_invitation_accepted_twice_at_once_is_accepted_once(real_engine: Engine) -> None:
    group_id, [owner] = owners_of_a_group(real_engine, 1)
    with Session(real_engine) as session:
        group, by = session.get_one(Group, group_id), session.get_one(User, owner)
        guest = make_user(session).id
        email = session.get_one(User, guest).email
        invite(session, group, email, MemberRole.EDITOR, by=by, secret_key=KEY, now=NOW)
        session.commit()

    def accepting(session: Session) -> None:
        invitation = session.scalars(select(Invitation)).one()
        accept(session, invitation, by=session.get_one(User, guest), now=NOW)

    outcomes = at_once(real_engine, [accepting] * 8)
    assert outcomes.count("done") == 1
