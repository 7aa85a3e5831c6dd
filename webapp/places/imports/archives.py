"""Zip files: what is in them, judged by their table of contents before anything is unpacked.

Nothing is ever unpacked to a disk, so that a name cannot lead anywhere; one that tries to is still
a sign that the file is not the publisher’s.
"""

import re
import stat
import zipfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from webapp.places.imports.source_files import (
    LARGEST,
    MOST_RATIO,
    RATIO_COUNTS_FROM,
    Counted,
    Readable,
    SourceFile,
    SourceFileError,
)
from webapp.progress import Advance

MOST_ENTRIES = 10_000
MOST_UNPACKED = 4 * LARGEST  # a release holds its rows twice or three times, in other forms
IS_ENCRYPTED = 0x1
# What macOS and Windows add on their own.
CLUTTER = re.compile(r"(^|.*/)(__MACOSX/.*|\._[^/]*|Thumbs\.db)")
LEADS_OUT = re.compile(r"(/|[A-Za-z]:).*|(.*/)?\.\.(/.*)?", re.DOTALL)


def files_in_zip(path: Path) -> dict[str, SourceFile]:
    """Return the files in a zip file by their names in it; raises SourceFileError."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = [each for each in archive.infolist() if not each.is_dir()]
    # The last is how zipfile refuses a version that it does not know.
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        msg = f"{path.name} is damaged or not whole; fetch it again."
        raise SourceFileError(msg) from None
    if fault := _fault(entries):
        msg = f"{path.name} {fault}."
        raise SourceFileError(msg)
    named = {_name(each): each for each in entries}
    return {
        name: SourceFile(
            f"{path.name} ({name})", entry.file_size, entry.compress_size, _opener(path, entry)
        )
        for name, entry in named.items()
        if not CLUTTER.fullmatch(name)
    }


def _name(entry: zipfile.ZipInfo) -> str:
    """Return an entry’s name with the slashes that a zip file should have."""
    return entry.filename.replace("\\", "/")


def _fault(entries: list[zipfile.ZipInfo]) -> str | None:
    if len(entries) > MOST_ENTRIES:
        return f"holds {len(entries):,} files, so it is no release of postcodes"
    for entry in entries:
        if fault := _fault_of(entry):
            return f"holds {_name(entry)[:100]!a}, which {fault}"
    total = sum(entry.file_size for entry in entries)
    if total > MOST_UNPACKED:
        return f"would unpack to {total:,} bytes, so it is no honest file"
    return None


def _fault_of(entry: zipfile.ZipInfo) -> str | None:
    if LEADS_OUT.fullmatch(_name(entry)):
        return "leads out of the folder that it would be unpacked to"
    if stat.S_ISLNK(entry.external_attr >> 16):
        return "is a link and no file"
    if entry.flag_bits & IS_ENCRYPTED:
        return "is encrypted; unpack it and import what is in it"
    is_bomb = entry.file_size > RATIO_COUNTS_FROM + MOST_RATIO * entry.compress_size
    if is_bomb or entry.file_size > LARGEST:
        return f"would unpack to {entry.file_size:,} bytes, so it is no honest file"
    return None


def _opener(
    path: Path, entry: zipfile.ZipInfo
) -> Callable[[Advance], AbstractContextManager[Readable]]:
    @contextmanager
    def opened(advance: Advance) -> Iterator[Readable]:
        with zipfile.ZipFile(path) as archive, archive.open(entry) as file:
            yield Counted(file, advance)

    return opened
