"""An event at somebody’s home, a pledge to it, and its host."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from geo.points import Point
from geo.privacy import VenueType
from tests.conftest import NOW
from tests.factories.accounts import make_user
from tests.factories.asked_places import make_asked
from tests.factories.events import make_event
from tests.factories.groups import make_group
from tests.factories.pledges import make_pledge
from webapp.accounts.models import User
from webapp.asked_places.actions import write_directions
from webapp.asked_places.models import AskedPlace
from webapp.events.models import Event
from webapp.pledges.nonces import NonceSigner, Receipt

SignIn = Callable[..., User]
DOOR = "12 Elm Road, the blue door.\nRing twice."
PIN = Point(latitude=53.617119, longitude=-2.161034)


@pytest.fixture
def host(session: Session) -> User:
    return make_user(session, email="host@example.org")


@pytest.fixture
def home(session: Session, host: User) -> Event:
    """An event at a home, where only the town is known."""
    return at_home(session, host, precision_metres=3000)


@pytest.fixture
def receipt(session: Session, home: Event) -> Receipt:
    made = make_pledge(session, home)
    session.commit()
    return made


@pytest.fixture
def asked(session: Session, home: Event, receipt: Receipt) -> AskedPlace:
    made = make_asked(session, home, NOW, receipt=receipt)
    session.commit()
    return made


@pytest.fixture
def own(home: Event, sign_in: SignIn, host: User) -> str:
    """The host’s page, signed in."""
    sign_in(host)
    return f"/events/{home.public_id}/place"


@pytest.fixture
def path(app: Flask, receipt: Receipt) -> str:
    """The address of the receipt."""
    return address_of(app, receipt)


def at_home(session: Session, host: User, **changes: object) -> Event:
    values = {"venue_type": VenueType.PRIVATE, "venue_name": None, "point": PIN, **changes}
    return make_event(session, group=make_group(session, by=host), by=host, **values)


def tell_door(session: Session, event: Event) -> None:
    """Write down where exactly it is."""
    write_directions(session, event, DOOR)
    session.commit()


def address_of(app: Flask, receipt: Receipt) -> str:
    return f"/pledges/{NonceSigner(app.config['SECRET_KEY']).sign_receipt(receipt)}"
