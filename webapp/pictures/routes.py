"""Giving an event its picture, and sending pictures out."""

from flask import Blueprint, abort, current_app, send_file
from flask.typing import ResponseReturnValue

from webapp.security import FOR_EVER, public
from webapp.storage import MediaStore

blueprint = Blueprint("pictures", __name__)


@blueprint.get("/media/<name>")
@public(FOR_EVER)
def media(name: str) -> ResponseReturnValue:
    """Send a picture’s file.

    Whoever has its name may see it, also while its event is a draft or hidden: no page of such an
    event is public, and a name is 128 random bits, which nobody guesses.
    """
    file = _store().open(name) or abort(404)
    return send_file(file, mimetype="image/webp", etag=False, max_age=FOR_EVER)


def _store() -> MediaStore:
    return MediaStore(current_app.config["SETTINGS"].media_folder)
