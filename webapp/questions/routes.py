"""Asking a host, and answering."""

from flask import Blueprint

from webapp.questions.models import Question  # noqa: F401 -- so that its table is known

blueprint = Blueprint("questions", __name__)
