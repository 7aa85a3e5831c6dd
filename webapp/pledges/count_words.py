"""A moment’s number as pages write it, so that script can keep what they show up to date."""

from flask_babel import gettext as _
from flask_babel import ngettext

from webapp.filters import as_of, number
from webapp.pledges.queries import Tally


def words_of(tally: Tally) -> dict[str, str]:
    """Return what a page shows of a moment, by the name that the page gives it (`data-word`)."""
    return {
        "people": _("under 5") if tally.told is None else number(tally.told),
        "meaning": ngettext("person is in", "people are in", tally.for_words),
        "as_of": as_of(tally.as_of),
        "events": number(tally.events),
        "events_meaning": ngettext("event", "events", tally.events),
    }
