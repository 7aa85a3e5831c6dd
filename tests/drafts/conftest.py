"""A country with a moment to come, and somebody who lists an event."""

import pytest
from sqlalchemy.orm import Session

from tests.checked_pages import PageClient
from tests.drafts.organiser import Organiser
from tests.factories.moments import make_moment
from tests.factories.places import LLANELLI, make_place
from webapp.moments.models import Moment


@pytest.fixture
def moment(session: Session) -> Moment:
    make_place(session)
    make_place(session, "Llanelli", LLANELLI)
    moment = make_moment(session)
    session.commit()
    return moment


@pytest.fixture
def organiser(client: PageClient, session: Session, moment: Moment) -> Organiser:
    return Organiser(client, session)
