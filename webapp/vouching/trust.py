"""Who is believed when they bring in pledges of others: campaign staff, and hosts of trusted groups."""

from collections.abc import Iterable

from webapp.accounts.models import User
from webapp.events.models import Event
from webapp.groups.models import Group
from webapp.security import Act


def may_vouch(user: User, event: Event) -> bool:
    """Tell whether somebody may bring in pledges of others to an event."""
    return user.is_staff or (event.group.is_trusted and event.permits(Act.EDIT, user))


def is_believed(user: User, groups: Iterable[Group]) -> bool:
    """Tell whether somebody may take callers’ pledges; `groups` are those that they belong to."""
    return user.is_staff or any(group.is_trusted for group in groups)
