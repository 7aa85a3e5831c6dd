import io
import tarfile
from pathlib import Path

import pytest

from dev.media import back_up_pictures, media_folder, pictures_beside, restore_pictures
from dev.project import Project
from dev.stop import Stop

KEY = "ab" * 16


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch):
    for name in ("MEDIA_ROOT", "LOCAL_FOLDER"):
        monkeypatch.delenv(name, raising=False)


def _picture(project: Project, key: str = KEY, content: bytes = b"RIFF") -> Path:
    path = media_folder(project) / key[:2] / f"{key}-480.webp"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def test_pictures_are_where_the_site_keeps_them(project: Project, monkeypatch: pytest.MonkeyPatch):
    assert media_folder(project) == project.root / ".local" / "media"
    monkeypatch.setenv("LOCAL_FOLDER", "/srv/files")
    assert media_folder(project) == Path("/srv/files/media")
    monkeypatch.setenv("MEDIA_ROOT", "pictures")
    assert media_folder(project) == project.root / "pictures"


def test_what_was_deleted_comes_back_and_what_is_here_stays(project: Project, tmp_path: Path):
    path, later = _picture(project), "cd" * 16
    backup = tmp_path / "one.dump"
    back_up_pictures(project, backup)
    assert pictures_beside(backup).stat().st_mode & 0o777 == 0o600
    path.unlink()
    stays = _picture(project, later, b"newer")

    assert restore_pictures(project, backup) == 1
    assert path.read_bytes() == b"RIFF"
    assert stays.read_bytes() == b"newer"
    assert restore_pictures(project, backup) == 0


def test_a_site_without_pictures_has_an_empty_file(project: Project, tmp_path: Path):
    backup = tmp_path / "one.dump"
    back_up_pictures(project, backup)
    assert restore_pictures(project, backup) == 0


def test_an_older_backup_has_no_pictures(project: Project, tmp_path: Path):
    assert restore_pictures(project, tmp_path / "old.dump") == 0


@pytest.mark.parametrize("name", ["../../evil.webp", "/tmp/evil.webp", "ab/evil.sh", f"ab/../{KEY}-480.webp"])  # fmt: skip
def test_nothing_is_put_anywhere_else(project: Project, tmp_path: Path, name: str):
    backup = tmp_path / "one.dump"
    with tarfile.open(pictures_beside(backup), "w") as archive:
        member = tarfile.TarInfo(name)
        member.size = 4
        archive.addfile(member, io.BytesIO(b"evil"))
    assert restore_pictures(project, backup) == 0
    assert not list(tmp_path.rglob("evil*"))


def test_a_file_that_is_none_of_ours_is_refused(project: Project, tmp_path: Path):
    backup = tmp_path / "one.dump"
    pictures_beside(backup).write_bytes(b"hello" * 200)
    with pytest.raises(Stop, match="could not be restored"):
        restore_pictures(project, backup)
