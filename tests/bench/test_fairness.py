"""A small sample of the simulation: programs are held, people are not."""

import random
from uuid import uuid4

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bench.fairness import EVENTS, people, programs, simulate
from tests.at_once import empty
from tests.factories.events import make_event
from tests.factories.moments import make_moment


def test_programs_are_held_and_people_are_not(engine: Engine, owner_engine: Engine) -> None:
    with Session(engine) as session, session.begin():
        moment = make_moment(session, slug=f"moment-{uuid4().hex}")
        one = make_event(session, moment=moment)
        events = [one, *(make_event(session, moment=moment, group=one.group) for _ in range(11))]
        chosen = [events[n % 12].id if n < 11 else events[11].id for n in range(EVENTS)]
        moment_id = moment.id
    dice = random.Random(1)
    sent = {**programs(dice, 0.1), **people(dice, 0.02)}
    del sent["bot: one IPv4 like a school"]  # its bound is tested where it is set
    del sent["mobile carrier: 40 addresses"]  # all of it would be at one event here
    try:
        outcomes = {each.name: each for each in simulate(owner_engine, moment_id, chosen, sent)}
    finally:
        empty(owner_engine)

    for name, each in outcomes.items():
        if name.startswith("bot"):
            assert each.most_of_one_source <= 60, name
        else:
            assert each.held * 50 <= each.sent, name
    assert outcomes["school: 300 pupils, one address"].counted == 300
    assert outcomes["bot: fills in the trap"].counted == 0
