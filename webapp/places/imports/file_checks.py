"""Whether a file is what it should be, judged without reading all of it."""

import json
import zipfile
from pathlib import Path

from webapp.places.imports.sources import FileKind

GLANCE = 4096  # bytes at the start and at the end
LONGEST_QUOTE = 200


def fault_in(path: Path, kind: FileKind) -> str | None:
    """Return what is wrong with a file, as the end of a sentence; None where nothing is."""
    with path.open("rb") as file:
        start = file.read(GLANCE).removeprefix(b"\xef\xbb\xbf").lstrip()
        file.seek(max(0, path.stat().st_size - GLANCE))
        end = file.read().rstrip()
    if not start:
        return "it is empty"
    if start.startswith(b"<"):
        return "it is a web page"
    if start.startswith(b'{"error"'):
        return f"it is an error message{_quoted(start)}"
    return {FileKind.ZIP: _fault_in_zip, FileKind.CSV: _fault_in_csv}.get(kind, _fault_in_geojson)(
        path, start, end
    )


def _fault_in_zip(path: Path, start: bytes, _end: bytes) -> str | None:
    if not start.startswith(b"PK"):
        return "it does not begin as a zip file does"
    try:
        with zipfile.ZipFile(path) as archive:
            return None if archive.namelist() else "it is an empty zip file"
    # The last is how zipfile refuses a version that it does not know.
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return "the zip file is damaged or not whole"


def _fault_in_csv(_path: Path, start: bytes, _end: bytes) -> str | None:
    if start.startswith(b"PK"):
        return "it is a zip file; unpack it first"
    if start.startswith((b"{", b"[")):
        return "it is JSON"
    first_line = start.splitlines()[0]
    return None if b"," in first_line else "its first line has no columns"


def _fault_in_geojson(_path: Path, start: bytes, end: bytes) -> str | None:
    if not start.startswith(b"{"):
        return "it does not begin as GeoJSON does"
    if not end.endswith(b"}"):
        return "it breaks off before its end"
    compact = b"".join((start + end).split())
    if b'"FeatureCollection"' not in compact:
        return "it is JSON without boundaries"
    # ArcGIS leaves out what is over its limit, and says so nowhere else.
    if b'"exceededTransferLimit":true' in compact:
        return "the publisher left some of the boundaries out"
    return None


def _quoted(start: bytes) -> str:
    """Return the message of an ArcGIS error, which comes as if all had gone well."""
    try:
        message = str(json.loads(start)["error"]["message"])
    except (ValueError, KeyError, TypeError):
        return ""
    printable = "".join(each for each in message if each.isprintable())
    return f" (“{printable[:LONGEST_QUOTE]}”)" if printable else ""
