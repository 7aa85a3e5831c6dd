"""The headers that every answer bears, whatever it is an answer to."""

import pytest

from tests.checked_pages import PageClient
from webapp.app import create_app
from webapp.config import Settings

PATHS = [
    "/about",
    "/cy/about",
    "/nothing",
    "/cy/nothing",
    "/account",
    "/account/sign-in",
    "/api/v1/places.json",
    "/api/v1/nothing",
    "/healthz",
    "/static/test/css/base.css",
    "/static/test/nothing.css",
]


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_is_guarded(client: PageClient, path: str) -> None:
    headers = client.get(path).headers

    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert policy_of(headers["Content-Security-Policy"]) == {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "frame-src": ["'none'"],
        "base-uri": ["'none'"],
        "object-src": ["'none'"],
    }


def test_a_tile_server_may_send_images_and_nothing_else(settings: Settings) -> None:
    tiles = {"tile_url": "https://{s}.tiles.example/{z}/{x}/{y}.png"}
    usual = policy_at(settings, "/about")

    policy = policy_at(settings.model_copy(update=tiles), "/about")

    assert policy.pop("img-src") == [*usual.pop("img-src"), "https://*.tiles.example"]
    assert policy == usual


@pytest.mark.parametrize("path", ["/about", "/nothing", "/account"])
def test_a_site_with_tls_asks_for_it_and_guards_its_cookie(settings: Settings, path: str) -> None:
    secure = {"site_url": "https://moments.example", "trusted_hosts": "www.moments.example"}
    client = create_app(settings.model_copy(update=secure)).test_client()

    for host in ("moments.example", "www.moments.example"):
        answer = client.get(path, base_url=f"https://{host}")
        assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
    cookie = client.get("/account/sign-in", base_url="https://moments.example").headers[
        "Set-Cookie"
    ]
    assert {"Secure", "HttpOnly", "SameSite=Lax"} <= set(cookie.split("; "))


def test_a_site_without_tls_does_not_ask_for_it(client: PageClient) -> None:
    assert "Strict-Transport-Security" not in client.get("/about").headers


@pytest.mark.parametrize("hops", [0, 1])
def test_only_a_proxy_of_ours_says_under_which_name_it_was_asked(
    settings: Settings, hops: int
) -> None:
    behind = settings.model_copy(update={"trusted_proxies": hops})
    answer = (
        create_app(behind)
        .test_client()
        .get("/about", headers={"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"})
    )

    assert answer.status_code == (400 if hops else 200)
    assert "evil.example" not in answer.text


def policy_at(settings: Settings, path: str) -> dict[str, list[str]]:
    answer = create_app(settings).test_client().get(path)
    return policy_of(answer.headers["Content-Security-Policy"])


def policy_of(text: str) -> dict[str, list[str]]:
    parts = [part.split() for part in text.split("; ")]
    return {name: sources for name, *sources in parts}
