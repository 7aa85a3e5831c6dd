"""Whatever address or body somebody sends, they get one of our pages and never a traceback."""

import pytest

from tests.checked_pages import PageClient

ODD = [
    "/nothing",
    "/events/%00",
    "/events/' OR 1=1 --",
    "/groups/%F0%9F%8E%89",
    "/%ff%fe",
    "/../../etc/passwd",
    "/cy/cy/",
    "/cy//",
    "/events/" + "x" * 3000,
    "/moments/{{7*7}}",
    "/api/v1/nothing",
    "/static/../setup.cfg",
    "/static/test/../../setup.cfg",
    "/events?page=9999999999999999999999",
    "/events?place=99999999999999999999",
    "/events?lat=1e400&lon=0",
    "/events?moment=%00",
    "/api/v1/events.geojson?moment=neighbours&bbox=" + ",".join(["9" * 400] * 4),
    "/places.json?most=-1",
    "/api/v1/places.json?most=99999999999999999999",
]


@pytest.mark.parametrize("path", ODD)
@pytest.mark.parametrize("language", ["", "/cy"])
def test_an_odd_address_gets_a_page_of_ours(client: PageClient, language: str, path: str) -> None:
    answer = client.page(language + path)

    assert answer.status in {200, 308, 400, 404}
    assert "Traceback" not in answer.html


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("post", "/", 405), ("put", "/events", 405), ("delete", "/about", 405)],
)
def test_a_method_that_is_not_meant(
    client: PageClient, method: str, path: str, status: int
) -> None:
    answer = client.open(path, method=method.upper())

    # The missing token of a post is found first.
    assert answer.status_code in {status, 400}


def test_a_body_that_is_too_large_is_refused(client: PageClient) -> None:
    answer = client.send("/events/find", {"q": "x" * 300_000}, csrf=False)

    assert answer.status == 413


def test_a_form_with_too_many_parts_is_refused(client: PageClient) -> None:
    parts = {f"field{number}": "x" for number in range(2000)}

    answer = client.post("/events/find", data=parts, content_type="multipart/form-data")

    assert answer.status_code in {400, 413}


def test_a_form_without_its_token_is_refused(client: PageClient) -> None:
    page = client.send("/account/sign-in", {"email": "a@example.org"}, csrf=False)

    assert page.status == 400
    assert "open too long" in page.h1


def test_the_headers_of_every_answer(client: PageClient) -> None:
    for path in ("/about", "/nothing", "/account/sign-in", "/api/v1/places.json"):
        headers = client.page(path).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert "nonce" not in policy
