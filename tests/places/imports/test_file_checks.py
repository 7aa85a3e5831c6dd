"""Telling a file from what publishers send in its place."""

import pytest

from webapp.places.imports.file_checks import fault_in
from webapp.places.imports.sources import FileKind

ONE = b'{"type": "FeatureCollection", "features": [{"type": "Feature"}]}'


@pytest.mark.parametrize(
    ("kind", "content", "fault"),
    [
        (FileKind.GEOJSON, ONE, None),
        (FileKind.GEOJSON, b"\xef\xbb\xbf\n" + ONE + b"\n", None),
        (FileKind.GEOJSON, b"", "it is empty"),
        (FileKind.GEOJSON, b" \n", "it is empty"),
        (FileKind.GEOJSON, ONE[:-5], "it breaks off before its end"),
        (FileKind.GEOJSON, b'{"type": "Topology"}', "it is JSON without boundaries"),
        (FileKind.GEOJSON, b"\n<html></html>", "it is a web page"),
        (FileKind.GEOJSON, b"code,name\n", "it does not begin as GeoJSON does"),
        (
            FileKind.GEOJSON,
            ONE.replace(b'"features"', b'"exceededTransferLimit": true, "features"'),
            "the publisher left some of the boundaries out",
        ),
        (
            FileKind.GEOJSON,
            b'{"error":{"code":400,"message":"Invalid URL\\u001b[31m","details":[]}}',
            "it is an error message (“Invalid URL[31m”)",
        ),
        (FileKind.GEOJSON, b'{"error": 1}', "it is an error message"),
        (FileKind.CSV, b"code,population\nE06000001,93836\n", None),
        (FileKind.CSV, b"<!doctype html>", "it is a web page"),
        (FileKind.CSV, b"Query refused\n", "its first line has no columns"),
        (FileKind.CSV, b'["code"]', "it is JSON"),
        (FileKind.CSV, b"PK\x03\x04,", "it is a zip file; unpack it first"),
        (FileKind.ZIP, b"pcd,lat,long\n", "it does not begin as a zip file does"),
        (FileKind.ZIP, b"PK\x03\x04 and no more", "the zip file is damaged or not whole"),
        (FileKind.ZIP, b"PK\x05\x06" + bytes(18), "it is an empty zip file"),
        (
            FileKind.ZIP,
            b'{"error":{"code":400,"message":"Item does not exist."}}',
            "it is an error message (“Item does not exist.”)",
        ),
    ],
)
def test_what_is_wrong_is_said(tmp_path, kind, content, fault):
    path = tmp_path / "file"
    path.write_bytes(content)
    assert fault_in(path, kind) == fault
