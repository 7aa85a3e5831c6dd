"""Pages on which staff decide, and on which the public tells what is wrong."""

from flask import Blueprint

from webapp.moderation.models import Concern  # noqa: F401 -- so that its table is known

blueprint = Blueprint("moderation", __name__)
