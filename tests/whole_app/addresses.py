"""An address for every route, so that a test can walk them all."""

from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from tests.factories.events import make_event
from tests.factories.moments import make_moment
from tests.factories.pledges import make_pledge
from webapp.accounts.models import User
from webapp.pledges.nonces import NonceSigner

# What an address needs behind its question mark to lead anywhere.
QUERIES = {
    "atlas.events_geojson": {"moment": "neighbours-day"},
    "pledges.nonce": {"moment": "neighbours-day"},
}


def arguments_of(app: Flask, session: Session, host: User) -> dict[str, str]:
    """Make one of everything, and return what its addresses are made of."""
    event = make_event(session, moment=make_moment(session, slug="neighbours-day"), by=host)
    receipt = make_pledge(session, event)
    session.commit()
    return {
        "public_id": event.public_id,
        "groups.show": event.group.slug,
        "slug": "neighbours-day",
        "token": NonceSigner(app.config["SECRET_KEY"]).sign_receipt(receipt),
        "version": "an-earlier-one",
        "filename": "css/base.css",
        "name": "nothing",
        "reference": "nothing",
        "browser_id": "00000000-0000-4000-8000-000000000000",
    }


def rules(app: Flask) -> list[Rule]:
    """Return every route but the static files’ own."""
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]


def address(app: Flask, rule: Rule, arguments: dict[str, str]) -> str:
    """Return an address of a route; a part that no test knows fails."""
    known = {name: arguments.get(rule.endpoint, arguments.get(name)) for name in rule.arguments}
    unknown = [name for name, value in known.items() if value is None]
    assert not unknown, f"{rule.endpoint} needs {unknown}: add it to tests/whole_app/addresses.py"
    values = {str(name): str(value) for name, value in known.items()}
    with app.test_request_context():
        return app.url_for(rule.endpoint, **values, **QUERIES.get(rule.endpoint, {}))
