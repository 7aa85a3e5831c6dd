"""What an event begins with: what is usual for its moment."""

from datetime import date, timedelta

from webapp.events.written_times import clock_moment, written_when
from webapp.filters import short_date
from webapp.language import Language
from webapp.moments.models import Moment


def beginning_of(moment: Moment, today: date, language: Language) -> dict[str, str]:
    """Return what the fields of the first page hold before anybody has typed."""
    answers = {"moment": moment.slug, "description": moment.starting_text(language)}
    day = max(moment.starts_on, today)
    if moment.usual_start is None or moment.usual_length_minutes is None:
        return answers | {"starts_on": short_date(day)}
    start = clock_moment(day, moment.usual_start)
    end = start + timedelta(minutes=moment.usual_length_minutes)
    return answers | written_when(start, end)
