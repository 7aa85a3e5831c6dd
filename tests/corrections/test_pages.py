"""Staff see what is held, try a decision out, ask for it, confirm it, follow it and undo it."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from tests.checked_pages import Page, PageClient
from tests.conftest import NOW
from tests.factories.accounts import make_user
from tests.factories.corrections import make_decision, make_held
from tests.factories.events import make_event
from webapp.accounts.browsers import sign_in_browser
from webapp.accounts.models import User
from webapp.corrections.carrying_out import carry_out
from webapp.corrections.conditions import name_of_source
from webapp.corrections.models import Cause, DecisionKind, DecisionState, PledgeDecision
from webapp.database import utc_now
from webapp.events.models import Event, EventStatus
from webapp.pledges.sides import PledgeSide

SignIn = Callable[..., User]
DECIDED = {"kind": "release", "cause": "people", "reason": "The head teacher called."}


@pytest.fixture
def sam(session: Session, sign_in: SignIn) -> User:
    """One of staff, signed in."""
    return sign_in(make_user(session, staff=True, email="sam@example.org"))


@pytest.fixture
def event(session: Session) -> Event:
    """An event of which three pledges are held."""
    event = make_event(session, title="Soup for all")
    for _ in range(3):
        make_held(session, event, 4)
    session.commit()
    return event


def trial(event: Event, /, **conditions: Any) -> str:
    given = {"moment": event.moments[0].id, "what": "held", **conditions}
    return "/staff/held/decide?" + "&".join(f"{name}={value}" for name, value in given.items())


def ask(client: PageClient, event: Event, **answers: Any) -> Page:
    """Try it out, and ask for what the page offers."""
    page = client.page(trial(event, event=event.public_id))
    action = next(
        each.get("action", "") for each in page.all("form") if each.get("method") == "post"
    )
    seen = {name: page.value(name) for name in ("heads", "held")}
    return client.send(action, {**DECIDED, **seen, **answers})


def send(client: PageClient, path: str, data: dict[str, str] | None = None) -> Page:
    """Post to an address that shows no form of its own, with the token of a page that does."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/account/address").text)
    token = found[1] if found else ""
    return client.send(path, {**(data or {}), "csrf_token": token}, csrf=False)


def only(session: Session) -> PledgeDecision:
    session.expire_all()
    return session.scalars(select(PledgeDecision).order_by(PledgeDecision.id.desc())).first()  # type: ignore[return-value]  # there is one


def test_what_is_held_is_told_by_source_event_and_area(
    client: PageClient, session: Session, event: Event, sam: User
) -> None:
    page = client.page(f"/staff/held?moment={event.moments[0].slug}")

    buckets = session.scalars(select(PledgeSide.bucket)).all()
    for bucket in buckets:
        assert bucket is not None
        assert name_of_source(bucket) in page.text
        assert bucket.hex() not in page.html
    assert "Many from one address" in page.text
    assert "Soup for all" in page.text
    assert "people held12" in page.text
    assert any("/staff/held/decide" in each and "source=" in each for each in page.links)


def test_staff_start_page_says_how_much_waits(
    client: PageClient, session: Session, event: Event, sam: User
) -> None:
    make_decision(session, event.moments[0])
    session.commit()

    page = client.page("/staff")

    assert "People held12" in page.text
    assert "Decisions that wait for a second person1" in page.text
    assert "/staff/held" in page.links


def test_a_trial_shows_figures_and_a_sample_and_touches_nothing(
    client: PageClient, session: Session, event: Event, sam: User
) -> None:
    page = client.page(trial(event))

    for sentence in ("pledges3", "people in them that are held12", "by: +12", "a second person"):
        assert sentence in page.text
    assert "Soup for all" in page.text
    assert session.scalars(select(PledgeDecision)).all() == []
    assert session.scalar(text("SELECT count(*) FROM ledger_entry WHERE kind = 'released'")) == 0


def test_a_trial_leaves_out_who_is_let_in_at_an_event_that_is_off(
    client: PageClient, session: Session, event: Event, sam: User
) -> None:
    off = make_event(session, moment=event.moments[0], title="Tea")
    off.status = EventStatus.CANCELLED
    make_held(session, off, 5)
    session.commit()

    page = client.page(trial(event))

    assert "people in them that are held17" in page.text
    assert "Let in, they change the number of people by: +12" in page.text
    assert "Tea Cancelled" in page.text
    assert "Soup for all Cancelled" not in page.text


def test_a_trial_counts_who_is_let_in_at_a_listing_that_was_merged_into_another(
    client: PageClient, session: Session, event: Event, sam: User
) -> None:
    merged = make_event(session, moment=event.moments[0], title="Tea")
    merged.status, merged.merged_into_id = EventStatus.HIDDEN, event.id
    make_held(session, merged, 5)
    session.commit()

    page = client.page(trial(event))

    assert "Let in, they change the number of people by: +17" in page.text
    assert "Hidden" not in page.text


@pytest.mark.parametrize(
    ("conditions", "pledges"),
    [
        ({"source": "{source}"}, 1),
        ({"source": "{network}"}, 1),
        ({"source": "ffffffffffff"}, 0),
        ({"event": "{event}"}, 3),
        ({"event": "https://example.org/events/{event}"}, 3),
        ({"event": "home"}, 0),
        ({"why": "address"}, 3),
        ({"why": "trap"}, 0),
        ({"via": "{via}"}, 1),
        ({"via": "nobody"}, 0),
        ({"until": "2020-01-02T10:00"}, 0),
        ({"since": "2020-01-02T10:00"}, 3),
    ],
)
def test_conditions_narrow_a_trial(
    client: PageClient, session: Session, event: Event, sam: User,
    conditions: dict[str, str], pledges: int,
) -> None:  # fmt: skip
    side = session.scalars(select(PledgeSide)).first()
    via = session.scalar(text("SELECT via FROM pledge_standing LIMIT 1"))
    assert side
    assert side.bucket
    assert side.wide_bucket
    known = {
        "source": name_of_source(side.bucket), "network": name_of_source(side.wide_bucket),
        "event": event.public_id, "via": via,
    }  # fmt: skip
    filled = {name: value.format(**known) for name, value in conditions.items()}

    page = client.page(trial(event, **filled))

    expected = f"pledges{pledges}" if pledges else "No pledge is like this"
    assert expected in page.text


@pytest.mark.parametrize(
    ("conditions", "sentence"),
    [
        ({"source": "10.0.0.1"}, "Enter a source as it stands in the list, such as 3f9a01c2."),
        ({"source": "3F"}, "Enter a source as it stands in the list, such as 3f9a01c2."),
        ({"event": "no-such"}, "There is no event at this address."),
        ({"area": "E99"}, "Choose one of the options."),
        ({"why": "dislike"}, "Choose one of the options."),
        ({"moment": "999999"}, "Choose one of the options."),
        ({"moment": "x"}, "Choose one of the options."),
        ({"what": "all"}, "Choose one of the options."),
        ({"via": "a b"}, "A code has small letters, digits and hyphens only."),
        ({"since": "yesterday"}, "Enter a day and a time, such as 5 June 2027, 14:30."),
        ({"until": "0001-01-01T00:00"}, "Enter a day and a time, such as 5 June 2027, 14:30."),
        ({"until": "9999-12-31T23:59"}, "Enter a day and a time, such as 5 June 2027, 14:30."),
        (
            {"what": "counted"},
            "Say which of them: by source, event, area, partner code or time.",
        ),
    ],
)
def test_odd_conditions_get_a_sentence(
    client: PageClient, event: Event, sam: User, conditions: dict[str, str], sentence: str
) -> None:
    page = client.page(trial(event, **conditions))

    assert page.status == 422
    assert any(sentence in each for each in page.errors)


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({"kind": "delete"}, "Choose one of the options."),
        ({"kind": "undo"}, "Choose one of the options."),
        ({"cause": ""}, "Choose what comes closest."),
        ({"kind": "", "cause": "", "reason": ""}, "Choose what is to happen."),
        ({"cause": "program"}, "This does not fit what you decide."),
        ({"kind": "invalidate"}, "This does not fit what you decide."),
        ({"reason": " "}, "Give a reason, for the colleague who looks next."),
        ({"reason": "x" * 1001}, "Shorten this to 1000 characters or fewer."),
    ],
)
def test_a_decision_needs_what_it_is_and_why(
    client: PageClient, session: Session, event: Event, sam: User,
    answers: dict[str, str], sentence: str,
) -> None:  # fmt: skip
    page = ask(client, event, **answers)

    assert page.status == 422
    assert any(sentence in each for each in page.errors)
    assert session.scalars(select(PledgeDecision)).all() == []


@pytest.mark.parametrize("number", ["2", "٣", "9" * 20])
def test_a_page_past_the_last_decision_leads_back_to_it(
    client: PageClient, session: Session, event: Event, sam: User, number: str
) -> None:
    make_decision(session, event.moments[0])
    session.commit()

    page = client.page(f"/staff/held/decisions?page={number}")

    assert "Nothing has been decided yet" not in page.text
    assert " of 1" not in page.text
    assert "/staff/held/decisions?page=1" in page.links


@pytest.mark.parametrize("held", ["0", "11", "", "-1", "x", "9" * 30])
def test_more_than_the_page_showed_is_looked_at_again(
    client: PageClient, session: Session, event: Event, sam: User, held: str
) -> None:
    page = ask(client, event, held=held)

    assert page.status == 422
    assert "There are more of them by now." in page.text
    assert session.scalars(select(PledgeDecision)).all() == []


def test_one_asks_another_confirms_and_the_pledges_count(
    client: PageClient, session: Session, event: Event, sam: User, sign_in: SignIn
) -> None:
    answer = ask(client, event)
    assert answer.status == 303
    decision = only(session)
    assert (decision.state, decision.seen_heads, decision.limit_heads) == ("waiting", 12, 0)
    assert "nobody confirms their own" in client.page(answer.location).text
    own = send(client, f"{answer.location}/confirm", {"heads": "12"})
    assert own.status == 303
    assert "Nobody confirms what they asked for themselves." in client.page(own.location).text

    sign_in(make_user(session, staff=True, email="alex@example.org"))
    page = client.page(f"{answer.location}/confirm")
    assert "It touches 12 people" in page.text
    assert "in the number that the public reads" in page.text
    assert "The head teacher called." in page.text
    assert client.send(f"{answer.location}/confirm", {"heads": page.value("heads")}).status == 303
    assert only(session).state == "running"
    assert "0 of 0 pledges" in client.page(answer.location).text
    while carry_out(session, decision.id, now=NOW):
        pass
    session.commit()

    page = client.page(answer.location)
    for said in ("Carried out", "sam@example.org", "alex@example.org", "Saw 12 people"):
        assert said in page.text
    assert only(session).done_change == 12


def test_two_confirm_one_after_the_other_and_it_is_confirmed_once(
    client: PageClient, session: Session, event: Event, sam: User
) -> None:
    decision = make_decision(session, event.moments[0], state=DecisionState.RUNNING)
    session.commit()

    answer = send(client, f"/staff/held/decisions/{decision.id}/confirm", {"heads": "9999"})

    assert "Somebody was faster." in client.page(answer.location).text
    assert only(session).confirmed_at is None


@pytest.mark.parametrize(
    ("state", "deed", "becomes"),
    [
        ("waiting", "withdraw", "withdrawn"),
        ("running", "stop", "stopped"),
        ("running", "withdraw", "running"),
        ("waiting", "stop", "waiting"),
        ("done", "stop", "done"),
    ],
)
def test_what_waits_is_withdrawn_and_what_runs_is_stopped(
    client: PageClient, session: Session, event: Event, sam: User,
    state: str, deed: str, becomes: str,
) -> None:  # fmt: skip
    decision = make_decision(session, event.moments[0], state=DecisionState(state))
    session.commit()

    send(client, f"/staff/held/decisions/{decision.id}/{deed}")

    assert only(session).state == becomes
    assert (only(session).ended_by_id == sam.id) is (state != becomes)


def test_undoing_asks_why_and_is_a_decision_of_its_own(
    client: PageClient, session: Session, event: Event, sam: User, sign_in: SignIn
) -> None:
    ask(client, event)
    number = only(session).id
    sign_in(make_user(session, staff=True))
    client.send(f"/staff/held/decisions/{number}/confirm", {"heads": "12"})
    while carry_out(session, number, now=NOW):
        pass
    session.commit()
    path = f"/staff/held/decisions/{number}/undo"

    page = client.page(path)
    assert "They are held again" in page.text
    assert client.send(path, {"heads": "12"}).status == 422
    why = {"cause": "mistake", "reason": "It was no school.", "heads": page.value("heads")}
    answer = client.send(path, why)

    undoing = only(session)
    assert answer.location.endswith(f"/staff/held/decisions/{undoing.id}")
    assert (undoing.kind, undoing.undoes_id, undoing.cause) == (
        DecisionKind.UNDO, number, Cause.MISTAKE,
    )  # fmt: skip
    assert "It cannot be undone now" in client.page(client.send(path, why).location).text


def test_the_public_reads_when_how_many_and_why_and_nobodys_name(
    client: PageClient, session: Session, event: Event, sam: User
) -> None:
    how = {"state": DecisionState.DONE, "by": sam, "ended_at": NOW}
    make_decision(session, event.moments[0], **how, done_change=-480, cause=Cause.PROGRAM)
    make_decision(session, event.moments[0], **how, done_change=0, reason="nothing of it is told")
    session.commit()

    page = client.page("/counting")

    assert "−480A program sent them" in page.text
    assert page.text.count("A program sent them") == 1
    for secret in ("sam@example.org", "head teacher", "nothing of it is told"):
        assert secret not in page.html


def test_the_public_and_staff_read_the_same_reasons(
    client: PageClient, session: Session, event: Event, sam: User
) -> None:
    offered = client.page(trial(event)).text
    for cause in Cause:
        make_decision(session, event.moments[0], cause=cause, done_change=1)
    session.commit()
    told = client.page("/counting")
    cells = [" ".join("".join(each.itertext()).split()) for each in told.all("td")]

    assert len({each for each in cells if each in offered and len(each) > 12}) >= len(Cause)


def test_staff_who_have_not_given_a_second_factor_are_asked_for_it(
    client: PageClient, session: Session, event: Event
) -> None:
    user = make_user(session, staff=True)
    browser = sign_in_browser(session, user, device="Firefox", now=utc_now(), proved=False)
    session.commit()
    with client.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = user.fs_uniquifier, True
        cookie["signed_in"] = str(browser.id)
    decision = make_decision(session, event.moments[0])
    session.commit()

    for path in ("/staff/held", trial(event), "/staff/held/decisions"):
        assert client.page(path).status == 302
    answer = send(client, f"/staff/held/decisions/{decision.id}/confirm", {"heads": "999"})
    assert (answer.status, only(session).state) == (302, "waiting")
