"""An event is given another moment, a further one, or fewer, on the page where its host changes it."""

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.checked_pages import Page, PageClient
from tests.factories.events import make_event
from tests.factories.groups import make_group
from tests.factories.moments import make_moment
from tests.organising.typing_in import typed_on
from webapp.accounts.models import User
from webapp.events.models import Event
from webapp.moments.models import Moment


@pytest.fixture
def event(session: Session, sign_in: Callable[..., User]) -> Event:
    """An event of one moment; there is another to come, one that is over, and one that is made up."""
    moment = make_moment(session, slug="neighbours-day")
    make_moment(session, slug="thankyou-day", name_en="Thankyou Day")
    past = {"starts_on": "2026-06-05", "ends_on": "2026-06-05"}
    make_moment(session, slug="last-year", name_en="Last year", **past)
    make_moment(session, slug="made-up", name_en="Made up", is_demonstration=True)
    event = make_event(session, group=make_group(session, by=sign_in()), moment=moment)
    session.commit()
    return event


def save(client: PageClient, event: Event, **changes: object) -> Page:
    address = f"/events/{event.public_id}/edit"
    return client.send(address, typed_on(client.page(address)) | changes)


def slugs(session: Session, event: Event) -> list[str]:
    session.expire(event)
    return [moment.slug for moment in event.moments]


@pytest.mark.parametrize(
    "chosen", [["neighbours-day", "thankyou-day"], ["thankyou-day"], ["neighbours-day"]]
)
def test_an_event_counts_towards_the_days_that_its_host_chooses(
    client: PageClient, session: Session, event: Event, chosen: list[str]
) -> None:
    answer = save(client, event, moments=chosen)

    assert answer.status == 303, answer.errors
    assert slugs(session, event) == chosen
    history = client.page(f"/events/{event.public_id}/history").text
    assert ("Which days it is for" in history) is (chosen != ["neighbours-day"])


@pytest.mark.parametrize(
    ("chosen", "sentence"),
    [
        ([], "Choose at least one day."),
        (["last-year"], "Choose one of the options."),
        (["made-up"], "Choose one of the options."),
        (["٣"], "Choose one of the options."),
    ],
)
def test_what_cannot_be_chosen_gets_a_sentence_and_changes_nothing(
    client: PageClient, session: Session, event: Event, chosen: list[str], sentence: str
) -> None:
    page = save(client, event, moments=chosen)

    assert page.status == 422
    assert any(sentence in each for each in page.errors)
    assert slugs(session, event) == ["neighbours-day"]


def test_where_there_is_one_day_nobody_is_asked(
    client: PageClient, session: Session, event: Event
) -> None:
    session.delete(session.scalars(select(Moment).where(Moment.slug == "thankyou-day")).one())
    session.commit()
    page = client.page(f"/events/{event.public_id}/edit")
    assert "Which days is it for?" not in page.text

    assert save(client, event, title="Tea for all").status == 303
    assert slugs(session, event) == ["neighbours-day"]


def test_two_who_choose_days_at_once_are_shown_what_the_other_chose(
    client: PageClient, session: Session, event: Event
) -> None:
    address = f"/events/{event.public_id}/edit"
    mine = typed_on(client.page(address))
    assert save(client, event, moments=["neighbours-day", "thankyou-day"]).status == 303

    page = client.send(address, mine | {"moments": ["thankyou-day"]})

    assert page.status == 409
    assert "Neighbours’ Day, Thankyou Day" in page.text
