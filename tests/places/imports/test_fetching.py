"""Fetching a file from a publisher that is on this machine and misbehaves."""

import io
import os
import socket
import threading
import zipfile
from datetime import timedelta
from email.utils import format_datetime

import pytest

from tests.conftest import NOW
from tests.places.imports.publisher import (
    Publisher,
    as_json,
    broken_off,
    resumable,
    slow,
    status,
    whole,
)
from webapp.places.imports.fetching import Fetcher, FetchError, News
from webapp.places.imports.sources import BY_NAME

pytest.importorskip("requests", reason="the extra `data` is not installed")

POSTCODES, REGIONS = BY_NAME["postcodes"], BY_NAME["regions"]
PAGE = b"<!DOCTYPE html><html><body>Please accept our cookies</body></html>"


def _zip(text: bytes) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("Data/ONSPD_MAY_2026_UK.csv", text)
    return archive.getvalue()


OLD, NEW = _zip(os.urandom(100_000)), _zip(os.urandom(100_000))


@pytest.fixture
def publisher():
    with Publisher().open() as publisher:
        yield publisher


@pytest.fixture
def naps():
    return []


@pytest.fixture
def fetcher(tmp_path, naps):
    return Fetcher(tmp_path, sleep=naps.append, seconds=(2, 2))


def _fetch(fetcher, address, source=POSTCODES):
    return fetcher.fetch(source, address)


def _why_not(fetcher, address, source=POSTCODES):
    with pytest.raises(FetchError) as caught:
        fetcher.fetch(source, address)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def _asked_from(publisher):
    return int(publisher.questions[-1]["Range"].removeprefix("bytes=").removesuffix("-"))


def _left_in(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_fetched_whole(fetcher, publisher):
    fetched = _fetch(fetcher, publisher.answers("/zip", whole(NEW)))
    assert fetched.news is News.DOWNLOADED
    assert fetched.path.read_bytes() == NEW
    assert _left_in(fetcher.folder) == ["postcodes.zip", "postcodes.zip.origin"]


def test_a_download_that_breaks_off_goes_on_where_it_stopped(fetcher, publisher, naps):
    address = publisher.answers(
        "/zip", broken_off(NEW, 60_000, ETag='"new"'), resumable(NEW, '"new"')
    )
    assert _fetch(fetcher, address).path.read_bytes() == NEW
    assert 40_000 < _asked_from(publisher) <= 60_000
    assert naps == [1]


def test_it_goes_on_in_another_run_too(fetcher, publisher, tmp_path):
    address = publisher.answers("/zip", broken_off(NEW, 60_000, ETag='"new"'), status(403))
    _why_not(fetcher, address)
    publisher.answers("/zip", resumable(NEW, '"new"'))
    assert _fetch(Fetcher(tmp_path), address).path.read_bytes() == NEW
    assert 40_000 < _asked_from(publisher) <= 60_000


def test_a_server_that_ignores_range_is_read_from_the_start(fetcher, publisher):
    address = publisher.answers("/zip", broken_off(NEW, 60_000, ETag='"new"'), whole(NEW))
    assert _fetch(fetcher, address).path.read_bytes() == NEW


def test_a_server_that_cannot_tell_versions_apart_is_read_from_the_start(fetcher, publisher):
    address = publisher.answers("/zip", broken_off(NEW, 60_000, ETag='W/"new"'), whole(NEW))
    assert _fetch(fetcher, address).path.read_bytes() == NEW
    assert publisher.questions[1]["Range"] is None


def test_parts_of_two_versions_are_never_joined(fetcher, publisher):
    address = publisher.answers(
        "/zip", broken_off(OLD, 60_000, ETag='"old"'), resumable(NEW, '"new"')
    )
    assert _fetch(fetcher, address).path.read_bytes() == NEW
    assert publisher.questions[1]["If-Range"] == '"old"'


def test_nor_where_the_server_does_not_know_if_range(fetcher, publisher):
    def rest_of_another(to):
        to.headers.replace_header("If-Range", '"new"')
        resumable(NEW, '"new"')(to)

    address = publisher.answers(
        "/zip", broken_off(OLD, 60_000, ETag='"old"'), rest_of_another, resumable(NEW, '"new"')
    )
    assert _fetch(fetcher, address).path.read_bytes() == NEW


def test_a_part_that_is_longer_than_the_file_is_begun_anew(fetcher, publisher):
    short = _zip(b"short")
    address = publisher.answers(
        "/zip", broken_off(OLD, 60_000, ETag='"same"'), resumable(short, '"same"')
    )
    assert _fetch(fetcher, address).path.read_bytes() == short


def test_a_file_that_has_not_changed_is_not_downloaded_again(fetcher, publisher):
    address = publisher.answers("/zip", resumable(NEW, '"new"'))
    _fetch(fetcher, address)
    fetched = _fetch(fetcher, address)
    assert fetched.news is News.UNCHANGED
    assert fetched.path.read_bytes() == NEW
    assert publisher.questions[1]["If-None-Match"] == '"new"'


def test_a_file_that_has_changed_replaces_the_old_one(fetcher, publisher):
    address = publisher.answers("/zip", resumable(OLD, '"old"'), resumable(NEW, '"new"'))
    _fetch(fetcher, address)
    assert _fetch(fetcher, address).path.read_bytes() == NEW


def test_a_date_tells_versions_apart_where_there_is_no_tag(fetcher, publisher):
    date = "Fri, 01 May 2026 09:30:00 GMT"
    address = publisher.answers("/zip", whole(OLD, Last_Modified=date), whole(NEW))
    _fetch(fetcher, address)
    _fetch(fetcher, address)
    assert publisher.questions[1]["If-Modified-Since"] == date


def test_a_new_address_is_asked_for_all_of_it(fetcher, publisher):
    _fetch(fetcher, publisher.answers("/may", resumable(OLD, '"1"')))
    moved = publisher.answers("/august", resumable(NEW, '"1"'))
    assert _fetch(fetcher, moved).path.read_bytes() == NEW


def test_a_file_put_there_by_hand_is_used_as_it_is(fetcher, publisher):
    path = fetcher.folder / "postcodes.zip"
    path.write_bytes(OLD)
    fetched = _fetch(fetcher, publisher.answers("/zip", whole(NEW)))
    assert fetched.news is News.BY_HAND
    assert path.read_bytes() == OLD
    assert not publisher.asked


def test_so_is_one_put_in_the_place_of_a_fetched_one(fetcher, publisher):
    address = publisher.answers("/zip", resumable(OLD, '"old"'))
    path = _fetch(fetcher, address).path
    path.write_bytes(NEW)
    assert _fetch(fetcher, address).news is News.BY_HAND


def test_a_web_page_saved_by_hand_is_told_from_the_file(fetcher):
    (fetcher.folder / "postcodes.zip").write_bytes(PAGE)
    why = _why_not(fetcher, "http://127.0.0.1:9/")
    assert "postcodes.zip is not a zip file: it is a web page." in why


def test_a_web_page_instead_of_the_file_does_not_count(fetcher, publisher):
    address = publisher.answers("/zip", resumable(OLD, '"old"'), whole(PAGE))
    _fetch(fetcher, address)
    why = _why_not(fetcher, address)
    assert why.startswith("What 127.0.0.1 sends is not a zip file: it is a web page. Try again")
    assert f"by hand from {POSTCODES.page} and put it at {fetcher.folder}/postcodes.zip." in why
    assert (fetcher.folder / "postcodes.zip").read_bytes() == OLD
    assert _left_in(fetcher.folder) == ["postcodes.zip", "postcodes.zip.origin"]


def test_an_address_that_is_gone_says_which_setting_to_change(fetcher, publisher, naps):
    why = _why_not(fetcher, publisher.answers("/zip", status(404)))
    assert why.startswith("The publisher has moved it: 127.0.0.1 does not know its address (404).")
    assert "Set POSTCODES_URL to the new address, or download" in why
    assert naps == []


def test_a_busy_server_is_asked_again_when_it_says(fetcher, publisher, naps):
    address = publisher.answers("/zip", status(503, Retry_After="7"), status(503), whole(NEW))
    assert _fetch(fetcher, address).path.read_bytes() == NEW
    assert naps == [7, 2]


def test_it_may_say_so_as_a_date(fetcher, publisher, naps):
    date = format_datetime(NOW + timedelta(seconds=30), usegmt=True)
    _fetch(fetcher, publisher.answers("/zip", status(429, Retry_After=date), whole(NEW)))
    assert 25 < naps[0] <= 30


def test_a_server_that_asks_for_an_hour_is_not_waited_for(fetcher, publisher, naps):
    why = _why_not(fetcher, publisher.answers("/zip", status(503, Retry_After="3600")))
    assert "is too busy to answer (503). Try again in 60 minutes, or download" in why
    assert naps == []


def test_a_server_that_stays_busy_is_left_alone_in_the_end(fetcher, publisher, naps):
    why = _why_not(fetcher, publisher.answers("/zip", status(503)))
    assert why.startswith("127.0.0.1 is too busy to answer (503). Try again later, or download")
    assert naps == [1, 2, 4, 8, 16, 32, 60]


def test_a_server_that_claims_more_than_it_has_is_left_alone_in_the_end(fetcher, publisher):
    def liar(to):
        start = int((to.headers["Range"] or "bytes=0-").removeprefix("bytes=").removesuffix("-"))
        broken_off(NEW + b"x", len(NEW), ETag='"new"')(to) if not start else status(416)(to)

    why = _why_not(fetcher, publisher.answers("/zip", liar))
    assert "127.0.0.1" in why
    assert len(publisher.asked) == 8


def test_a_file_that_is_cut_short_does_not_count(fetcher, publisher):
    why = _why_not(fetcher, publisher.answers("/zip", whole(NEW[:60_000])))
    assert "is not a zip file: the zip file is damaged or not whole." in why
    assert _left_in(fetcher.folder) == []


def test_a_server_that_falls_asleep_is_asked_again(fetcher, publisher, tmp_path, naps):
    awake = threading.Event()
    impatient = Fetcher(tmp_path, sleep=naps.append, seconds=(2, 0.2))
    address = publisher.answers("/zip", slow(NEW, lambda: awake.wait(5)), whole(NEW))
    assert _fetch(impatient, address).path.read_bytes() == NEW
    awake.set()
    assert naps == [1]


def test_a_slow_server_is_waited_for(fetcher, publisher, naps):
    address = publisher.answers("/zip", slow(NEW, lambda: threading.Event().wait(0.3)))
    assert _fetch(fetcher, address).path.read_bytes() == NEW
    assert naps == []


def test_redirects_are_followed(fetcher, publisher):
    target = publisher.answers("/storage", whole(NEW))
    address = publisher.answers("/zip", status(302, Location=target))
    assert _fetch(fetcher, address).path.read_bytes() == NEW


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://127.0.0.1/x", "javascript:1"])
def test_but_only_to_web_addresses(fetcher, publisher, target):
    why = _why_not(fetcher, publisher.answers("/zip", status(302, Location=target)))
    assert why.startswith("127.0.0.1 sends us to where we do not follow")


def test_a_circle_of_redirects_ends(fetcher, publisher):
    address = publisher.answers("/zip", status(302, Location="/zip"))
    assert "sends us round in circles" in _why_not(fetcher, address)


def test_nobody_listening_says_what_to_download_by_hand(fetcher, naps):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{taken.getsockname()[1]}/zip"
        why = _why_not(fetcher, address)
        assert why.startswith("127.0.0.1 cannot be reached from here. Try again later, or download")
        assert naps == [1, 2]
        _why_not(fetcher, address, REGIONS)
        assert naps == [1, 2], "a host that was out of reach is tried once more, and not waited for"


def test_a_file_that_is_too_large_to_be_it_is_not_taken(fetcher, publisher):
    def endless(to):
        to.send_response(200)
        to.send_header("Content-Length", "9000000000")
        to.end_headers()

    why = _why_not(fetcher, publisher.answers("/zip", endless))
    assert "sends more than the 1500 MB that it can be" in why


def test_a_disk_without_room_is_said_before_it_is_full(fetcher, publisher, monkeypatch):
    room = type("Usage", (), {"free": 10_000})
    monkeypatch.setattr("shutil.disk_usage", lambda _folder: room)
    why = _why_not(fetcher, publisher.answers("/zip", whole(NEW)))
    assert why.startswith("The disk is full: ")


def test_a_folder_that_cannot_be_made_is_named(publisher, tmp_path):
    (tmp_path / "places").write_text("")
    why = _why_not(Fetcher(tmp_path / "places"), publisher.answers("/zip", whole(NEW)))
    assert why == f"{tmp_path}/places: File exists."


@pytest.mark.parametrize("address", ["ftp://example.org/x", "example.org", "https://", "file:///x"])
def test_a_setting_that_is_no_web_address_is_named(fetcher, address):
    assert _why_not(fetcher, address).startswith("POSTCODES_URL is no address that begins with")


def _release(number, name, created=0):
    return {"id": number * 32, "name": name, "title": "ONS Postcode Directory", "created": created}


def test_a_search_leads_to_the_newest_release(fetcher, publisher):
    search = publisher.answers(
        "/sharing/rest/search",
        as_json(
            {
                "results": [
                    _release("a", "ONSPD_User_Guide_August_2026.zip"),
                    _release("b", "ONSPD_MAY_2026.zip", created=9),
                    _release("c", "ONSPD_AUG_2026.zip", created=5),
                    {"id": "../..", "name": "ONSPD_NOV_2026.zip"},
                ]
            }
        ),
    )
    publisher.answers(f"/sharing/rest/content/items/{'c' * 32}/data", whole(NEW))
    assert _fetch(fetcher, f"{search}?f=json").path.read_bytes() == NEW


@pytest.mark.parametrize("found", [{}, {"results": []}, {"error": {"code": 400}}, [1]])
def test_a_search_that_finds_nothing_says_what_to_set(fetcher, publisher, found):
    search = publisher.answers("/sharing/rest/search", as_json(found))
    why = _why_not(fetcher, search)
    assert why.startswith("127.0.0.1 knows no release of it. Set POSTCODES_URL to the newest one’s")
