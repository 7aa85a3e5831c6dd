"""An address for every route, so that a test can walk them all."""

from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from tests.whole_app.world import World
from webapp.accounts.models import User

# What an address needs behind its question mark to lead anywhere.
QUERIES = {
    "atlas.events_geojson": {"moment": "neighbours-day"},
    "pledges.nonce": {"moment": "neighbours-day"},
}


def arguments_of(app: Flask, session: Session, host: User) -> dict[str, str]:
    """Make one of everything, and return what its addresses are made of."""
    arguments = World(app, session, host).known
    session.commit()
    return arguments


def rules(app: Flask) -> list[Rule]:
    """Return every route but the static files’ own."""
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]


def address(app: Flask, rule: Rule, arguments: dict[str, str]) -> str:
    """Return an address of a route; a part that no test knows fails."""
    known = {name: _known(rule.endpoint, name, arguments) for name in rule.arguments}
    unknown = [name for name, value in known.items() if value is None]
    assert not unknown, f"{rule.endpoint} needs {unknown}: add it to tests/whole_app/world.py"
    values = {str(name): str(value) for name, value in known.items()}
    with app.test_request_context():
        return app.url_for(rule.endpoint, **values, **QUERIES.get(rule.endpoint, {}))


def _known(endpoint: str, name: str, arguments: dict[str, str]) -> str | None:
    feature = endpoint.partition(".")[0]
    for key in (f"{endpoint}.{name}", f"{feature}.{name}", name):
        if key in arguments:
            return arguments[key]
    return None
