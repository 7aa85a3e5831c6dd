import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from dev.cluster import Cluster

ROOT = Path(__file__).parents[2]


def _check(url: str, migrations: str | None = None) -> str:
    env = os.environ | {"DATABASE_URL": url, "MIGRATIONS_DATABASE_URL": migrations or url}
    done = subprocess.run(
        [sys.executable, "-m", "dev.server_check"],
        env=env, capture_output=True, text=True, cwd=ROOT, check=False,
    )  # fmt: skip
    assert done.stderr == ""
    assert (done.returncode == 0) is (done.stdout == "")
    assert done.stdout.count("\n") == (1 if done.stdout else 0)
    return done.stdout


def test_a_server_that_has_everything_is_fine(furnished: Cluster):
    site = furnished.url("moment_site", "moment_map")
    assert _check(site.replace("postgresql:", "postgresql+psycopg:")) == ""


def test_an_unreachable_server_is_named_by_its_setting():
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        said = _check(f"postgresql://me:secret@127.0.0.1:{port}/mine")
    assert said.startswith("DATABASE_URL names a database that does not answer")
    assert "refused" in said
    assert "secret" not in said


@pytest.mark.parametrize("url", ["mysql://me@host/db", "sqlite:///x.db", "nonsense", "://"])
def test_another_kind_of_database_is_refused(url: str):
    assert _check(url).startswith("DATABASE_URL must look like postgresql://")


def test_a_database_that_does_not_exist_is_said(furnished: Cluster):
    assert "does not exist" in _check(furnished.url("moment_site", "nowhere"))


def test_a_database_without_the_right_to_create_postgis_is_said(furnished: Cluster):
    furnished.ask("CREATE DATABASE bare OWNER moment_owner TEMPLATE template0")
    said = _check(furnished.url("moment_owner", "bare"))
    assert "lacks the extension postgis and its user may not create it" in said


def test_postgis_is_created_by_an_owner_who_may(furnished: Cluster):
    furnished.ask("CREATE DATABASE empty TEMPLATE template0")
    assert _check(furnished.url("postgres", "empty")) == ""
    assert "postgis" in furnished.ask("SELECT extname FROM pg_extension", "empty")
