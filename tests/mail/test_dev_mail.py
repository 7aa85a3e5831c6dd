"""The page that shows a developer the mail that was not sent."""

from pathlib import Path

import pytest
from flask import Flask

from tests.checked_pages import PageClient
from tests.mail.test_wording import outgoing
from webapp.app import create_app
from webapp.config import Environment, MailBackend, Settings
from webapp.mail import deliver, worded


@pytest.fixture
def developer(settings: Settings, tmp_path: Path) -> Flask:
    """A developer’s site with two messages."""
    app = create_app(
        settings.model_copy(
            update={
                "environment": Environment.DEVELOPMENT,
                "mail_backend": MailBackend.FOLDER,
                "local_folder": tmp_path,
            }
        )
    )
    app.test_client_class = PageClient
    with app.app_context():
        for code in ("111111", "222222"):
            deliver(worded(outgoing(code=code)), app.config["SETTINGS"])
    return app


def test_it_shows_the_newest_first(developer: Flask) -> None:
    page = developer.test_client().page("/dev/mail")
    assert page.h1 == "Mail on this machine"
    assert page.text.index("222222") < page.text.index("111111")
    assert page.headers["Cache-Control"] == "no-store"


def test_html_is_shown_by_itself_where_it_can_do_nothing(developer: Flask) -> None:
    client = developer.test_client()
    link = next(link for link in client.page("/dev/mail").links if link.startswith("/dev/mail/"))
    answer = client.get(link)
    assert "222222" in answer.text
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert policy.endswith("sandbox")
    assert "unsafe" not in policy


@pytest.mark.parametrize("name", ["nothing", "../secret_key", "..%2Fsecret_key", ".", "%00"])
def test_only_mail_can_be_opened(developer: Flask, tmp_path: Path, name: str) -> None:
    (tmp_path / "secret_key").write_text("secret")
    assert developer.test_client().get(f"/dev/mail/{name}").status_code in {404, 308}


def test_without_mail_it_says_what_to_do(developer: Flask, tmp_path: Path) -> None:
    for file in (tmp_path / "mail").glob("*.eml"):
        file.unlink()
    assert "No mail yet" in developer.test_client().page("/dev/mail").text


@pytest.mark.parametrize("path", ["/dev/mail", "/dev/mail/anything"])
def test_elsewhere_the_page_does_not_exist(client: PageClient, path: str) -> None:
    assert client.page(path).status == 404
