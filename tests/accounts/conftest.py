"""Signing in, as tests do it."""

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.checked_pages import Page, PageClient
from webapp.outbox import OutgoingMail


@pytest.fixture
def sent_code(session: Session) -> Callable[[str], str]:
    """Read the newest code that waits to be sent to an address."""

    def read(email: str) -> str:
        statement = select(OutgoingMail).where(
            OutgoingMail.recipient == email, OutgoingMail.details.has_key("code")
        )
        newest = statement.order_by(OutgoingMail.send_before.desc(), OutgoingMail.created_at.desc())
        mail = session.execute(newest.limit(1)).scalar_one()
        return mail.details["code"]

    return read


@pytest.fixture
def ask(client: PageClient) -> Callable[..., Page]:
    """Ask for a code by the page."""

    def send(email: str, **kw: object) -> Page:
        return client.send("/account/sign-in", {"email": email}, **kw)

    return send


@pytest.fixture
def sign_in_by_code(
    client: PageClient, ask: Callable[..., Page], sent_code: Callable[[str], str]
) -> Callable[..., Page]:
    """Sign in as people do: address, mail, code."""

    def enter(email: str, wanted: str = "") -> Page:
        client.send("/account/sign-in", {"email": email, "next": wanted})
        return client.send("/account/code", {"code": sent_code(email.lower())})

    return enter
