"""Files that are no postcode directory: each is refused in one sentence, and nothing changes."""

import gzip
import io
import stat
import struct
import zipfile

import pytest

from tests.places.imports.directories import HEADER, PostcodeImporter, as_csv, row, rows

WHOLE = as_csv(rows(3)).encode()
PLACES = b"place,latitude,longitude\r\nRochdale,53.6,-2.1\r\n"


@pytest.fixture
def importer(app, owner_engine, tmp_path):
    importer = PostcodeImporter(app, owner_engine, tmp_path)
    importer.report(importer.csv(row("M1 1AA"), name="before.csv"))
    (tmp_path / "before.csv").unlink()
    yield importer
    importer.clear()


def packed(content):
    """Return a gzip file without its time, which would make each collection's names of tests differ."""
    return gzip.compress(content, mtime=0)


def zipped(files, **attributes):
    """Return a zip file; attributes are those of its entries."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            for attribute, value in attributes.items():
                setattr(entry, attribute, value)
            archive.writestr(entry, content)
    return file.getvalue()


def patched(content, offset_here, offset_there, value):
    """Return a zip file of one entry with a number changed in both of its headers."""
    changed = bytearray(content)
    struct.pack_into("<" + value[0], changed, changed.index(b"PK\3\4") + offset_here, value[1])
    struct.pack_into("<" + value[0], changed, changed.index(b"PK\1\2") + offset_there, value[1])
    return bytes(changed)


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", "directory.csv is empty."),
        (b"\r\n \r\n", "directory.csv, line 2: is not the header of a postcode directory"),
        (b"\r\n\r\n", "directory.csv is empty."),
        (b"<!DOCTYPE html><html></html>", "directory.csv is a web page; download the file itself."),
        (b'{"error": {"code": 400}}', "directory.csv is JSON, not a CSV file."),
        (b"%PDF-1.7", "directory.csv is a PDF document, not a CSV file."),
        (WHOLE.decode().encode("utf-16"), "is UTF-16 text; save it as UTF-8."),
        (WHOLE.decode().encode("utf-16-le"), "is UTF-16 text; save it as UTF-8."),
        (WHOLE.replace(b",", b"\t"), "line 1: divides its cells by tabs and not by commas"),
        (WHOLE.replace(b",", b";"), "line 1: divides its cells by semicolons"),
        (WHOLE.splitlines()[0], "directory.csv holds no postcode of the United Kingdom."),
        (
            WHOLE.replace(b"UN1", b"\0"),
            "directory.csv, line 2: holds a NUL byte, so it is not text.",
        ),
        (WHOLE.replace(b"UN1", b"\x81", 1), "line 2: is neither UTF-8 nor Windows-1252 text."),
        (WHOLE + b"x" * (1 << 21), "line 5: is longer than 1,048,576 characters."),
        (WHOLE + b"x" * 200_000, "line 5: is no row of a CSV file (field larger than field limit"),
        (WHOLE[:-20], "directory.csv, line 4: the file breaks off in the middle of it."),
        (
            PLACES,
            "it lacks pcds, doterm, laua, ctry, lat and long; its columns are place, latitude",
        ),
        (b"UPRN,GRIDGB1E,PCDS\r\n", "is the header of a directory of addresses"),
        (b"areacd,areanm\r\n", "is the header of a table of areas: import it with import-areas."),
        (b"M1 1AA,Manchester\r\n", "is a postcode and no header"),
        (packed(WHOLE)[:-20], "directory.csv is damaged or not whole; fetch it again."),
        (packed(WHOLE)[:30] + b"damaged!", "is damaged or not whole; fetch it again."),
        (packed(zipped({"a.csv": WHOLE})), "is a zip file inside another file"),
        (packed(packed(WHOLE)), "is a gzip file inside another file"),
        (packed(WHOLE + b"\n" * 20_000_000), "so it is no honest file."),
    ],
)
def test_a_file_that_is_no_directory_is_refused(importer, content, fault):
    sentence = importer.refusal(importer.written(content))
    assert fault in sentence
    assert sentence.startswith("directory.csv")


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (zipped({}), "release.zip is empty."),
        (zipped({"readme.txt": "Hello"}), "release.zip holds no CSV file."),
        (zipped({"a.csv": b""}), "release.zip (a.csv) is empty."),
        (zipped({"a.csv": WHOLE})[:-30], "release.zip is damaged or not whole; fetch it again."),
        (zipped({"a.csv": WHOLE})[:100], "release.zip is damaged or not whole; fetch it again."),
        (b"<html>Please log in</html>", "release.zip is a web page; download the file itself."),
        (zipped({"codepo_gb.zip": b"PK"}), "holds codepo_gb.zip, a zip file itself: unpack it"),
        (zipped({"a.csv": zipped({"a.csv": WHOLE})}), "(a.csv) is a zip file inside another file"),
        (zipped({"../a.csv": WHOLE}), "holds '../a.csv', which leads out of the folder"),
        (zipped({"x/../../a.csv": WHOLE}), "which leads out of the folder"),
        (zipped({"..\\a.csv": WHOLE}), "which leads out of the folder"),
        (zipped({"/etc/a.csv": WHOLE}), "holds '/etc/a.csv', which leads out of the folder"),
        (zipped({"C:\\a.csv": WHOLE}), "holds 'C:/a.csv', which leads out of the folder"),
        (
            zipped({"a.csv": "/etc/passwd"}, external_attr=(stat.S_IFLNK | 0o777) << 16),
            "holds 'a.csv', which is a link and no file.",
        ),
        (patched(zipped({"a.csv": WHOLE}), 6, 8, ("H", 1)), "'a.csv', which is encrypted"),
        (patched(zipped({"a.csv": WHOLE}), 8, 10, ("H", 9)), "packed in a way that cannot be read"),
        (patched(zipped({"a.csv": WHOLE}), 22, 24, ("L", 90)), "(a.csv) is damaged or not whole"),
        (
            patched(zipped({"a.csv": WHOLE}), 22, 24, ("L", 4_000_000_000)),
            "'a.csv', which would unpack to 4,000,000,000 bytes, so it is no honest file.",
        ),
        (
            zipped({"a.csv": WHOLE, "b.bin": b"\0" * 30_000_000}),
            "holds 'b.bin', which would unpack",
        ),
        (
            zipped({"Data/A_UK.csv": WHOLE, "Data/B_UK.csv": WHOLE}),
            "holds more than one release: name one of Data/A_UK.csv and Data/B_UK.csv.",
        ),
        (
            zipped({"1/Data/CSV/ab.csv": WHOLE, "2/Data/CSV/ab.csv": WHOLE}),
            "holds more than one release: name one of 1/Data/CSV and 2/Data/CSV.",
        ),
        (zipped({"a.csv": WHOLE, "b.csv": WHOLE}), "holds 2 CSV files, and none of them is Data/"),
    ],
)
def test_a_zip_file_that_is_no_release_is_refused(importer, content, fault):
    sentence = importer.refusal(importer.written(content, "release.zip"))
    assert fault in sentence
    assert sentence.startswith("release.zip")


def test_a_file_that_is_not_there_is_named(importer):
    path = importer.folder / "nowhere.csv"
    assert importer.refusal(path) == f"{path} does not exist."


def test_an_empty_folder_is_named(importer):
    (importer.folder / "release").mkdir()
    assert importer.refusal(importer.folder / "release") == "release is empty."


def test_files_of_different_kinds_are_not_mixed(importer):
    code_point = b'"M1 1AA",10,384000,398000,"E92000001","","","","E08000003","E05000001"\r\n'
    files = {"Data/CSV/a.csv": code_point, "Data/CSV/b.csv": WHOLE}
    sentence = importer.refusal(importer.zip(files))
    assert sentence == (
        "release.zip holds files of Code-Point Open and of a directory: name one of them."
    )


def test_one_broken_file_of_many_leaves_everything_as_it_was(importer):
    files = {f"Data/multi_csv/{n}.csv": as_csv(rows(50, f"M{n}")) for n in range(1, 5)}
    files["Data/multi_csv/3.csv"] = as_csv(rows(50, "M3"))[:-15]
    sentence = importer.refusal(importer.zip(files))
    assert sentence.startswith("release.zip (Data/multi_csv/3.csv), line 51: the file breaks off")


@pytest.mark.parametrize("is_folder", [True, False])
@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"Data/X_UK.csv": "AB1", "Data/multi_csv/X_UK_M.csv": "M2"}, {"AB1"}),
        ({"X/Data/x_uk.CSV": "AB1", "X/Data/multi_csv/X_UK_M.csv": "M2"}, {"AB1"}),
        ({"Data/multi_csv/X_UK_AB.csv": "AB1", "Data/multi_csv/X_UK_M.csv": "M2"}, {"AB1", "M2"}),
        ({"Documents/names.csv": "M2", "Data/X_UK.csv": "AB1"}, {"AB1"}),
        ({"only.csv": "AB1", "readme.txt": "M2", "only.csv.refused.csv": "M2"}, {"AB1"}),
    ],
)
def test_a_release_is_read_once_whatever_its_layout(importer, files, expected, is_folder):
    contents = {name: as_csv(rows(1, outward)) for name, outward in files.items()}
    if is_folder:
        for name, content in contents.items():
            importer.written(content, f"release/{name}")
    path = importer.folder / "release" if is_folder else importer.zip(contents)
    importer.report(path)
    assert {code.removesuffix("0AA") for code in importer.postcodes()} == expected


@pytest.mark.parametrize("folder", ["release/Data", "release/Data/multi_csv"])
def test_a_folder_inside_a_release_may_be_named(importer, folder):
    importer.written(as_csv(rows(2, "AB1")), "release/Data/multi_csv/X_UK_AB.csv")
    importer.written(as_csv(rows(2, "M2")), "release/Data/multi_csv/X_UK_M.csv")
    importer.report(importer.folder / folder)
    assert len(importer.postcodes()) == 4


def test_what_a_computer_adds_to_a_zip_file_is_no_file_of_it(importer):
    importer.report(importer.zip({"a.csv": WHOLE, "__MACOSX/._a.csv": b"\0\5", "._a.csv": b"\0"}))
    assert len(importer.postcodes()) == 3


@pytest.mark.parametrize(
    "content",
    [
        packed(WHOLE),
        b"\xef\xbb\xbf" + WHOLE,
        WHOLE.replace(b"\r\n", b"\n"),
        WHOLE.removesuffix(b"\r\n"),
        as_csv(rows(3), quoting=1).encode(),
    ],
)
def test_a_directory_may_be_written_in_many_ways(importer, content):
    importer.report(importer.written(content))
    assert len(importer.postcodes()) == 3


def test_names_in_windows_1252_do_not_stand_in_the_way(importer):
    content = as_csv([row(name="Ynys M\xf4n")], (*HEADER, "name")).encode("windows-1252")
    importer.report(importer.written(content))
    assert list(importer.postcodes()) == ["OL161AB"]


def test_refused_rows_go_to_the_current_folder_where_theirs_may_not_be_written_to(
    importer, monkeypatch
):
    here = importer.folder / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    path = importer.csv(*rows(20), row("nowhere"))
    # A folder stands where the file would be.
    (importer.folder / "directory.csv.refused.csv").mkdir()
    assert "The refused rows are in directory.csv.refused.csv." in importer.report(path)
    assert (here / "directory.csv.refused.csv").read_text().count("\n") == 2
