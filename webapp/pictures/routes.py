"""Giving an event its picture, and sending pictures out."""

from flask import Blueprint

from webapp.events.pictures import Picture  # noqa: F401 -- so that its table is known

blueprint = Blueprint("pictures", __name__)
