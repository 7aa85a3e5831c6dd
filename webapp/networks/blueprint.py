"""The blueprint of all pages about networks; `routes.py` gathers the modules that hold them."""

from flask import Blueprint

blueprint = Blueprint("networks", __name__)
