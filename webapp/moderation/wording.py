"""What reasons, concerns and decisions are called on pages."""

from datetime import datetime

from babel.dates import format_timedelta
from flask_babel import LazyString, get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from webapp.events.history import EventChange
from webapp.events.models import EventStatus
from webapp.filters import clock, weekday_date
from webapp.moderation.decisions import Decision
from webapp.moderation.models import ConcernKind
from webapp.organising.what_happened import DEEDS

CONCERN_NAMES: dict[ConcernKind, LazyString] = {
    ConcernKind.HOME_ADDRESS: _l("It shows somebody’s home address"),
    ConcernKind.NOT_REAL: _l("It is not a real event"),
    ConcernKind.UNSAFE: _l("It is not safe"),
    ConcernKind.HATEFUL: _l("It is hateful or abusive"),
    ConcernKind.WRONG_DETAILS: _l("The time, place or something else is wrong"),
    ConcernKind.OTHER: _l("Something else"),
}

DECISION_NAMES: dict[Decision, LazyString] = {
    Decision.APPROVE: _l("Approve"),
    Decision.TRUST: _l("Approve, and trust the group"),
    Decision.RETURN: _l("Return it to the host"),
    Decision.HIDE: _l("Hide it"),
    Decision.SHOW: _l("Show it again"),
    Decision.SETTLE: _l("Settle what the public told us"),
}

DECISION_NOTES: dict[Decision, LazyString] = {
    Decision.APPROVE: _l("It is public. What the public told us is settled."),
    Decision.TRUST: _l("The same, and the group’s next events go live at once."),
    Decision.RETURN: _l("Only its host sees it, and can send it again. Needs a reason."),
    Decision.HIDE: _l("Its page goes, and its host cannot show it again. Needs a reason."),
    Decision.SHOW: _l("It is what it was before it was hidden."),
    Decision.SETTLE: _l("The event stays as it is."),
}

DECIDED: dict[Decision, LazyString] = {
    Decision.APPROVE: _l("Approved:"),
    Decision.TRUST: _l("Approved, and the group is trusted:"),
    Decision.RETURN: _l("Returned to its host:"),
    Decision.HIDE: _l("Hidden:"),
    Decision.SHOW: _l("Shown again:"),
    Decision.SETTLE: _l("Settled:"),
}


STATUS_NAMES: dict[EventStatus, LazyString] = {
    EventStatus.DRAFT: _l("With its host"),
    EventStatus.IN_REVIEW: _l("In review"),
    EventStatus.PUBLISHED: _l("Published"),
    EventStatus.POSTPONED: _l("Postponed"),
    EventStatus.CANCELLED: _l("Cancelled"),
    EventStatus.HIDDEN: _l("Hidden"),
}


def age(since: datetime, now: datetime) -> str:
    """Return how long something has waited: “3 days”."""
    locale = get_locale()
    text: str = format_timedelta(now - since, granularity="minute", threshold=1, locale=locale)
    return text


def decided_sentence(change: EventChange | None) -> str:
    """Say to staff who come second what happened meanwhile, and who did it."""
    if change is None:
        return _("This is settled already. Nothing was changed by you.")
    if change.by is None or not change.by.is_staff:
        return _("The host changed this meanwhile. Nothing was decided: look at it again.")
    return _(
        "Already decided by %(who)s: %(what)s, %(day)s, %(time)s. Nothing was changed by you.",
        who=change.by.email,
        what=DEEDS[change.kind],
        day=weekday_date(change.at),
        time=clock(change.at),
    )
