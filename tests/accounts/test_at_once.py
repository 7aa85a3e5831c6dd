"""Limits and names hold when requests come together; with real commits, from several threads."""

from typing import Any

from passlib.totp import TOTP
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tests.at_once import at_once
from tests.conftest import NOW
from webapp.accounts.actions import (
    MAX_CODES_PER_EMAIL,
    MAX_TRIES,
    CodeOutcome,
    TooManyCodesError,
    ask_for_code,
    try_code,
    user_with_email,
)
from webapp.accounts.authenticator import Authenticator, take_code
from webapp.accounts.limits import MAX_TRIES_PER_ACCOUNT, Client, TooManyTriesError
from webapp.accounts.models import User
from webapp.groups.actions import create_group
from webapp.groups.models import MemberRole, Membership, Sector
from webapp.language import Language
from webapp.outbox import OutgoingMail
from webapp.pages.leaving import StillNeededError, delete_account

KNOWN: dict[str, Any] = {
    "language": Language.ENGLISH,
    "secret_key": "a-secret-that-only-this-test-knows",
    "now": NOW,
}
EMAIL = "a@example.org"


def test_codes_asked_for_at_once_keep_the_limit(real_engine: Engine) -> None:
    def ask(session: Session) -> bool:
        try:
            ask_for_code(session, EMAIL, client="192.0.2.1", **KNOWN)
        except TooManyCodesError:
            return False
        return True

    assert sum(at_once(real_engine, 16, ask)) == MAX_CODES_PER_EMAIL


def test_a_code_sent_twice_at_once_signs_in_once(real_engine: Engine) -> None:
    with Session(real_engine) as session:
        code_id = ask_for_code(session, EMAIL, client="192.0.2.1", **KNOWN)
        session.commit()
        code = session.execute(select(OutgoingMail)).scalar_one().details["code"]
    outcomes = at_once(
        real_engine, 8, lambda session: try_code(session, code_id, EMAIL, code, **KNOWN).outcome
    )
    assert outcomes.count(CodeOutcome.RIGHT) == 1


def test_tries_at_once_are_all_counted(real_engine: Engine) -> None:
    with Session(real_engine) as session:
        code_id = ask_for_code(session, EMAIL, client="192.0.2.1", **KNOWN)
        session.commit()
    outcomes = at_once(
        real_engine, 16, lambda session: try_code(session, code_id, EMAIL, "x", **KNOWN).outcome
    )
    assert outcomes.count(CodeOutcome.WRONG) == MAX_TRIES


def test_a_code_of_an_app_sent_twice_at_once_is_taken_once(real_engine: Engine) -> None:
    app = Authenticator("a-secret-that-only-this-test-knows")
    secret = app.new_secret()
    key = app.key_to_type(secret).replace(" ", "")
    code = TOTP(key=key, format="base32").generate(time=NOW).token
    with Session(real_engine) as session:
        user = user_with_email(session, EMAIL, language=Language.ENGLISH)
        user.totp_secret = secret
        user_id = user.id
        session.commit()

    def take(session: Session) -> bool:
        user = session.get_one(User, user_id)
        return take_code(session, user, code, authenticator=app, now=NOW)

    assert sum(at_once(real_engine, 8, take)) == 1


def test_tries_of_codes_of_an_app_at_once_are_all_counted(real_engine: Engine) -> None:
    with Session(real_engine) as session:
        user_id = user_with_email(session, EMAIL, language=Language.ENGLISH).id
        session.commit()

    def note(session: Session) -> bool:
        try:
            user = session.get_one(User, user_id)
            Client("192.0.2.1", "a-key").note_try(session, NOW, user=user)
        except TooManyTriesError:
            return False
        return True

    assert sum(at_once(real_engine, 16, note)) == MAX_TRIES_PER_ACCOUNT


def test_two_owners_who_delete_their_accounts_at_once_do_not_leave_members_alone(
    real_engine: Engine,
) -> None:
    with Session(real_engine) as session:
        owners = [
            user_with_email(session, f"{name}@example.org", language=Language.ENGLISH)
            for name in ("a", "b", "c")
        ]
        group = create_group(session, by=owners[0], name="Elm Road", sector=Sector.OTHER)
        roles = {owners[1].id: MemberRole.OWNER, owners[2].id: MemberRole.EDITOR}
        for user_id, role in roles.items():
            session.add(Membership(user_id=user_id, group_id=group.id, role=role))
        waiting = [owners[0].id, owners[1].id]
        session.commit()

    def leave(session: Session) -> bool:
        try:
            delete_account(session, session.get_one(User, waiting.pop()), NOW)
        except StillNeededError:
            session.rollback()
            return False
        return True

    assert sum(at_once(real_engine, 2, leave)) == 1


def test_groups_of_one_name_made_at_once_get_addresses_of_their_own(real_engine: Engine) -> None:
    def make(session: Session) -> str:
        return create_group(session, by=None, name="Elm Road", sector=Sector.OTHER).slug

    assert len(set(at_once(real_engine, 12, make))) == 12
