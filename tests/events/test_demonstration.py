"""Made-up events: where they are, what they count for, and how they go."""

from collections import Counter
from datetime import date

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from geo.points import Point
from tests.factories.events import make_event
from tests.factories.groups import make_group
from tests.factories.moments import make_moment
from tests.factories.places import LLANELLI, ROCHDALE, make_place
from webapp.config import Environment
from webapp.events.demonstration import list_demonstration, plan_events
from webapp.events.models import Event
from webapp.groups.models import Group
from webapp.moments.models import Moment
from webapp.places.models import Nation
from webapp.pledges.actions import pledge
from webapp.pledges.demonstration import pledge_to_events, remove_demonstration
from webapp.pledges.models import LedgerEntry
from webapp.pledges.nonces import Nonce

DAY = date(2027, 6, 5)


def _towns(session):
    return [
        make_place(session, "Rochdale", ROCHDALE, population=100_000),
        make_place(session, "Bury", Point(53.5933, -2.2966), population=60_000),
        make_place(session, "Llanelli", LLANELLI, population=40_000, nation=Nation.WALES),
    ]


def _count(session, model):
    return session.scalar(select(func.count()).select_from(model))


def test_the_same_places_give_the_same_events(session):
    towns = _towns(session)
    assert list(plan_events(towns, DAY, 50)) == list(plan_events(towns, DAY, 50))


def test_events_are_in_proportion_to_people(session):
    planned = plan_events(_towns(session), DAY, 600)
    counts = Counter(each.place.name for each in planned)
    assert counts["Rochdale"] == pytest.approx(300, rel=0.15)
    assert counts["Bury"] == pytest.approx(180, rel=0.2)
    assert counts["Llanelli"] == pytest.approx(120, rel=0.25)


def test_texts_are_filled_in_and_points_are_in_the_uk(session):
    for planned in plan_events(_towns(session), DAY, 300):
        assert "{" not in planned.title + planned.description + (planned.venue_name or "")
        assert planned.point.in_uk


def test_events_are_listed_as_hosts_list_them(session):
    _towns(session)
    moment = make_moment(session, is_demonstration=True)
    events = list_demonstration(session, moment, 30)
    assert _count(session, Event) == len(events) == 30
    assert all(event.is_demonstration and event.listed_by_id is None for event in events)
    assert {event.starts_at.date() for event in events} == {DAY}


def test_a_real_moment_takes_none(session):
    _towns(session)
    with pytest.raises(ValueError, match="real moment"):
        list_demonstration(session, make_moment(session), 1)


def test_each_event_gets_a_few_pledges(session):
    _towns(session)
    moment = make_moment(session, is_demonstration=True)
    total = pledge_to_events(session, moment, list_demonstration(session, moment, 40))
    moments = set(session.scalars(select(LedgerEntry.moment_id)))
    assert moments == {moment.id}
    assert 40 < total == _count(session, LedgerEntry) < 400


def test_removing_it_takes_all_of_it_and_nothing_else(owner_engine: Engine):
    with Session(owner_engine) as session:
        _towns(session)
        real = make_event(session)
        pledge(session, Nonce.fresh(real.moments[0].id, real.id), party=3)
        moment = make_moment(session, is_demonstration=True)
        made = list_demonstration(session, moment, 20)
        pledge_to_events(session, moment, made)
        removed = remove_demonstration(session)
        assert (removed.moments, removed.events) == (1, 20)
        assert session.scalars(select(Event.id)).all() == [real.id]
        assert session.scalars(select(Group.id)).all() == [real.group_id]
        assert session.scalars(select(LedgerEntry.event_id)).all() == [real.id]
        assert session.scalars(select(Moment.id)).all() == [real.moments[0].id]
        session.rollback()


def test_a_group_that_people_belong_to_stays(owner_engine: Engine):
    with Session(owner_engine) as session:
        _towns(session)
        moment = make_moment(session, is_demonstration=True)
        group = make_group(session)
        make_event(session, moment=moment, group=group)
        remove_demonstration(session)
        assert session.get(Group, group.id) is not None
        session.rollback()


def test_removing_what_is_not_there_says_so(app):
    done = app.test_cli_runner().invoke(args=["demonstration", "remove"])
    assert done.exit_code == 0
    assert "There was no demonstration to remove." in done.output


def test_production_refuses_it_in_one_sentence(app, session, monkeypatch):
    settings = app.config["SETTINGS"].model_copy(update={"environment": Environment.PRODUCTION})
    monkeypatch.setitem(app.config, "SETTINGS", settings)
    done = app.test_cli_runner().invoke(args=["demonstration", "make"])
    assert done.exit_code == 1
    assert done.output == "Error: Made-up events are never loaded in production.\n"
    assert _count(session, Event) == 0
