"""Where a group is: the town or village that was typed, or the one nearest to a postcode."""

from flask_babel import gettext as _
from sqlalchemy.orm import Session
from wtforms import StringField

from webapp.places.answers import Ambiguous, Located, NotCovered, NotFound
from webapp.places.locate import locate
from webapp.places.models import Place
from webapp.places.queries import nearest_place
from webapp.places.words import sentence_of, told_apart


def home_town(session: Session, typed: str) -> Place | str:
    """Return the place that a group’s page names, or why there is none; of a postcode nothing is kept."""
    answer = locate(session, typed)
    if isinstance(answer, NotFound | NotCovered):
        return sentence_of(answer)
    if isinstance(answer, Ambiguous):
        return _which(session, answer)
    place = answer.place or nearest_place(session, answer.point)
    return place or _("This site does not know any towns yet. Tell whoever runs it.")


def place_in_field(session: Session, field: StringField) -> Place | None:
    """Return the place typed in a field that was checked; where there is none, it says why."""
    if not field.data or field.errors:
        return None
    found = home_town(session, field.data)
    if isinstance(found, str):
        field.errors = [found]
        return None
    return found


def _which(session: Session, answer: Ambiguous) -> str:
    regions = told_apart(session, answer.choices)
    examples = "; ".join(map(_written, answer.choices, regions))
    ask = _("Did you mean one of these?") if answer.is_guess else _("Which one do you mean?")
    return f"{ask} {_('Write it like this:')} {examples}"


def _written(choice: Located, region: str) -> str:
    nearest = region.partition(", ")[0]
    return f"{choice.label}, {nearest}" if nearest else choice.label
