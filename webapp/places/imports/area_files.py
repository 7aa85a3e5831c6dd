"""Which files an import of areas reads: each is recognised by what is in it."""

from collections.abc import Iterable
from enum import Enum, auto
from pathlib import Path

from webapp.places.imports.source_files import SourceFileError

SUFFIXES = {".csv", ".geojson", ".json"}
REFUSED = ".refused.csv"  # how the files end that imports write themselves
GLANCE = 4096
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class Content(Enum):
    """What sort of file it is."""

    BOUNDARIES = auto()
    TABLE = auto()


def files_in(paths: Iterable[Path]) -> list[tuple[Path, bool]]:
    """Return the files to read, and of each whether it was named rather than found in a folder.

    Raises SourceFileError.
    """
    found: dict[Path, bool] = {}
    for path in paths:
        if not path.is_dir():
            found[path] = True
            continue
        inside = sorted(each for each in path.iterdir() if _is_ours(each))
        if not inside:
            msg = f"{path} holds no file that ends in .geojson, .json or .csv."
            raise SourceFileError(msg)
        for each in inside:
            found.setdefault(each, False)
    return list(found.items())


def _is_ours(path: Path) -> bool:
    """Tell whether a file in a folder may be one to read; what was refused of others is none."""
    name = path.name.casefold()
    return path.is_file() and path.suffix.casefold() in SUFFIXES and not name.endswith(REFUSED)


def content_of(path: Path) -> Content:
    """Return what sort of file it is; raises SourceFileError for what cannot be either."""
    with path.open("rb") as file:
        start = file.read(GLANCE).removeprefix(BYTE_ORDER_MARK).lstrip()
    fault = _fault(start)
    is_json = start.startswith((b"{", b"["))
    if not fault and not is_json and path.suffix.casefold() in {".geojson", ".json"}:
        fault = "is not JSON"
    if fault:
        msg = f"{path.name} {fault}."
        raise SourceFileError(msg)
    return Content.BOUNDARIES if is_json else Content.TABLE


def _fault(start: bytes) -> str:
    if not start:
        return "is empty"
    if start.startswith(b"PK"):
        return "is a zip file; unpack it and name the file that is in it"
    if start.startswith(b"\x1f\x8b"):
        return "is compressed with gzip; unpack it first"
    if start.startswith(b"<"):
        return "is a web page; download the file itself"
    return ""
