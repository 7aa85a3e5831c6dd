"""Read GeoJSON feature by feature, so that a file of any size needs no more memory than one."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from webapp.places.imports.source_files import SourceFileError

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
ENDS_EARLY = "premature EOF"  # in the words of the parser
GLANCE = 4096  # bytes at either end
DEEPEST = 50  # levels that no file of boundaries has
# What JSON of another kind holds at its outermost level, and what to do about it.
OTHER_KINDS = {
    "topology": "is TopoJSON; convert it to GeoJSON first",
    "geometryType": "is Esri’s own JSON; download it as GeoJSON instead",
    "error": "is an error message instead of boundaries; download it again",
}
NOT_ONE_COLLECTION = "is JSON, but not GeoJSON with a list of features"

Advance = Callable[[int], object]


class OtherKindError(SourceFileError):
    """A file is whole, but of a kind that this import has no use for."""


@dataclass(frozen=True)
class Feature:
    """One feature as it stands in its file; the first has the number 1."""

    number: int
    properties: dict[str, Any]
    geometry: Any


def features(path: Path, advance: Advance = lambda _done: None) -> Iterator[Feature]:
    """Yield the features of a GeoJSON file; `advance` hears of the bytes that were read.

    Raises SourceFileError, which may be when some have been yielded already.
    """
    import ijson  # noqa: PLC0415 -- an extra

    with path.open("rb") as file:
        _check_kind(path, file)
        number = 0
        try:
            for item in ijson.items(_Counted(file, advance), "features.item", use_float=True):
                number += 1
                yield _feature(path, number, item)
        except (ijson.JSONError, UnicodeError) as error:
            raise _broken(path, file, number, error) from None
    if not number:
        msg = f"{path.name} holds no features."
        raise SourceFileError(msg)


class _Counted:
    """A file that tells how much of it was read."""

    def __init__(self, file: IO[bytes], advance: Advance) -> None:
        self._file, self._advance = file, advance

    def read(self, size: int = -1) -> bytes:
        chunk = self._file.read(size)
        self._advance(len(chunk))
        return chunk


def _check_kind(path: Path, file: IO[bytes]) -> None:
    """Raise SourceFileError unless the file is a collection of features; leave it at its start."""
    start, end = _ends_of(file)
    if not start.strip():
        msg = f"{path.name} is empty."
        raise SourceFileError(msg)
    if start.startswith(b"<"):
        msg = f"{path.name} is a web page, not GeoJSON; download the file itself."
        raise SourceFileError(msg)
    kind = _kind(path, file)
    if kind is not None:
        msg = f"{path.name} {kind}."
        raise OtherKindError(msg)
    # ArcGIS leaves out what is over its limit, and says so nowhere else.
    if b'"exceededTransferLimit":true' in b"".join((start + end).split()):
        msg = f"{path.name} is not whole: its publisher left some of the features out."
        raise SourceFileError(msg)
    _rewind(file)


def _ends_of(file: IO[bytes]) -> tuple[bytes, bytes]:
    file.seek(0)
    start = file.read(GLANCE).removeprefix(BYTE_ORDER_MARK).lstrip()
    file.seek(max(0, file.seek(0, 2) - GLANCE))
    return start, file.read()


def _kind(path: Path, file: IO[bytes]) -> str | None:
    """Return what sort of JSON it is, as the end of a sentence; None for what is wanted."""
    _rewind(file)
    for depth, key, event, value in _outline(path, file):
        if depth > DEEPEST:
            break
        if depth == 1 and event == "map_key" and value in OTHER_KINDS:
            return OTHER_KINDS[value]
        if (depth, key, event, value) == (1, "type", "string", "Topology"):
            return OTHER_KINDS["topology"]
        if (depth, key, event) == (1, "features", "start_array"):
            return None
    return NOT_ONE_COLLECTION


def _outline(path: Path, file: IO[bytes]) -> Iterator[tuple[int, str, str, Any]]:
    """Yield how deep each event is, the outermost key that it is under, its name and value."""
    import ijson  # noqa: PLC0415 -- an extra

    depth, key = 0, ""
    try:
        for event, value in ijson.basic_parse(file):
            depth -= event in {"end_map", "end_array"}
            if depth == 1 and event == "map_key":
                key = value
            yield depth, key, event, value
            depth += event in {"start_map", "start_array"}
    except (ijson.JSONError, UnicodeError) as error:
        raise _broken(path, file, 0, error) from None


def _rewind(file: IO[bytes]) -> None:
    file.seek(0)
    if file.read(len(BYTE_ORDER_MARK)) != BYTE_ORDER_MARK:
        file.seek(0)


def _feature(path: Path, number: int, item: Any) -> Feature:
    if not isinstance(item, dict) or not isinstance(item.get("properties"), dict):
        what = "has no properties" if isinstance(item, dict) else "is no feature"
        msg = f"{path.name}, feature {number}: it {what}."
        raise SourceFileError(msg)
    return Feature(number, item["properties"], item.get("geometry"))


def _broken(path: Path, file: IO[bytes], number: int, error: Exception) -> SourceFileError:
    """Return the error of a file that stops being JSON after a number of features."""
    after = f" after feature {number}" if number else ""
    _start, end = _ends_of(file)
    is_whole = end.rstrip().endswith((b"}", b"]")) and ENDS_EARLY not in str(error)
    fault = "is not valid JSON" + after if is_whole else f"breaks off{after}; download it again"
    return SourceFileError(f"{path.name} {fault}.")
