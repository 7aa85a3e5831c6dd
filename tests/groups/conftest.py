"""Groups, their people and their mail, as tests of their pages want them."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories.groups import make_group
from webapp.accounts.models import User
from webapp.groups.models import Group
from webapp.outbox import OutgoingMail

Mails = Callable[[str], list[OutgoingMail]]


@pytest.fixture
def owned(session: Session, sign_in: Callable[..., User]) -> Group:
    """Elm Road, owned by whoever is signed in."""
    return make_group(session, by=sign_in(), name="Elm Road")


@pytest.fixture
def mails(session: Session) -> Mails:
    """Return the mails of a template that wait to be sent, the oldest first."""

    def read(template: str) -> list[OutgoingMail]:
        statement = select(OutgoingMail).where(OutgoingMail.template == template)
        return list(session.scalars(statement.order_by(OutgoingMail.created_at)))

    return read


@pytest.fixture
def token(mails: Mails) -> Callable[[], str]:
    """Read the link of the newest invitation."""

    def read() -> Any:
        return mails("group_invitation")[-1].details["token"]

    return read
