"""Moments for tests."""

from datetime import date
from itertools import count

from sqlalchemy.orm import Session

from webapp.moments.models import Moment

numbers = count(1)


def make_moment(session: Session, **changes: object) -> Moment:
    """Make a moment to come: Neighbours’ Day on 5 June 2027."""
    values: dict[str, object] = {
        "slug": f"neighbours-day-{next(numbers)}",
        "name_en": "Neighbours’ Day",
        "name_cy": "Diwrnod y Cymdogion",
        "summary_en": "Meet the people next door.",
        "summary_cy": "Dewch i gwrdd â’r bobl drws nesaf.",
        "description_en": "One day for the whole country.",
        "description_cy": "Un diwrnod i’r wlad gyfan.",
        "starts_on": date(2027, 6, 5),
        "ends_on": date(2027, 6, 5),
        "colour": "#c2330a",
    }
    moment = Moment(**{**values, **changes})
    session.add(moment)
    session.flush()
    return moment
