"""Places as data."""

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from webapp.extensions import db
from webapp.language import Language, current_language
from webapp.places import queries
from webapp.places.models import Place
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


def _as_json(place: Place, language: Language) -> dict[str, str | float]:
    position = place.position
    return {
        "name": place.name_in(language),
        "latitude": round(position.latitude, DECIMALS),
        "longitude": round(position.longitude, DECIMALS),
        "population": place.population,
    }
