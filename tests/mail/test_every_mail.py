"""Every mail that there is, in both languages: sent by a worker to a mail server, and read there."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage

import html5lib
import pytest
import time_machine
from flask import Flask
from jinja2 import meta
from sqlalchemy.orm import Session

from tests.checked_pages import PageClient
from tests.conftest import NOW
from tests.database import database
from tests.factories.accounts import make_user
from tests.mail.conftest import MailSink, running_sink
from tests.mail.mail_table import Readers, Row, rows
from tests.whole_app.world import World
from webapp.app import create_app
from webapp.database import utc_now
from webapp.extensions import db
from webapp.jobs import run_waiting_jobs
from webapp.language import Language
from webapp.outbox import post_mail
from webapp.staticfiles import package_folder

FOLDER = package_folder("templates") / "emails"
MAILS = sorted({path.stem for path in FOLDER.iterdir() if not path.name.startswith("_")})
# What `worded` gives to every mail; what a partial may be told besides; and what is imported.
GIVEN = {
    "_", "link", "signed", "site_origin", "operator_contact", "mail_language", "subject",
    "event_endpoint", "lines",
}  # fmt: skip
LANGUAGES = list(Language)


@dataclass(frozen=True)
class Sent:
    """One mail as a mail program reads it, and the row that it was sent for."""

    row: Row
    language: Language
    email: EmailMessage

    @property
    def text(self) -> str:
        """Its plain text."""
        return self._part("plain")

    @property
    def html(self) -> str:
        """Its HTML."""
        return self._part("html")

    @property
    def links(self) -> list[str]:
        """All links of its HTML."""
        return [link.replace("&amp;", "&") for link in re.findall(r'href="([^"]*)"', self.html)]

    def _part(self, kind: str) -> str:
        body = self.email.get_body((kind,))
        assert body is not None, (self.row, kind)
        content: str = body.get_content()
        return content


@dataclass(frozen=True)
class Post:
    """A site with one of everything, and all the mails that it has sent."""

    app: Flask
    mails: list[Sent]
    rows: list[Row]


def send_all(app: Flask, session: Session, sink: MailSink) -> tuple[list[Row], list[Sent]]:
    """Send every mail in every language by a worker; return what arrived."""
    table = rows(World(app, session, make_user(session)))
    awaited = {}
    for number, row in enumerate(table):
        for language in LANGUAGES:
            to = f"reader{number}.{language.value.lower()}@example.org"
            awaited[to] = (row, language)
            post_mail(
                session, row.template, to=to, language=language,
                send_before=utc_now() + timedelta(hours=1), **row.details,
            )  # fmt: skip
    session.commit()
    run_waiting_jobs(app)
    mine = [email for email in sink.messages if email["To"] in awaited]
    return table, [Sent(*awaited[email["To"]], email) for email in mine]


@pytest.fixture(scope="module")
def post() -> Iterator[Post]:
    """Send everything once; the tests read it."""
    name = f"moment_map_test_mails_{os.getpid()}"
    # Tokens that were signed after the moment in which a test reads them would not be ours.
    before = NOW - timedelta(minutes=5)
    with time_machine.travel(before), running_sink() as sink, database(name) as settings:
        app = create_app(settings.model_copy(update=sink.settings))
        app.test_client_class = PageClient
        with app.app_context():
            table, sent = send_all(app, db.session, sink)
            yield Post(app, sent, table)
            db.engine.dispose()


def test_every_mail_has_a_row_in_the_table(post: Post) -> None:
    assert sorted({row.template for row in post.rows}) == MAILS
    for name in MAILS:
        assert (FOLDER / f"{name}.txt").is_file()
        assert (FOLDER / f"{name}.html").is_file()


def test_each_row_tells_what_its_mail_reads_and_nothing_else(post: Post) -> None:
    for row in post.rows:
        assert set(row.details) == names_in(post.app, row.template), row.template


def names_in(app: Flask, template: str) -> set[str]:
    """Return what a mail’s two templates, and all that they include, have to be told."""
    found: set[str] = set()
    waiting = [f"emails/{template}.txt", f"emails/{template}.html"]
    for name in waiting:
        tree = app.jinja_env.parse((FOLDER.parent / name).read_text())
        found |= meta.find_undeclared_variables(tree)
        waiting += [each for each in meta.find_referenced_templates(tree) if each]
    return found - GIVEN


def test_each_arrives_once_with_a_subject_a_text_and_html(post: Post) -> None:
    assert len(post.mails) == len(post.rows) * len(LANGUAGES)
    assert len({each.email["Message-ID"] for each in post.mails}) == len(post.mails)
    for each in post.mails:
        subject = each.email["Subject"]
        assert subject.strip(), each.row
        assert subject == " ".join(subject.split()), each.row
        assert each.email["Content-Language"] == each.language.value
        assert each.email.get_content_type() == "multipart/alternative"
        assert len(each.text.split()) > 10, each.row
        assert subject in " ".join(each.html.split()).replace("&#39;", "'"), each.row
        for leftover in ("{{", "{%", "%(", "None", "\n\n\n\n"):
            assert leftover not in each.text, (each.row, leftover)


def test_those_that_come_by_themselves_have_a_button_to_stop_them(post: Post) -> None:
    for each in post.mails:
        stops = [link for link in each.links if link.endswith("/stop")]
        [header] = each.email.get_all("List-Unsubscribe", [None])
        assert unsigned([(header or "<>")[1:-1]]) == unsigned(stops or [""]), each.row
        assert each.email["List-Unsubscribe-Post"] == (
            (stops and "List-Unsubscribe=One-Click") or None
        )


def test_the_html_is_valid_says_its_language_and_loads_nothing(post: Post) -> None:
    for each in post.mails:
        parser = html5lib.HTMLParser(namespaceHTMLElements=False)
        tree = parser.parse(each.html)
        assert not parser.errors, (each.row, parser.errors)
        assert tree.get("lang") == each.language.value
        assert len(list(tree.iter("h1"))) == 1
        ids = [element.get("id") for element in tree.iter() if element.get("id")]
        assert len(ids) == len(set(ids))
        for word in ("src=", "url(", "<script", "<link", "@import", "<img", "style="):
            assert word not in each.html, (each.row, word)


def test_links_are_whole_in_the_readers_language_and_the_same_in_text(post: Post) -> None:
    for each in post.mails:
        start = "http://localhost" + each.language.prefix
        assert all(link.startswith(f"{start}/") for link in each.links), (each.row, each.links)
        in_text = re.findall(r"http://localhost/\S+", each.text)
        assert set(unsigned(in_text)) == set(unsigned(each.links)), each.row


def unsigned(links: list[str]) -> list[str]:
    """Return addresses without the time and signature of a token, which differ between two."""
    return [re.sub(r"(/[\w-]+)\.[\w-]{6}\.[\w-]{20,}(/\w+)?$", r"\1\2", link) for link in links]


def test_every_link_leads_somewhere(post: Post) -> None:
    client = post.app.test_client()
    assert isinstance(client, PageClient)
    tried = set()
    for each in post.mails:
        for link in each.links:
            answer = client.page(link.removeprefix("http://localhost"))
            if each.row.readers is Readers.STAFF:
                assert answer.status == 302  # to signing in
                assert "/account/sign-in" in answer.location
            else:
                assert answer.status in {200, 302}, (each.row, link, answer.status)
            tried.add(link)
    assert len(tried) > len(MAILS)


def test_hosts_can_hide_their_event_from_each_mail_about_it_and_others_cannot(post: Post) -> None:
    for each in post.mails:
        hides = [link for link in each.links if "/hide/" in link]
        assert bool(hides) is (each.row.readers is Readers.HOSTS), each.row
        assert "/hide/" not in each.text or hides


def test_no_mail_says_where_exactly_something_is(post: Post) -> None:
    for each in post.mails:
        for text in (each.text, each.html):
            assert "Deeplish Community Centre" not in text
            assert not re.search(r"\d{1,2}\.\d{3,}|\b[A-Z]{1,2}\d{1,2}[A-Z]? \d[A-Z]{2}\b", text)
