"""Limits and names hold when requests come together; with real commits, from several threads."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, select, text
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
)
from webapp.config import Settings
from webapp.groups.actions import create_group
from webapp.groups.models import Sector
from webapp.language import Language
from webapp.outbox import OutgoingMail

KNOWN: dict[str, Any] = {
    "language": Language.ENGLISH,
    "secret_key": "a-secret-that-only-this-test-knows",
    "now": NOW,
}
EMAIL = "a@example.org"
TABLES = (
    "procrastinate_jobs", "outgoing_mail", "sign_in_code", "community_group", "user_account",
)  # fmt: skip


@pytest.fixture
def engine(settings: Settings) -> Iterator[Engine]:
    """An engine whose commits are real; what they leave is deleted after the test."""
    made = create_engine(settings.database_url, pool_size=8)
    yield made
    with made.begin() as connection:
        for table in TABLES:
            connection.execute(text(f"DELETE FROM {table}"))
    made.dispose()


def test_codes_asked_for_at_once_keep_the_limit(engine: Engine) -> None:
    def ask(session: Session) -> bool:
        try:
            ask_for_code(session, EMAIL, client="192.0.2.1", **KNOWN)
        except TooManyCodesError:
            return False
        return True

    assert sum(at_once(engine, 16, ask)) == MAX_CODES_PER_EMAIL


def test_a_code_sent_twice_at_once_signs_in_once(engine: Engine) -> None:
    with Session(engine) as session:
        code_id = ask_for_code(session, EMAIL, client="192.0.2.1", **KNOWN)
        session.commit()
        code = session.execute(select(OutgoingMail)).scalar_one().details["code"]
    outcomes = at_once(
        engine, 8, lambda session: try_code(session, code_id, EMAIL, code, **KNOWN).outcome
    )
    assert outcomes.count(CodeOutcome.RIGHT) == 1


def test_tries_at_once_are_all_counted(engine: Engine) -> None:
    with Session(engine) as session:
        code_id = ask_for_code(session, EMAIL, client="192.0.2.1", **KNOWN)
        session.commit()
    outcomes = at_once(
        engine, 16, lambda session: try_code(session, code_id, EMAIL, "x", **KNOWN).outcome
    )
    assert outcomes.count(CodeOutcome.WRONG) == MAX_TRIES


def test_groups_of_one_name_made_at_once_get_addresses_of_their_own(engine: Engine) -> None:
    def make(session: Session) -> str:
        return create_group(session, by=None, name="Elm Road", sector=Sector.OTHER).slug

    assert len(set(at_once(engine, 12, make))) == 12
