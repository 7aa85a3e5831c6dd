from pathlib import Path

import psycopg
import pytest

from dev.backup import replace_database, write_backup
from dev.cluster import Cluster
from dev.database import DatabaseUrls, urls_of
from dev.project import Project
from dev.stop import Stop

TABLES = """
CREATE TYPE mood AS ENUM ('glad', 'sad');
CREATE TABLE town (id serial PRIMARY KEY, mood mood, at geometry(Point, 4326));
CREATE TABLE street (id integer GENERATED ALWAYS AS IDENTITY, town integer REFERENCES town);
CREATE VIEW glad AS SELECT * FROM town WHERE mood = 'glad';
CREATE FUNCTION greet(town) RETURNS text LANGUAGE sql AS $$ SELECT 'hello' $$;
CREATE TABLE noise AS SELECT md5(n::text) AS text FROM generate_series(1, 5000) AS n;
INSERT INTO town (mood, at) VALUES ('glad', ST_SetSRID(ST_MakePoint(-2.16, 53.61), 4326));
"""


@pytest.fixture
def urls(furnished: Cluster) -> DatabaseUrls:
    return urls_of(furnished)


def _execute(urls: DatabaseUrls, sql: str) -> list[tuple]:
    with psycopg.connect(urls.migrations or "") as connection:
        cursor = connection.execute(sql)  # type: ignore[call-overload]  # plain text for psycopg
        return cursor.fetchall() if cursor.description else []


def test_a_backup_brings_everything_back(urls: DatabaseUrls, project: Project, tmp_path: Path):
    _execute(urls, TABLES)
    file = tmp_path / "one.dump"
    write_backup(project, urls, file)
    assert file.stat().st_mode & 0o777 == 0o600

    # What came after the backup, some of it leaning on what was there before.
    _execute(urls, "DELETE FROM town")
    _execute(urls, "CREATE TABLE later (town integer REFERENCES town)")
    replace_database(project, urls, file)
    assert _execute(urls, "SELECT mood, ST_X(at), greet(town) FROM town") == [
        ("glad", -2.16, "hello")
    ]
    assert _execute(urls, "SELECT to_regclass('later')") == [(None,)]

    half = tmp_path / "half.dump"
    half.write_bytes(file.read_bytes()[:-20_000])
    with pytest.raises(Stop, match="could not be restored, and the database is as it was"):
        replace_database(project, urls, half)
    assert _execute(urls, "SELECT count(*) FROM town") == [(1,)]


def test_the_key_of_addresses_codes_is_in_no_backup(
    urls: DatabaseUrls, project: Project, tmp_path: Path
):
    _execute(urls, "CREATE TABLE bucket_salt (day date PRIMARY KEY, salt bytea NOT NULL)")
    _execute(urls, "INSERT INTO bucket_salt VALUES (current_date, 'a key')")
    file = tmp_path / "one.dump"
    write_backup(project, urls, file)
    replace_database(project, urls, file)
    # The table is back, so that the site can make itself another key.
    assert _execute(urls, "SELECT * FROM bucket_salt") == []


def test_a_file_that_is_no_backup_is_refused(urls: DatabaseUrls, project: Project, tmp_path: Path):
    file = tmp_path / "notes.txt"
    file.write_text("hello")
    with pytest.raises(Stop, match="is not a backup"):
        replace_database(project, urls, file)


def test_a_backup_that_fails_leaves_no_file(project: Project, tmp_path: Path):
    nowhere = DatabaseUrls(site=f"postgresql://me:pass@/none?host={tmp_path}")
    with pytest.raises(Stop, match="The backup failed"):
        write_backup(project, nowhere, tmp_path / "one.dump")
    assert not list(tmp_path.glob("one.*"))
