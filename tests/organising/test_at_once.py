"""Two who save one event in the same instant; with real commits, from two threads."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from tests.checked_pages import Page, PageClient
from tests.conftest import NOW
from tests.factories.events import make_event
from tests.factories.groups import make_member
from tests.organising.typing_in import typed_on
from webapp.accounts.models import User
from webapp.accounts.sessions import sign_in_browser
from webapp.events import life
from webapp.events.history import EventChange
from webapp.events.life import LifeError
from webapp.events.models import Event


@pytest.fixture
def public_id(real_engine: Engine) -> str:
    with Session(real_engine) as session:
        event = make_event(session)
        make_member(session, event.group)
        session.commit()
        return event.public_id


def browsers(app: Flask, real_engine: Engine) -> list[PageClient]:
    """The browsers of both who belong to the group."""
    made = []
    with Session(real_engine) as session:
        for user in session.scalars(select(User).order_by(User.id)).unique():
            signed_in = sign_in_browser(session, user, device="Firefox, Linux", now=NOW)
            browser = app.test_client()
            assert isinstance(browser, PageClient)
            with browser.session_transaction() as cookie:
                cookie["_user_id"], cookie["_fresh"] = user.fs_uniquifier, True
                cookie["signed_in"] = str(signed_in.id)
            made.append(browser)
        session.commit()
    return made


def test_of_two_who_save_at_once_the_second_is_shown_what_the_first_saved(
    app: Flask, real_engine: Engine, public_id: str
) -> None:
    address = f"/events/{public_id}/edit"
    both = browsers(app, real_engine)
    for turn in range(5):
        titles = [f"Soup {turn} of one", f"Soup {turn} of the other"]

        answers = save_at_once(both, address, titles)

        assert sorted(answer.status for answer in answers) == [303, 409]
        first = [answer.status for answer in answers].index(303)
        assert all(title in answers[1 - first].text for title in titles)
        with Session(real_engine) as session:
            assert session.scalars(select(Event.title)).one() == titles[first]


def save_at_once(both: list[PageClient], address: str, titles: list[str]) -> list[Page]:
    """Open the form in two browsers, type a title in each, and send both at the same instant."""
    barrier = Barrier(2)
    pages = [browser.page(address) for browser in both]

    def save(browser: PageClient, page: Page, title: str) -> Page:
        token = page.value("csrf_token")
        barrier.wait(5)
        data = typed_on(page) | {"title": title, "csrf_token": token}
        return browser.send(address, data, csrf=False)

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(save, both, pages, titles))


def test_of_two_who_cancel_at_once_one_is_told_that_it_is_done(
    app: Flask, real_engine: Engine, public_id: str
) -> None:
    barrier = Barrier(2)

    def cancel(_number: int) -> bool:
        with Session(real_engine) as session:
            event = session.scalars(select(Event)).one()
            barrier.wait(5)
            try:
                life.cancel(session, event, None, NOW, "It rains.")
            except LifeError:
                return False
            session.commit()
            return True

    with app.app_context(), ThreadPoolExecutor(2) as pool:
        done = list(pool.map(cancel, range(2)))

    assert sorted(done) == [False, True]
    with Session(real_engine) as session:
        assert session.scalars(select(Event.version)).one() == 2
        assert len(session.scalars(select(EventChange)).all()) == 1


def test_a_pledge_can_refer_to_an_event_that_is_being_changed(
    real_engine: Engine, public_id: str
) -> None:
    with Session(real_engine) as changing, Session(real_engine) as referring:
        event = changing.scalars(select(Event)).one()
        life.lock_event(changing, event)

        referring.execute(text("SET LOCAL lock_timeout = '1s'"))
        referring.execute(text("SELECT 1 FROM event FOR KEY SHARE"))
