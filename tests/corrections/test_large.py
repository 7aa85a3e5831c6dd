"""Many held pledges, 20,000 with SOAK: found, released and held again in bounded time, batch by batch."""

import os
import time
from uuid import UUID

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from tests.corrections.deciding import conditions, decide, done, second, step, undo
from tests.pledges.test_rollup import fold_all
from webapp.corrections.conditions import Conditions, What
from webapp.corrections.figures import figures, places, sample
from webapp.corrections.models import DecisionKind, PledgeDecision
from webapp.corrections.queries import held_by_area, held_by_event, held_by_source
from webapp.events.models import Event
from webapp.pledges.actions import pledge
from webapp.pledges.nonces import Nonce
from webapp.pledges.queries import people_held
from webapp.pledges.recount import differences
from webapp.pledges.rollup import fold_new_entries

MANY = 20_000 if os.environ.get("SOAK") else 2_000
# Much more than it takes, for a machine that does other things as well.
MOST_SECONDS_A_PAGE, MOST_SECONDS = 8, 120
PLEDGE = text("""
    WITH made AS (
        INSERT INTO ledger_entry (moment_id, nonce, kind, pledge, participant, event_id,
            party_change)
        SELECT :moment_id, key, 'pledged', key, key, :event_id, 2
        FROM (SELECT gen_random_uuid() AS key FROM generate_series(1, :many)) AS keys
        RETURNING nonce
    )
    INSERT INTO pledge_side (moment_id, pledge, bucket, wide_bucket, signals)
    SELECT :moment_id, nonce, decode(md5((row_number() OVER () % 300)::text), 'hex'), 'net', 1
    FROM made
""")


def carried_out(engine: Engine, number: int) -> PledgeDecision:
    """Carry a decision out, while the rollup folds what comes of it, as it does every second."""
    while step(engine, number):
        with Session(engine) as session, session.begin():
            fold_new_entries(session)
    return done(engine, number)


def fill(engine: Engine, owner_engine: Engine, event: Event) -> None:
    """Pledge so often with a filled trap, from 300 addresses, and let the rollup hold all of it."""
    given = {"moment_id": event.moments[0].id, "event_id": event.id, "many": MANY // 20}
    for number in range(20):
        with Session(engine) as session, session.begin():
            session.execute(PLEDGE, given)
        fold_all(engine)
        if number in {0, 19}:
            # As the database does by itself within a minute.
            with owner_engine.connect() as connection:
                own = connection.execution_options(isolation_level="AUTOCOMMIT")
                own.execute(text("ANALYZE"))


def look(engine: Engine, moment_id: int, chosen: Conditions) -> None:
    """Ask all that the pages ask."""
    with Session(engine) as session:
        held = figures(session, chosen).held
        assert held == 2 * MANY
        assert len(places(session, chosen)) == 1
        assert len(sample(session, chosen)) == 10
        assert len(held_by_source(session, moment_id)) == 50
        assert held_by_event(session, moment_id)[0].people == held
        assert held_by_area(session, moment_id)[0].people == held


def test_a_sample_is_of_late_pledges_too(engine: Engine, event: Event) -> None:
    moment_id = event.moments[0].id
    with Session(engine) as session, session.begin():
        for number in range(1, 41):
            key = UUID(int=number)  # as early ones and late ones of the same first byte
            pledge(session, Nonce(moment_id, event.id, key), party=1 if number <= 20 else 2)
    fold_all(engine)

    with Session(engine) as session:
        found = sample(session, conditions(event, What.COUNTED))
    assert {each.in_force for each in found} == {1, 2}


def test_many_pledges_are_decided_about_in_bounded_time(
    engine: Engine, owner_engine: Engine, event: Event, sam: int, alex: int
) -> None:
    fill(engine, owner_engine, event)
    chosen = conditions(event, event_id=event.id)
    began = time.monotonic()
    look(engine, event.moments[0].id, chosen)
    assert time.monotonic() - began < MOST_SECONDS_A_PAGE

    began = time.monotonic()
    number = decide(engine, DecisionKind.RELEASE, chosen, by=sam)
    second(engine, number, by=alex)
    assert carried_out(engine, number).done_pledges == MANY
    back = undo(engine, number, by=alex)
    second(engine, back, by=sam)
    assert carried_out(engine, back).done_heads == 2 * MANY
    assert time.monotonic() - began < MOST_SECONDS
    fold_all(engine)
    with Session(engine) as session:
        assert differences(session) == []
        assert people_held(session) == 2 * MANY
