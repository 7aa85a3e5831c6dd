"""Listing an event, one page at a time."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from webapp.drafts.models import EventDraft  # noqa: F401 -- so that its table is known
from webapp.security import uncached

blueprint = Blueprint("drafts", __name__)


@blueprint.get("/host")
@uncached
def start() -> ResponseReturnValue:
    """Begin to list an event."""
    return render_template("drafts/start.html")
