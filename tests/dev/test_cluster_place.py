import os
from pathlib import Path

import pytest

from dev.cluster_place import can_enter, cluster_account, find_place, socket_fits
from dev.programs import Account
from dev.project import Project


@pytest.mark.parametrize(
    ("folder", "fits"),
    [
        ("/home/sam/moment-map/.local/postgres", True),
        ("/home/siân/moment-map/.local/postgres", True),
        ("/home/sam/my clones/moment-map/.local/postgres", False),
        ("/home/sam/it's/.local/postgres", False),
        ("/home/sam/a,b/.local/postgres", False),
        ("/" + "a" * 81, True),
        ("/" + "a" * 82, False),
        ("/" + "ŵ" * 42, False),
    ],
)
def test_a_socket_fits_where_its_path_is_short_and_plain(folder: str, fits: bool):
    assert socket_fits(Path(folder)) is fits


def test_a_new_clone_has_no_place(project: Project):
    assert find_place(project) is None


def test_a_clone_finds_its_folder_inside(project: Project):
    (project.local / "postgres").mkdir()
    assert find_place(project) == project.local / "postgres"


def _noted(project: Project, place: Path, owner: Path) -> None:
    place.mkdir()
    (place / "belongs-to").write_text(str(owner))
    (project.local / "postgres-folder").write_text(f"{place}\n")


def test_a_clone_finds_the_folder_that_it_noted(project: Project, tmp_path: Path):
    _noted(project, tmp_path / "elsewhere", project.root)
    assert find_place(project) == tmp_path / "elsewhere"


def test_a_noted_folder_that_was_cleaned_away_is_forgotten(project: Project, tmp_path: Path):
    (project.local / "postgres-folder").write_text(str(tmp_path / "gone"))
    assert find_place(project) is None


def test_a_copied_clone_does_not_use_the_database_of_the_other(project: Project, tmp_path: Path):
    original = tmp_path / "original"
    original.mkdir()
    _noted(project, tmp_path / "elsewhere", original)
    assert find_place(project) is None


def test_a_moved_clone_keeps_its_database(project: Project, tmp_path: Path):
    _noted(project, tmp_path / "elsewhere", tmp_path / "was-here-before")
    assert find_place(project) == tmp_path / "elsewhere"
    assert (tmp_path / "elsewhere" / "belongs-to").read_text() == str(project.root)


def test_the_account_is_never_root():
    assert cluster_account(None).uid != 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can try as somebody else")
def test_a_closed_folder_is_seen_as_closed_by_root_too(tmp_path: Path):
    account = cluster_account(None)
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    assert can_enter(Account.current(), closed)
    assert not can_enter(account, closed)
    assert can_enter(account, Path("/"))
