"""A decision that waits for a second person is told to all who may be that person."""

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tests.corrections.deciding import conditions, decide, finish, found
from tests.corrections.test_limits import INVALIDATE, RELEASE, TRAPPED, enlarge
from tests.pledges.test_holding import people, send
from tests.pledges.test_rollup import fold_all
from webapp.accounts.models import User
from webapp.corrections.conditions import What
from webapp.corrections.models import DecisionState
from webapp.events.models import Event
from webapp.outbox import OutgoingMail


def told(engine: Engine) -> dict[str, dict[str, str]]:
    """Return what mails about decisions say, by whom they are to."""
    with Session(engine) as session:
        mails = select(OutgoingMail).where(OutgoingMail.template == "decision_waits")
        return {each.recipient: each.details for each in session.scalars(mails)}


def address(engine: Engine, user_id: int) -> str:
    """Return somebody’s address."""
    with Session(engine) as session:
        return session.get_one(User, user_id).email


def test_the_others_are_told(engine: Engine, event: Event, sam: int, alex: int) -> None:
    send(engine, event, 2, **TRAPPED)
    people(engine, event.moments[0].id)

    number = decide(engine, RELEASE, conditions(event), by=sam)

    mails = told(engine)
    assert list(mails) == [address(engine, alex)]
    said = mails[address(engine, alex)]
    assert (said["number"], said["kind"], said["people"]) == (str(number), "release", "2")


def test_whose_account_is_shut_is_not(engine: Engine, event: Event, sam: int, alex: int) -> None:
    send(engine, event, 2, **TRAPPED)
    people(engine, event.moments[0].id)
    with Session(engine) as session, session.begin():
        session.get_one(User, alex).active = False

    decide(engine, RELEASE, conditions(event), by=sam)

    assert told(engine) == {}


def test_what_one_may_decide_alone_is_no_news(
    engine: Engine, owner_engine: Engine, event: Event, sam: int, alex: int
) -> None:
    assert alex
    send(engine, event, 2, **TRAPPED)
    people(engine, event.moments[0].id)
    enlarge(owner_engine, event.moments[0].id, 40_000)

    finish(engine, decide(engine, RELEASE, conditions(event), by=sam))

    assert told(engine) == {}


def test_what_grew_until_it_was_carried_out_is_told(
    engine: Engine, owner_engine: Engine, event: Event, sam: int, alex: int
) -> None:
    send(engine, event, 3)
    people(engine, event.moments[0].id)
    enlarge(owner_engine, event.moments[0].id, 300)
    number = decide(engine, INVALIDATE, conditions(event, What.COUNTED), by=sam)
    assert told(engine) == {}
    send(engine, event, 5)
    fold_all(engine)

    finish(engine, number)

    assert found(engine, number).state is DecisionState.WAITING
    assert told(engine)[address(engine, alex)]["people"] == "8"
