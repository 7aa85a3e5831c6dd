from pathlib import Path

import pytest

from dev.cluster import socket_url
from dev.database import DatabaseUrls
from dev.environment import build_environment, secret_key, site_environment
from dev.project import Project, fingerprint_of

URLS = DatabaseUrls(site="postgresql://site@/db", migrations="postgresql://owner@/db")


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ENVIRONMENT", "SECRET_KEY", "SITE_URL", "MAIL_BACKEND", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)


def test_a_development_site_needs_nothing_from_the_person(project: Project):
    env = site_environment(project, URLS, 8000)
    assert env["ENVIRONMENT"] == "development"
    assert env["SITE_URL"] == "http://localhost:8000"
    assert env["MAIL_BACKEND"] == "folder"
    assert (env["DATABASE_URL"], env["MIGRATIONS_DATABASE_URL"]) == (URLS.site, URLS.migrations)
    assert env["SECRET_KEY"] == secret_key(project)
    assert env["PATH"].startswith(str(project.venv / "bin"))


def test_what_the_person_has_set_wins(project: Project, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SITE_URL", "http://example.org")
    monkeypatch.setenv("SECRET_KEY", "of my own")
    env = site_environment(project, URLS)
    assert (env["SITE_URL"], env["SECRET_KEY"]) == ("http://example.org", "of my own")


def test_a_real_site_gets_no_key_from_us(project: Project, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ENVIRONMENT", "production")
    env = site_environment(project, URLS)
    assert not {"SECRET_KEY", "SITE_URL", "MAIL_BACKEND"} & env.keys()


def test_building_needs_no_settings_even_for_a_real_site(
    project: Project, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("ENVIRONMENT", "production")
    env = build_environment(project)
    assert env["ENVIRONMENT"] == "development"
    assert len(env["SECRET_KEY"]) >= 32


def test_the_key_is_made_once_and_is_private(project: Project):
    key = secret_key(project)
    assert secret_key(project) == key
    assert len(key) >= 32
    assert (project.local / "secret_key").stat().st_mode & 0o777 == 0o600


def test_a_socket_in_the_address_survives_odd_folders():
    url = socket_url(Path("/home/sam/a b"), "moment_site", "moment_map")
    assert url == "postgresql://moment_site@/moment_map?host=%2Fhome%2Fsam%2Fa%20b%2Fsocket"


def test_a_step_is_done_until_its_input_changes(project: Project):
    file = project.root / "setup.cfg"
    file.write_text("one")
    before = fingerprint_of([file], "3.11")
    project.mark_done("python", before)
    assert project.is_done("python", before)
    file.write_text("two")
    assert not project.is_done("python", fingerprint_of([file], "3.11"))
    assert not project.is_done("another", before)
