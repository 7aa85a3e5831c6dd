"""Odd texts in every field that staff, hosts and neighbours fill in here."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from tests.checked_pages import PageClient
from tests.conftest import NOW
from tests.factories.accounts import make_user
from tests.factories.events import make_event
from tests.factories.questions import make_question
from tests.whole_app.test_odd_texts import TEXTS
from webapp.accounts.models import User
from webapp.events.models import EventStatus

SignIn = Callable[..., User]

ANSWERS: dict[str, dict[str, str]] = {
    "/events/{event}/ask": {"question": "When?", "email": "a@example.org", "name": "", "nonce": ""},
    "/events/{event}/report": {"kind": "other", "text": "It is not there.", "nonce": ""},
    "/questions/{question}": {"answer": "At two."},
    "/staff/review/{waiting}": {
        "decision": "return",
        "reason": "No.",
        "version": "1",
        "concern": "0",
    },
    "/staff/groups/{group}": {"standing": "trusted", "reason": "Met them."},
}
FIELDS = [(path, name) for path, answers in ANSWERS.items() for name in answers]


@pytest.fixture
def forms(session: Session, sign_in: SignIn) -> Callable[[], dict[str, str]]:
    """Make what the addresses of the forms are made of, as often as wanted; staff are signed in."""
    sign_in(make_user(session, staff=True))

    def make() -> dict[str, str]:
        event, waiting = make_event(session), make_event(session)
        waiting.status, waiting.submitted_at = EventStatus.IN_REVIEW, NOW
        question = make_question(session, event, NOW)
        session.commit()
        return {
            "event": event.public_id,
            "waiting": waiting.public_id,
            "question": str(question.id),
            "group": event.group.slug,
        }

    return make


@pytest.mark.parametrize(("path", "name"), FIELDS)
def test_an_odd_text_is_refused_with_a_sentence_or_taken_as_text(
    client: PageClient, forms: Callable[[], dict[str, str]], path: str, name: str
) -> None:
    address = path.format(**forms())
    for number, typed in enumerate(TEXTS.values()):
        where = {"REMOTE_ADDR": f"192.0.2.{number}"}
        page = client.send(address, ANSWERS[path] | {name: typed}, environ_base=where)

        if page.status == 303:
            page = client.page(page.location)
            assert page.status == 200
            address = path.format(**forms())
        else:
            assert page.status == 422, (name, typed)
            assert page.errors or "There is a problem" in page.text
        assert "<script>alert" not in page.html


@pytest.mark.parametrize(("path", "name"), FIELDS)
def test_a_field_that_is_missing_is_no_crash(
    client: PageClient, forms: Callable[[], dict[str, str]], path: str, name: str
) -> None:
    address = path.format(**forms())
    answers = {each: value for each, value in ANSWERS[path].items() if each != name}

    assert client.send(address, answers).status in {303, 422}
