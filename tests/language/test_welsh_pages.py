"""Every page speaks Welsh under /cy, and the switch stays on the page."""

import pytest
from sqlalchemy.orm import Session

from tests.checked_pages import PageClient
from tests.factories.events import make_event
from tests.factories.moments import make_moment
from webapp.catalogs import catalog_path, read_catalog

PATHS = [
    "/",
    "/events",
    "/events?page=1",
    "/events/{event}",
    "/events/{event}/pledge",
    "/groups/{group}",
    "/moments/neighbours-day",
    "/moments/neighbours-day/pledge",
    "/about",
    "/help/how-we-count",
    "/accessibility",
    "/privacy",
    "/account/sign-in",
    "/nothing-here",
]
# Longer than a name or a loan word could be; the same in both languages would be a miss.
LONG_ENOUGH = 25


@pytest.fixture
def paths(session: Session) -> list[str]:
    event = make_event(session, moment=make_moment(session, slug="neighbours-day"))
    session.commit()
    return [path.format(event=event.public_id, group=event.group.slug) for path in PATHS]


def test_no_english_sentence_stands_on_a_welsh_page(client: PageClient, paths: list[str]) -> None:
    sentences = [
        str(message.id)
        for message in read_catalog(catalog_path())
        if isinstance(message.id, str) and len(message.id) > LONG_ENOUGH and "%(" not in message.id
    ]
    for path in paths:
        page = client.page(f"/cy{path}")
        assert page.tree.get("lang") == "cy"
        assert not [each for each in sentences if each in page.text], path


def test_the_switch_leads_to_the_same_page(client: PageClient, paths: list[str]) -> None:
    for path in paths[:-1]:
        assert f"/cy{path}" in client.page(path).links
        assert path in client.page(f"/cy{path}").links


def test_each_page_names_its_other_language_to_search_engines(
    client: PageClient, paths: list[str]
) -> None:
    page = client.page(paths[2])

    found = {
        each.get("hreflang"): each.get("href")
        for each in page.all("link")
        if each.get("rel") == "alternate"
    }
    assert found == {
        "en-GB": f"http://localhost{paths[2]}",
        "cy": f"http://localhost/cy{paths[2]}",
    }


def test_a_welsh_page_keeps_to_welsh_addresses(client: PageClient, paths: list[str]) -> None:
    for path in paths:
        page = client.page(f"/cy{path}")
        own = [link for link in page.links if link.startswith("/") and link != path]
        assert all(link.startswith("/cy/") for link in own), (path, own)


def test_cy_alone_is_the_welsh_home_page(client: PageClient) -> None:
    for path, home in (("/cy", "/cy/"), ("/cy?via=shop", "/cy/?via=shop")):
        answer = client.page(path)
        assert answer.status == 308
        assert answer.location == home
