"""The tables of those who ask come and go with rows in them; pledges and exact places stay."""

import os

from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from tests.asked_places.conftest import at_home, tell_door
from tests.conftest import NOW
from tests.database import empty_database
from tests.factories.accounts import make_user
from tests.factories.asked_places import make_asked
from webapp import schema
from webapp.app import create_app

KEPT = text("""
    SELECT (SELECT count(*) FROM ledger_entry), (SELECT count(*) FROM event_exact_place),
        (SELECT count(*) FROM event)
""")
ASKED = text("SELECT count(*) FROM asked_place CROSS JOIN place_telling")
GONE = text("SELECT to_regclass('asked_place'), to_regclass('place_telling')")


def test_they_come_and_go() -> None:
    with (
        empty_database(f"moment_map_test_asked_{os.getpid()}") as settings,
        create_app(settings).app_context(),
    ):
        schema.upgrade(settings)
        owner = create_engine(settings.owner_database_url)
        with Session(owner) as session:
            home = at_home(session, make_user(session))
            tell_door(session, home)
            make_asked(session, home, NOW)
            session.commit()
        with owner.connect() as connection:
            assert connection.execute(ASKED).scalar_one() == 1
        schema.downgrade(settings, "0014")
        with owner.connect() as connection:
            assert connection.execute(GONE).one() == (None, None)
            assert connection.execute(KEPT).one() == (1, 1, 1)
        schema.upgrade(settings)
        with owner.connect() as connection:
            assert connection.execute(ASKED).scalar_one() == 0
            assert connection.execute(KEPT).one() == (1, 1, 1)
        owner.dispose()
