"""Pictures of events in backups: a file beside the database’s, of the folder MEDIA_ROOT."""

import os
import re
import tarfile
from pathlib import Path

from dev.project import Project
from dev.stop import Stop
from dev.terminal import progress

# As webapp/storage.py names them; nothing else is taken in or out.
NAME = re.compile(r"[0-9a-f]{2}/[0-9a-f]{32}-[0-9]{1,4}\.webp")


def media_folder(project: Project) -> Path:
    """Return where the site keeps its pictures."""
    local = os.environ.get("LOCAL_FOLDER") or str(project.local)
    return project.root / (os.environ.get("MEDIA_ROOT") or Path(local) / "media")


def pictures_beside(backup: Path) -> Path:
    """Return the name of the file of pictures that belongs to a backup of the database."""
    return backup.with_suffix(".pictures.tar")


def back_up_pictures(project: Project, backup: Path) -> None:
    """Write the pictures to a file beside a backup; to be called once the database is written.

    A picture’s files are there before its row, so all that the database names are in it.
    """
    folder, file = media_folder(project), pictures_beside(backup)
    unfinished = file.with_suffix(".unfinished")
    try:
        # Pictures of events that are not public are in it.
        os.close(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        with progress("Writing the pictures to a file"), tarfile.open(unfinished, "w") as archive:
            for path in sorted(folder.glob("*/*.webp")):
                _add(archive, path, str(path.relative_to(folder)))
        unfinished.rename(file)
    except OSError as error:
        raise Stop(f"The pictures could not be backed up: {error.strerror}.") from None
    finally:
        unfinished.unlink(missing_ok=True)


def restore_pictures(project: Project, backup: Path) -> int:
    """Put back the pictures that are missing here; return how many files that were.

    A file never changes behind its name, so those that are here stay as they are.
    """
    file, folder = pictures_beside(backup), media_folder(project)
    if not file.is_file():
        return 0
    try:
        with progress("Restoring the pictures"), tarfile.open(file) as archive:
            return sum(_put_back(archive, member, folder) for member in archive)
    except (OSError, tarfile.TarError) as error:
        raise Stop(f"The pictures could not be restored: {error}.") from None


def _add(archive: tarfile.TarFile, path: Path, name: str) -> None:
    try:
        archive.add(path, name)
    except FileNotFoundError:
        # Removed by its host this very moment.
        return


def _put_back(archive: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> bool:
    path = folder / member.name
    source = archive.extractfile(member) if member.isfile() else None
    if source is None or not NAME.fullmatch(member.name) or path.exists():
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}")
    partial.write_bytes(source.read())
    partial.replace(path)
    return True
