"""What pgbench is measured with is what the site does for a pledge."""

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from bench.pledges import one_pledge
from tests.factories.events import make_event
from webapp.pledges.models import LedgerEntry
from webapp.pledges.sides import PledgeSide


def test_pgbench_writes_what_the_site_writes(session: Session) -> None:
    event = make_event(session)
    event.authority_code = "E08000005"
    session.flush()
    statement = text(one_pledge(event.moments[0].id))

    nonces = {session.execute(statement, {"event_id": event.id}).scalar_one() for _ in range(2)}

    entries = session.scalars(select(LedgerEntry)).all()
    assert {each.nonce for each in entries} == nonces
    assert len(nonces) == 2
    for each in entries:
        assert (each.kind, each.event_id, each.party_change) == ("pledged", event.id, 2)
        assert (each.authority_code, each.nation) == ("E08000005", event.nation)
    sides = session.scalars(select(PledgeSide)).all()
    assert {each.pledge for each in sides} == nonces
    assert len({each.bucket for each in sides}) == 2
    assert {len(each.wide_bucket or b"") for each in sides} == {12}
