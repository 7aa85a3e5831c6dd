"""Trusted groups, their windows and their sheets, for tests."""

from typing import Any

from sqlalchemy.orm import Session

from tests.conftest import NOW
from tests.factories.events import make_event
from tests.factories.groups import make_group
from webapp.accounts.models import User
from webapp.events.models import Event
from webapp.groups.models import Standing
from webapp.vouching.models import GroupWindow, Purpose
from webapp.vouching.windows import NewWindow, open_window


def make_trusted_event(session: Session, *, by: User | None = None, **changes: Any) -> Event:
    """List an event of a group that is trusted."""
    group = make_group(session, by=by, standing=Standing.TRUSTED)
    return make_event(session, group=group, by=by, **changes)


def make_window(session: Session, event: Event, cap: int = 30) -> tuple[GroupWindow, str]:
    """Open a window for a school; return it and its token."""
    return open_window(session, event, NewWindow(Purpose.SCHOOL, cap), NOW)
