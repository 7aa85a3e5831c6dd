"""Places as data."""

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from geo.postcodes import may_hold_full_postcode
from webapp.extensions import db
from webapp.filters import number
from webapp.language import Language, current_language
from webapp.places import queries
from webapp.places.models import Place
from webapp.places.suggestions import Suggestion, suggestions_for
from webapp.places.words import NATION_NAMES
from webapp.security import public

MOST_PLACES = 600
ONE_DAY = 24 * 3600
DECIMALS = 4  # about ten metres, plenty for a name on a map

blueprint = Blueprint("places", __name__)


@blueprint.get("/api/v1/places.json")
@public(max_age=ONE_DAY)
def places_json() -> ResponseReturnValue:
    """Return the names that the map writes, the largest places first, at most `?most=`."""
    language = current_language()
    most = request.args.get("most", MOST_PLACES, type=int)
    largest = queries.largest_places(db.session, min(max(most, 1), MOST_PLACES))
    return jsonify(places=[_as_json(place, language) for place in largest])


@blueprint.get("/places/suggest")
@public(max_age=ONE_DAY)
def suggest() -> ResponseReturnValue:
    """Suggest places for `?q=`, at most eight; nothing for what may hold a whole postcode."""
    text = request.args.get("q", "")
    language = current_language()
    found = suggestions_for(db.session, text)
    answer = jsonify(suggestions=[_suggestion(each, language) for each in found])
    if may_hold_full_postcode(text):
        answer.cache_control.no_store = True
    return answer


def _suggestion(each: Suggestion, language: Language) -> dict[str, str | int | None]:
    name = (each.name_cy or each.name) if language is Language.WELSH else each.name
    nation = str(NATION_NAMES[each.nation]) if each.nation else None
    where = each.near or nation
    people = (
        f"{number(each.population)} {ngettext('person', 'people', each.population)}"
        if each.population
        else None
    )
    return {
        "id": each.geonames_id,
        "name": name,
        "detail": " · ".join(filter(None, (each.near, nation, people))),
        "text": f"{name}, {where}" if each.geonames_id and where else name,
    }


def _as_json(place: Place, language: Language) -> dict[str, str | float]:
    position = place.position
    return {
        "name": place.name_in(language),
        "latitude": round(position.latitude, DECIMALS),
        "longitude": round(position.longitude, DECIMALS),
        "population": place.population,
    }
