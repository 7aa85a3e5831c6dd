"""Whatever address or body somebody sends, they get one of our pages and never a traceback."""

import pytest
from sqlalchemy.orm import Session

from tests.checked_pages import PageClient
from tests.factories.moments import make_moment
from webapp.moments.models import Moment

NOT_THERE = [
    "/nothing",
    "/events/%00",
    "/events/' OR 1=1 --",
    "/events/" + "x" * 3000,
    "/groups/%F0%9F%8E%89",
    "/moments/{{7*7}}",
    "/moments/neighbours-day%20",
    "/pledges/" + "x" * 3000,
    "/%",
    "/%zz",
    "/%ff%fe",
    "/%07%1b",
    "/%E2%80%AE",
    "/nothing/%EF%BF%BE",
    "/nothing?x=%22%3E%3Cscript%3Ealert(1)%3C/script%3E",
    "/..%2f..%2fetc/passwd",
    "/../../etc/passwd",
    "/cy/cy/",
    "/cy/cy/about",
    "/CY/about",
    "/api/v1/nothing",
    "/api/v1/pledges/nonce?event=" + "x" * 3000,
    "/static/../setup.cfg",
    "/static/test/../../setup.cfg",
    "/static/test/%2e%2e/%2e%2e/setup.cfg",
    "/static/test/" + "x" * 3000,
    "/static/earlier/" + "x" * 3000,
    "/static/earlier/../../../../../../etc/passwd",
    "/static/earlier/css",
]
ODD = [
    "/cy//",
    "/about?x=%FF%FE%zz",
    '/about?"><b>=1',
    "/?" + "x=1&" * 2000,
    "/events?page=9999999999999999999999",
    "/events?page=-1&page=%07",
    "/events?place=99999999999999999999",
    "/events?place=%D9%A3",
    "/events?lat=1e400&lon=0",
    "/events?lat=53.6&lon=" + "9" * 5000,
    "/events?postcode=%07%EF%BF%BE",
    "/events?moment=%00",
    "/events?%00=1",
    "/moments/neighbours-day/pledge?party=%EF%BF%BE",
    "/moments/neighbours-day/pledge?party=" + "9" * 400,
    "/moments/neighbours-day/pledge?party=" + "9" * 5000,
    "/api/v1/events.geojson?moment=neighbours-day&bbox=" + ",".join(["9" * 400] * 4),
    "/api/v1/events.geojson?moment=neighbours-day&bbox=nan,nan,nan,nan",
    "/api/v1/events.geojson?moment=neighbours-day&bbox=,,,",
    "/api/v1/places.json?most=-1",
    "/api/v1/places.json?most=99999999999999999999",
    "/account/sign-in?next=" + "/x" * 3000,
    "/account/sign-in?next=//evil.example",
    "/account/sign-in?next=/%EF%BF%BE",
]
BODIES = [
    (b"q=%ff%fe", "application/x-www-form-urlencoded"),
    (b"&&==;;" * 50, "application/x-www-form-urlencoded"),
    (b"q", "application/x-www-form-urlencoded; charset=nothing"),
    (b"garbage", "multipart/form-data"),
    (
        b"--x\r\nContent-Disposition: form-data; name=q\r\n\r\nabc",
        "multipart/form-data; boundary=x",
    ),
    (b"{", "application/json"),
    (b"<a/>", "text/xml"),
    (b"\0\0", ""),
]
METHODS = [
    ("POST", "/"),
    ("PUT", "/events"),
    ("DELETE", "/about"),
    ("PATCH", "/account"),
    ("TRACE", "/about"),
    ("BREW", "/about"),
]
HEADERS = [
    {"Cookie": "session=garbage"},
    {"Cookie": "session=; session=" + "x" * 4000},
    {"Accept-Language": "xx;q=nan, \xff" + "y" * 2000},
    {"Range": "bytes=5-1,a-b"},
    {"If-None-Match": '"x", W/"', "If-Modified-Since": "yesterday"},
    {"Accept": "x" * 3000},
    {"X-Forwarded-Host": "evil.example", "X-Forwarded-Prefix": "/evil"},
    {"X-HTTP-Method-Override": "DELETE"},
    {"Referer": "\xff\xfe", "User-Agent": ""},
]


@pytest.fixture
def moment(session: Session) -> Moment:
    moment = make_moment(session, slug="neighbours-day")
    session.commit()
    return moment


def test_no_address_makes_the_site_fail(client: PageClient, moment: Moment) -> None:
    for path in ODD + NOT_THERE:
        for language in ("", "/cy"):
            answer = client.page(language + path)
            assert answer.status in {200, 302, 308, 400, 404}, (language, path)
            assert "evil.example" not in answer.headers.get("Location", "")


# Of a public view, so that it takes the place of what was there; of all else never.
KEPT = {"no-store", "public, max-age=0, s-maxage=15", "public, max-age=5"}


@pytest.mark.parametrize("language", ["", "/cy"])
def test_what_is_not_there_is_our_404_and_kept_for_a_moment_at_most(
    client: PageClient, moment: Moment, language: str
) -> None:
    for path in NOT_THERE:
        answer = client.page(language + path)
        assert answer.status == 404, path
        if not path.startswith("/api/"):
            assert answer.with_id("q") is not None
            welsh = (language + path).startswith("/cy/")
            assert ("/cy/events" if welsh else "/events") in answer.links
        # Flask’s own 404 of a static file says nothing of caches, which keep it then for no time.
        assert answer.headers.get("Cache-Control", "no-store") in KEPT, path


def test_several_slashes_lead_to_no_other_site(client: PageClient) -> None:
    for path in (
        "//evil.example/",
        "///evil.example/about",
        "/cy//evil.example/",
        "/\\evil.example",
    ):
        answer = client.get("/", environ_overrides={"PATH_INFO": path})
        assert answer.status_code in {308, 404}, path
        assert not answer.headers.get("Location", "").startswith(("//", "http://evil"))
        assert b'href="//' not in answer.data


@pytest.mark.parametrize("language", ["", "/cy"])
@pytest.mark.parametrize(("method", "path"), METHODS)
def test_a_method_that_is_not_meant_is_our_405(
    client: PageClient, language: str, method: str, path: str
) -> None:
    answer = client.page(language + path, method=method)

    assert answer.status == 405
    assert f"{language}/" in answer.links


@pytest.mark.parametrize("path", ["/", "/events/find", "/account/sign-in", "/api/v1/nothing"])
def test_odd_bodies_are_no_crash(client: PageClient, moment: Moment, path: str) -> None:
    for body, kind in BODIES:
        answer = client.post(path, data=body, content_type=kind)
        assert answer.status_code < 500, (path, body)


@pytest.mark.parametrize("path", ["/", "/events", "/account", "/nothing"])
def test_odd_headers_are_no_crash(client: PageClient, moment: Moment, path: str) -> None:
    usual = client.page(path)
    for headers in HEADERS:
        answer = client.page(path, headers=headers)
        assert answer.status == usual.status, headers
        assert "evil" not in answer.html + answer.headers.get("Location", "")


@pytest.mark.parametrize("language", ["", "/cy"])
@pytest.mark.parametrize(
    "path", ["/events/find", "/moments/neighbours-day/pledge", "/account/sign-in"]
)
def test_a_body_that_is_too_large_is_refused_with_a_page(
    client: PageClient, moment: Moment, language: str, path: str
) -> None:
    answer = client.send(language + path, {"q": "x" * 300_000}, csrf=False)

    assert answer.status == 413
    assert f"{language}/" in answer.links


def test_a_form_with_too_many_parts_is_refused(client: PageClient) -> None:
    parts = {f"field{number}": "x" for number in range(2000)}

    answer = client.post("/events/find", data=parts, content_type="multipart/form-data")

    assert answer.status_code in {400, 413}


def test_a_form_without_its_token_is_refused(client: PageClient) -> None:
    page = client.send("/account/sign-in", {"email": "a@example.org"}, csrf=False)

    assert page.status == 400
    assert "open too long" in page.h1
