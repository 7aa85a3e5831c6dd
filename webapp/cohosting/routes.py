"""Asking other groups to host with you, and answering."""

from flask import Blueprint

from webapp.events.co_hosts import CoHost  # noqa: F401 -- so that its table is known

blueprint = Blueprint("cohosting", __name__)
