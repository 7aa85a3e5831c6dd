"""People, for tests."""

from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from webapp.accounts.actions import make_staff
from webapp.accounts.models import User

_numbers = count(1)


def make_user(session: Session, *, staff: bool = False, **kw: Any) -> User:
    """Return somebody who has an account."""
    user = User(**{"email": f"person{next(_numbers)}@example.org"} | kw)
    session.add(user)
    if staff:
        make_staff(session, user)
    session.flush()
    return user
