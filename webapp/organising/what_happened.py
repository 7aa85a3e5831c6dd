"""The history of an event, worded for whoever reads it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from webapp.accounts.models import User
from webapp.events.history import ChangeKind, EventChange
from webapp.groups.models import Group
from webapp.organising.field_names import FIELD_NAMES, written

DEEDS: dict[ChangeKind, LazyString] = {
    ChangeKind.LISTED: _l("Listed"),
    ChangeKind.SENT: _l("Sent for review"),
    ChangeKind.APPROVED: _l("Approved"),
    ChangeKind.RETURNED: _l("Returned to the host"),
    ChangeKind.EDITED: _l("Changed"),
    ChangeKind.POSTPONED: _l("Postponed"),
    ChangeKind.CANCELLED: _l("Cancelled"),
    ChangeKind.RESTORED: _l("Put on again"),
    ChangeKind.HIDDEN: _l("Hidden"),
    ChangeKind.SHOWN: _l("Shown again"),
    ChangeKind.MERGED: _l("Merged into another listing"),
    ChangeKind.TOOK_IN: _l("Another listing was merged into it"),
    ChangeKind.PARTED: _l("Taken apart from another listing"),
}
# Of these the line’s own words say all.
_SAID_ALREADY = frozenset({"status", "notice", "notice_at"})


@dataclass(frozen=True)
class ChangedField:
    """One field that was changed; both texts are None where it is not told from what to what."""

    name: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Happened:
    """One line of a history."""

    kind: ChangeKind
    deed: str
    at: datetime
    who: str
    explanation: str | None
    fields: Sequence[ChangedField]


def happened(changes: Iterable[EventChange], group: Group, reader: User) -> list[Happened]:
    """Word what happened to an event of a group; addresses are for fellow members alone."""
    return [
        Happened(
            kind=change.kind,
            deed=str(DEEDS[change.kind]),
            at=change.at,
            who=_who(change.by, group, reader),
            explanation=change.explanation,
            fields=[
                ChangedField(str(FIELD_NAMES[name]), written(name, before), written(name, after))
                for name, (before, after) in change.changes.items()
                if name in FIELD_NAMES and name not in _SAID_ALREADY
            ],
        )
        for change in changes
    ]


def _who(by: User | None, group: Group, reader: User) -> str:
    if by is None:
        return _("Somebody who did not sign in, or has no account any more")
    if by.id == reader.id:
        return _("You")
    if group.role_of(by) is None:
        return _("The campaign’s staff") if by.is_staff else _("Somebody who acts for your group")
    return by.email if group.role_of(reader) else _("Somebody of the group")
