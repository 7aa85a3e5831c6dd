"""What somebody wants to know of their place comes and goes; all other addresses stay."""

import os

from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from tests.database import empty_database
from tests.factories.events import make_event
from tests.factories.pledges import make_contact, make_pledge
from webapp import schema
from webapp.app import create_app

ADDRESSES = text("SELECT email FROM pledge_contact ORDER BY email")
NOTHING_ELSE = {"wants_reminder": False, "wants_news": False, "wants_place": True}


def test_wishes_for_news_of_a_place_come_and_go() -> None:
    with (
        empty_database(f"moment_map_test_places_{os.getpid()}") as settings,
        create_app(settings).app_context(),
    ):
        schema.upgrade(settings)
        owner = create_engine(settings.owner_database_url)
        with Session(owner) as session:
            event = make_event(session)
            for email, wishes in (("a@example.org", {}), ("b@example.org", NOTHING_ELSE)):
                make_contact(session, make_pledge(session, event), event, email=email, **wishes)
            session.commit()
        schema.downgrade(settings, "0017")
        with owner.connect() as connection:
            assert connection.execute(ADDRESSES).scalars().all() == ["a@example.org"]
        schema.upgrade(settings)
        with owner.connect() as connection:
            wanted = text("SELECT email, wants_place, place_told_at FROM pledge_contact")
            assert connection.execute(wanted).all() == [("a@example.org", False, None)]
        owner.dispose()
