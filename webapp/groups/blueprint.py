"""The blueprint of all pages about groups; `routes.py` gathers the modules that hold them."""

from flask import Blueprint

blueprint = Blueprint("groups", __name__)
