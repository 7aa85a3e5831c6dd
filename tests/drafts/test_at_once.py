"""A draft that is sent several times at the same instant is one event; with real commits."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from tests.at_once import at_once
from tests.drafts.organiser import WHAT, WHERE
from tests.factories.accounts import make_user
from tests.factories.moments import make_moment
from tests.factories.places import make_place
from webapp.accounts.models import User
from webapp.database import utc_now
from webapp.drafts.actions import begin_draft
from webapp.drafts.models import EventDraft
from webapp.drafts.publishing import NewGroup, event_of_draft, publish
from webapp.drafts.queries import draft_of_id
from webapp.drafts.written import Written
from webapp.events.models import Event
from webapp.groups.models import Group, Sector
from webapp.language import Language
from webapp.moments.queries import moments_to_come
from webapp.outbox import OutgoingMail


@pytest.fixture
def draft_id(real_engine: Engine) -> Any:
    """A draft that is ready to be sent."""
    with Session(real_engine) as session, session.begin():
        make_place(session)
        make_moment(session)
        user = make_user(session, email="pat@example.org")
        draft = EventDraft(answers={**WHAT, **WHERE}, user_id=user.id, changed_at=utc_now())
        session.add(draft)
        session.flush()
        return draft.id


def test_sent_eight_times_at_once_it_is_one_event_of_one_group_with_one_mail(
    app: Flask, real_engine: Engine, draft_id: Any
) -> None:
    def send(session: Session) -> str:
        with app.test_request_context():
            draft = draft_of_id(session, draft_id, lock=True)
            if draft is None:
                event = event_of_draft(session, draft_id)
                assert event is not None
                return event.public_id
            now = utc_now()
            moments = moments_to_come(session, now.date())
            written = Written.of(session, draft, moments, Language.ENGLISH, now)
            by = session.execute(select(User)).unique().scalar_one()
            host = NewGroup(name="Elm Road", sector=Sector.OTHER, place=None)
            return publish(session, draft, written, host, by=by, now=now).public_id

    ids = at_once(real_engine, 8, send)

    assert len(set(ids)) == 1
    with Session(real_engine) as session:
        for table in (Event, Group, OutgoingMail):
            assert session.scalar(select(func.count()).select_from(table)) == 1
        assert session.get(EventDraft, draft_id) is None


def test_begun_eight_times_at_once_it_is_one_draft(real_engine: Engine) -> None:
    draft_id = uuid4()

    def begin(session: Session) -> bool:
        later = utc_now() + timedelta(seconds=1)
        return begin_draft(session, draft_id, {}, by=None, now=later) is not None

    assert all(at_once(real_engine, 8, begin))
    with Session(real_engine) as session:
        assert session.scalar(select(func.count(EventDraft.id))) == 1
