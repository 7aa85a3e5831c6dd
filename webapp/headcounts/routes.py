"""Telling afterwards how many came, and whether somebody was met."""

from flask import Blueprint

from webapp.headcounts.models import Headcount  # noqa: F401 -- so that its table is known

blueprint = Blueprint("headcounts", __name__)
