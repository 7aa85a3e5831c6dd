"""A small sample of the simulation: programs are held, people are not."""

import random
from uuid import uuid4

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bench.fairness import outcomes
from bench.fairness_simulated import simulate
from bench.senders import EVENTS, people, programs
from tests.at_once import empty
from tests.factories.events import make_event
from tests.factories.moments import make_moment

DICE = random.Random(1)


def test_programs_are_held_and_people_are_not(engine: Engine, owner_engine: Engine) -> None:
    with Session(engine) as session, session.begin():
        moment = make_moment(session, slug=f"moment-{uuid4().hex}")
        one = make_event(session, moment=moment)
        events = [one, *(make_event(session, moment=moment, group=one.group) for _ in range(11))]
        chosen = [events[n % 12].id if n < 11 else events[11].id for n in range(EVENTS)]
        moment_id = moment.id
    sent = programs(DICE, 0.1) | people(DICE, 0.02)
    for each in ("bot: one IPv4 like a carrier", "mobile carrier: 40 addresses"):
        del sent[each]  # all of it would be at a few events here
    try:
        kept = simulate(owner_engine, moment_id, chosen, sent)
        with Session(owner_engine) as session:
            found = {each.name: each for each in outcomes(session, kept, sent)}
    finally:
        empty(owner_engine)

    for name, each in found.items():
        if name.startswith("bot"):
            # Who copies a school as well as can be has no more than a school.
            assert each.most_of_one_source <= (300 if "school" in name else 60), name
        else:
            assert each.held * 50 <= each.sent, name
        assert each.refused == 0, name
    assert found["school: 300 pupils, one address"].counted == 300
    assert not found["bot: fills in the trap"].counted
