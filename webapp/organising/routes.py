"""Pages of whoever hosts."""

from flask import Blueprint

from webapp.events.history import EventChange  # noqa: F401 -- so that its table is known

blueprint = Blueprint("organising", __name__)
