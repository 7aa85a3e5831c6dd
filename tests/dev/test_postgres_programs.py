from pathlib import Path

import pytest

from dev.postgres_programs import find_programs, installed, look_in, parse_major
from dev.project import Project
from dev.stop import Stop


@pytest.mark.parametrize(
    ("version", "major"),
    [
        ("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)", 15),
        ("postgres (PostgreSQL) 17.2 (Homebrew)", 17),
        ("postgres (PostgreSQL) 18beta1", 18),
        ("command not found", None),
        ("", None),
    ],
)
def test_the_major_version_is_read(version: str, major: int | None):
    assert parse_major(version) == major


def _programs(folder: Path, version: str) -> None:
    folder.mkdir(parents=True)
    for name in ("postgres", "initdb", "pg_ctl", "psql"):
        (folder / name).write_text(f"#!/bin/sh\necho 'postgres (PostgreSQL) {version}'\n")
        (folder / name).chmod(0o755)


def test_those_with_postgis_come_first_and_then_the_newest(tmp_path: Path):
    for version in ("14.1", "16.2", "17.3", "13.0"):
        _programs(tmp_path / version / "bin", version)
    extension = tmp_path / "14.1" / "share" / "extension"
    extension.mkdir(parents=True)
    (extension / "postgis.control").write_text("")
    found = installed(tmp_path.glob("*/bin"))
    assert [(programs.major, programs.has_postgis) for programs in found] == [
        (14, True),
        (17, False),
        (16, False),
    ]


def test_a_folder_without_all_programs_is_none(tmp_path: Path):
    (tmp_path / "psql").write_text("")
    assert look_in(tmp_path) is None


def test_a_cluster_of_another_major_version_is_refused_with_a_sentence(project: Project):
    with pytest.raises(Stop, match=r"made by PostgreSQL 9, .*“make reset”"):
        find_programs(project, 9)


@pytest.mark.parametrize(("library", "has_postgis"), [("postgis-3.so", True), ("other.so", False)])
def test_postgis_without_its_library_is_none(tmp_path: Path, library: str, has_postgis: bool):
    _programs(tmp_path / "bin", "15.1")
    for name in ("share/extension/postgis.control", "lib/plpgsql.so", f"lib/{library}"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")

    found = look_in(tmp_path / "bin")

    assert found is not None
    assert found.has_postgis is has_postgis
