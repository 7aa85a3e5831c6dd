"""Listing an event, one page at a time."""

from flask import Blueprint

from webapp.drafts.models import EventDraft  # noqa: F401 -- so that its table is known

blueprint = Blueprint("drafts", __name__)
