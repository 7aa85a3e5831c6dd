"""The public map’s data."""

from flask import Blueprint, abort, jsonify, request, url_for
from flask.typing import ResponseReturnValue

from geo.bounds import UK_BOX, Box
from geo.errors import GeographyError
from webapp.atlas.queries import view_of_moment
from webapp.extensions import db
from webapp.language import current_language
from webapp.moments.queries import moment_of_slug
from webapp.security import public

blueprint = Blueprint("atlas", __name__)

MAX_AGE = 30


@blueprint.get("/api/v1/events.geojson")
@public(max_age=MAX_AGE)
def events_geojson() -> ResponseReturnValue:
    """Give the events of `?moment=` inside `&bbox=west,south,east,north`, at most 500."""
    moment = moment_of_slug(db.session, request.args.get("moment", "")) or abort(404)
    try:
        box = Box.parse(request.args["bbox"]) if "bbox" in request.args else UK_BOX
    except GeographyError:
        abort(400)
    view = view_of_moment(db.session, moment.id, box, current_language()).as_geojson()
    for each in view["features"]:
        each["properties"]["url"] = url_for("events.show", public_id=each["properties"]["id"])
    answer = jsonify(view)
    answer.mimetype = "application/geo+json"
    return answer
