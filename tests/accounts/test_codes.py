"""The rules that codes obey."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.conftest import NOW
from webapp.accounts.actions import (
    CODE_LIFETIME,
    LIMIT_WINDOW,
    MAX_CODES_PER_CLIENT,
    MAX_CODES_PER_EMAIL,
    CodeOutcome,
    SignIn,
    TooManyCodesError,
    ask_for_code,
    forget_old_codes,
    make_staff,
    try_code,
    user_with_email,
)
from webapp.accounts.models import Role, SignInCode, User
from webapp.accounts.tasks import forget_codes
from webapp.language import Language
from webapp.outbox import OutgoingMail

KEY = "a-secret-that-only-this-test-knows"


def ask(
    session: Session,
    email: str = "a@example.org",
    *,
    client: str = "192.0.2.1",
    now: datetime = NOW,
) -> UUID:
    return ask_for_code(
        session, email, client=client, language=Language.ENGLISH, secret_key=KEY, now=now
    )


def attempt(session: Session, code_id: UUID, code: str, **kw: Any) -> SignIn:
    values = {"language": Language.ENGLISH, "secret_key": KEY, "now": NOW} | kw
    return try_code(session, code_id, values.pop("email", "a@example.org"), code, **values)


def code_in_mail(session: Session) -> str:
    return session.execute(select(OutgoingMail)).scalar_one().details["code"]


def test_the_right_code_works_once(session: Session) -> None:
    code_id = ask(session)
    code = code_in_mail(session)
    assert attempt(session, code_id, code).outcome is CodeOutcome.RIGHT
    assert attempt(session, code_id, code).outcome is CodeOutcome.SPENT


def test_a_code_belongs_to_its_address_and_its_id(session: Session) -> None:
    code_id = ask(session)
    code = code_in_mail(session)
    wrong = attempt(session, code_id, code, email="b@example.org")
    assert wrong.outcome is CodeOutcome.WRONG
    assert attempt(session, uuid4(), code).outcome is CodeOutcome.SPENT
    assert attempt(session, code_id, code).outcome is CodeOutcome.RIGHT


def test_a_code_of_another_key_is_wrong(session: Session) -> None:
    code_id = ask(session)
    code = code_in_mail(session)
    assert attempt(session, code_id, code, secret_key="x" * 32).outcome is CodeOutcome.WRONG


@pytest.mark.parametrize(
    ("age", "outcome"),
    [
        (timedelta(), CodeOutcome.RIGHT),
        (CODE_LIFETIME - timedelta(seconds=1), CodeOutcome.RIGHT),
        (CODE_LIFETIME, CodeOutcome.SPENT),
    ],
)
def test_a_code_has_its_time(session: Session, age: timedelta, outcome: CodeOutcome) -> None:
    code_id = ask(session)
    assert attempt(session, code_id, code_in_mail(session), now=NOW + age).outcome is outcome


def test_neither_code_nor_addresses_are_in_the_table_of_codes(session: Session) -> None:
    ask(session)
    row = session.execute(select(SignInCode)).scalar_one()
    kept = b"".join((row.email_hash, row.client_hash, row.code_hash))
    for secret in (code_in_mail(session), "a@example.org", "192.0.2.1"):
        assert secret.encode() not in kept
    assert {len(row.email_hash), len(row.client_hash), len(row.code_hash)} == {32}


def test_one_address_gets_five_codes_an_hour(session: Session) -> None:
    for number in range(MAX_CODES_PER_EMAIL):
        ask(session, client=f"192.0.2.{number}")
    with pytest.raises(TooManyCodesError):
        ask(session, client="192.0.2.99")
    ask(session, now=NOW + LIMIT_WINDOW)


def test_one_client_gets_so_many_codes_an_hour(session: Session) -> None:
    for number in range(MAX_CODES_PER_CLIENT):
        ask(session, f"person{number}@example.org")
    with pytest.raises(TooManyCodesError):
        ask(session, "one-more@example.org")
    ask(session, "one-more@example.org", client="192.0.2.2")


def test_codes_are_forgotten_when_no_limit_needs_them(session: Session) -> None:
    ask(session)
    forget_old_codes(session, NOW + LIMIT_WINDOW - timedelta(seconds=1))
    assert session.execute(select(func.count(SignInCode.id))).scalar_one() == 1
    forget_old_codes(session, NOW + LIMIT_WINDOW + timedelta(seconds=1))
    assert session.execute(select(func.count(SignInCode.id))).scalar_one() == 0


def test_an_address_has_one_account(session: Session) -> None:
    first = user_with_email(session, "a@example.org", language=Language.ENGLISH)
    again = user_with_email(session, "a@example.org", language=Language.WELSH)
    assert first is again
    assert session.execute(select(func.count(User.id))).scalar_one() == 1


def test_staff_are_made_once(session: Session) -> None:
    for email in ("a@example.org", "b@example.org", "a@example.org"):
        user = user_with_email(session, email, language=Language.ENGLISH)
        make_staff(session, user)
        session.flush()
        assert user.is_staff
    assert session.execute(select(Role.name)).scalars().all() == ["staff"]


def test_the_worker_forgets_codes_by_the_clock(app: Flask, session: Session) -> None:
    ask(session, now=NOW - timedelta(hours=2))
    session.commit()
    with app.app_context():
        forget_codes(0)
    session.expire_all()
    assert session.execute(select(func.count(SignInCode.id))).scalar_one() == 0
