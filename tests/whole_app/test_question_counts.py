"""Every page asks the database as many questions for many rows as for one."""

import os
from collections import Counter
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.checked_pages import PageClient
from tests.factories.accounts import make_user
from tests.factories.places import make_place
from tests.whole_app.more_rows import add_a_row_to_every_list
from tests.whole_app.undone import undone
from tests.whole_app.walks import WALKERS, paths_of, walker
from tests.whole_app.world import World
from webapp.accounts.models import User

SIZES = (2, 20, 200) if os.environ.get("SOAK") else (2, 20)
# Beside those of all routes: the same pages, asked otherwise.
MORE = {
    "nobody": (
        "/cy/",
        "/events?lat=53.62&lon=-2.16",
        "/events?place={place}",
        "/events?postcode=OL11",
    ),
    "owner": ("/events/{event}/co-hosts?q=host",),
    "coordinator": ("/networks/{network}?unlisted=1",),
    "staff": (
        "/staff/held?moment={moment}",
        "/staff/held/decide?moment={moment_id}&what=counted&event={event}",
    ),
}


def paths(app: Flask, world: World, who: str) -> list[str]:
    """Return the addresses of the pages that are somebody’s to walk; posters in PDF list nothing."""
    known = {
        "place": make_place(world.session).geonames_id,
        "event": world.event.public_id,
        "network": world.scouts.slug,
        "moment": world.moment.slug,
        "moment_id": world.moment.id,
    }
    own = [path for path in paths_of(app, world, who) if not path.endswith(".pdf")]
    return own + [path.format(**known) for path in MORE[who]]


@pytest.mark.parametrize("who", WALKERS)
def test_the_number_of_questions_does_not_grow(
    app: Flask,
    client: PageClient,
    session: Session,
    sign_in: Callable[..., User],
    questions: list[str],
    who: str,
) -> None:
    world = World(app, session, make_user(session))
    walked = paths(app, world, who)
    session.commit()
    if user := walker(session, world, who):
        sign_in(user)
    asked: dict[int, dict[str, list[str]]] = {}
    made = 0
    for size in SIZES:
        for number in range(made, size):
            add_a_row_to_every_list(world, number)
        made = size
        session.commit()
        asked[size] = {path: asked_by(client, session, questions, path) for path in walked}

    smallest = {path: len(texts) for path, texts in asked[SIZES[0]].items()}
    for size in SIZES[1:]:
        grown = {
            path: [(smallest[path], len(texts)), *repeated(texts)]
            for path, texts in asked[size].items()
            if len(texts) > smallest[path]
        }
        assert not grown, (size, grown)


def asked_by(client: PageClient, session: Session, questions: list[str], path: str) -> list[str]:
    """Return the questions that a page asks."""
    session.expire_all()
    cookies = dict(client._cookies or {})
    # What a page begins, such as a draft, the next round must not find there.
    with undone(session.connection()):
        questions.clear()
        assert client.get(path).status_code < 500, path
        asked = list(questions)
    client._cookies = cookies
    return asked


def repeated(texts: list[str]) -> list[tuple[str, int]]:
    """Return the questions that were asked more than once, with how often."""
    return [(text, times) for text, times in Counter(texts).items() if times > 1]
