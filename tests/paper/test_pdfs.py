"""Posters and sign-up sheets as PDF: one page, whole, and with nothing from outside."""

import re
import sys
from base64 import b64decode
from datetime import UTC, datetime
from importlib.abc import MetaPathFinder
from pathlib import Path
from typing import Any

import pytest
import segno
from pypdf import PdfReader
from sqlalchemy.orm import Session

from geo.privacy import VenueType
from tests.checked_pages import PageClient
from tests.paper.conftest import Listed, ReadPdf, size_of, text_of
from tests.pictures.made import jpeg
from webapp.events.models import EventStatus
from webapp.paper import pdf
from webapp.paper.drawings import code
from webapp.paper.pdf import make_pdf
from webapp.paper.printing import OwnFiles
from webapp.pictures.checks import PictureError
from webapp.pictures.conversion import convert
from webapp.staticfiles import package_folder

A4, A5 = (595, 842), (420, 595)
PAPERS = {"poster.pdf": A4, "poster.pdf?size=a5": A5, "poster.pdf?size=a3": A4, "sheet.pdf": A4}

TITLES = {
    "one letter": "X",
    "100 characters": "Tea, cake, a tug of war and a very long table for everybody who lives around Elm Road and Oak Street",
    "one word": "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch" * 2,
    "5,000 characters": "x" * 5_000,
    "Welsh": "Te a chacen ar Ffordd y Llwyfen: dewch i gwrdd â’ch cymdogion, ŵyl ŷd",
    "emoji": "🎉🎂 Street party 🎈",
    "only emoji": "🎉" * 60,
    "right to left": "مهرجان الجيران שכנים",
    "capitals": "W" * 100,
    "markup": "<script>alert(1)</script> {{ 7*7 }} <img src='https://evil.example/x.png'>",
}


@pytest.mark.parametrize("name", PAPERS)
def test_a_paper_is_one_page_of_its_size_and_says_the_event(
    listed: Listed, read_pdf: ReadPdf, name: str
) -> None:
    paper = read_pdf(listed(), name)

    assert (len(paper.pages), size_of(paper)) == (1, PAPERS[name])
    text = text_of(paper)
    for said in ("Neighbours’ Day", "Tea on Elm Road", "Saturday 5 June 2027", "2pm to 6pm",
                 "Deeplish Community Centre, Rochdale"):  # fmt: skip
        assert said in text


def test_a_poster_says_who_hosts_what_it_costs_and_how_to_say_that_one_is_in(
    listed: Listed, read_pdf: ReadPdf
) -> None:
    event = listed()
    text = text_of(read_pdf(event))
    for said in ("Hosted by: Neighbours on Elm Road", "Free", "Say you’re in", "No account needed",
                 f"/e/{event.public_id}"):  # fmt: skip
        assert said in text


def test_a_sheet_asks_for_a_first_name_and_a_number_alone(
    listed: Listed, read_pdf: ReadPdf
) -> None:
    text = text_of(read_pdf(listed(), "sheet.pdf"))
    for said in ("First name", "How many", "no address, no phone number", "tear this sheet up"):
        assert said in text


@pytest.mark.parametrize("title", TITLES.values(), ids=TITLES)
def test_every_title_stays_on_one_page(listed: Listed, read_pdf: ReadPdf, title: str) -> None:
    event = listed(title=title)
    for name in ("poster.pdf", "poster.pdf?size=a5", "sheet.pdf"):
        paper = read_pdf(event, name)
        assert len(paper.pages) == 1
        assert paper.metadata
        assert (paper.metadata.title or "").startswith(title)
        assert f"/e/{event.public_id}" in text_of(paper)


def heights_of(paper: PdfReader) -> list[tuple[float, str]]:
    """Return how far above the foot of the page each piece of text stands, in reading order."""
    found: list[tuple[float, str]] = []

    def note(text: str, page: Any, at: Any, *_rest: object) -> None:
        if text.strip():
            found.append((at[4] * page[1] + at[5] * page[3] + page[5], text.strip()))

    paper.pages[0].extract_text(visitor_text=note)
    return found


LONG = {
    "host": "The Elm Road, Oak Street and Ash Grove Residents’ and Tenants’ Association and Friends",
    "venue_name": "The Church Hall of St Bartholomew and All Saints behind the old library, first floor",
    "cost": "£3 for each of you, children and everybody out of work free, tea and cake included",
    "access_facts": ["step-free", "accessible-toilet", "hearing-loop", "quiet-space", "parking"],
}


@pytest.mark.parametrize("title", [each for each in TITLES.values() if len(each) < 200])
@pytest.mark.parametrize("more", [{}, LONG], ids=["short", "long"])
def test_texts_stand_below_one_another_and_above_the_code(
    session: Session, listed: Listed, read_pdf: ReadPdf, title: str, more: dict[str, Any]
) -> None:
    event = listed(title=title, **{name: more[name] for name in ("host", "venue_name") if more})
    event.cost, event.access_facts = more.get("cost"), more.get("access_facts", [])
    session.commit()
    for name in ("poster.pdf", "poster.pdf?size=a5"):
        paper = read_pdf(event, name)
        heights = [height for height, _text in heights_of(paper)]
        assert heights == sorted(heights, reverse=True)
        assert heights[0] < size_of(paper)[1]
        assert heights[-1] > 0
        call = next(height for height, text in heights_of(paper) if text.startswith("Say you"))
        above = [height for height in heights if height > call]
        assert min(above) - call > 0.08 * size_of(paper)[1]


def test_a_long_title_is_there_to_its_last_word(listed: Listed, read_pdf: ReadPdf) -> None:
    event = listed(title=TITLES["100 characters"])
    for name in ("poster.pdf", "poster.pdf?size=a5", "sheet.pdf"):
        assert "Oak Street" in text_of(read_pdf(event, name))


def test_a_home_is_told_by_its_town_alone(listed: Listed, read_pdf: ReadPdf) -> None:
    event = listed(venue_type=VenueType.PRIVATE, venue_name="12 Elm Road")
    for name in PAPERS:
        text = text_of(read_pdf(event, name))
        assert "12 Elm Road" not in text
        assert "Rochdale" in text
        assert "ask the host for the address" in text


def test_an_event_of_several_days_says_both(listed: Listed, read_pdf: ReadPdf) -> None:
    text = text_of(read_pdf(listed(ends_at=datetime(2027, 6, 6, 17, tzinfo=UTC))))
    assert "Saturday 5 June 2027, 2pm" in text
    assert "to Sunday 6 June 2027, 6pm" in text


@pytest.mark.parametrize(
    ("status", "word"), [(EventStatus.CANCELLED, "Cancelled"), (EventStatus.POSTPONED, "Postponed")]
)
def test_what_does_not_take_place_says_so(
    session: Session, listed: Listed, read_pdf: ReadPdf, status: EventStatus, word: str
) -> None:
    event = listed()
    event.status = status
    session.commit()
    text = text_of(read_pdf(event))
    assert word in text
    assert "Say you’re in" not in text


def test_a_welsh_poster_leads_to_the_welsh_page(listed: Listed, read_pdf: ReadPdf) -> None:
    event = listed()
    paper = read_pdf(event, language="/cy")
    text = text_of(paper)
    assert "Dydd Sadwrn 5 Mehefin 2027" in text
    assert "Diwrnod y Cymdogion" in text
    assert f"/cy/e/{event.public_id}" in text
    assert paper.trailer["/Root"]["/Lang"] == "cy"


def test_a_pdf_has_a_title_a_language_tags_and_its_faces_within(
    listed: Listed, read_pdf: ReadPdf
) -> None:
    paper = read_pdf(listed())
    root = paper.trailer["/Root"]

    assert root["/Lang"] == "en-GB"
    assert root["/MarkInfo"]["/Marked"]
    assert paper.metadata
    assert paper.metadata.title == "Tea on Elm Road: poster"
    fonts = paper.pages[0]["/Resources"]["/Font"]
    assert fonts
    for each in fonts.values():
        inner = each["/DescendantFonts"][0]["/FontDescriptor"]
        assert "/FontFile2" in inner or "/FontFile3" in inner
    assert any("Poster" in each["/BaseFont"] for each in fonts.values())
    assert any("Code to scan: http" in text for text in alternatives(root["/StructTreeRoot"]))


def alternatives(node: Any) -> list[str]:
    """Return the alternative texts of a PDF’s tags."""
    node = node.get_object() if hasattr(node, "get_object") else node
    if not hasattr(node, "get"):
        return []
    found = [node["/Alt"]] if "/Alt" in node else []
    kids = node.get("/K", [])
    kids = kids.get_object() if hasattr(kids, "get_object") else kids
    for kid in kids if isinstance(kids, list) else [kids]:
        found += alternatives(kid)
    return found


def test_the_code_is_the_short_address_as_segno_draws_it() -> None:
    address = "https://moment.example.org/e/bcdfghjkmn"
    svg = b64decode(code(address).partition(",")[2]).decode()
    matrix = segno.make(address, error="m", micro=False).matrix

    assert f'viewBox="0 0 {len(matrix)} {len(matrix)}"' in svg
    assert drawn(svg, len(matrix)) == [[bool(module) for module in row] for row in matrix]


def drawn(svg: str, size: int) -> list[list[bool]]:
    """Return which modules an SVG of horizontal strokes draws."""
    modules = [[False] * size for _ in range(size)]
    x = y = 0.0
    for command, numbers in re.findall(r"([Mmh])([-\d. ]+)", svg.partition(' d="')[2]):
        values = [float(each) for each in numbers.split()]
        if command == "M":
            x, y = values
        elif command == "m":
            x, y = x + values[0], y + values[1]
        else:
            for column in range(round(x), round(x + values[0])):
                modules[int(y)][column] = True
            x += values[0]
    return modules


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/x.png",
        "http://169.254.169.254/latest/meta-data",
        "http://localhost:5432/",
        "file:///etc/passwd",
        "ftp://evil.example/x",
        "https://site.example/static/../../secret_key",
        "https://site.example/static/%2e%2e/%2e%2e/etc/passwd",
        "https://site.example/account",
        "https://site.example/static/js/main.js",
    ],
)
def test_nothing_is_fetched_from_outside(address: str) -> None:
    fetcher = OwnFiles("https://site.example/static/", package_folder("static"))
    with pytest.raises((ValueError, OSError)):
        fetcher.fetch(address)


def test_our_style_sheets_are_fetched_and_what_the_page_holds() -> None:
    fetcher = OwnFiles("https://site.example/static/", package_folder("static"))
    assert b"@page" in fetcher.fetch("https://site.example/static/css/paper-a4.css").read()
    assert fetcher.fetch("data:text/plain,hello").read() == b"hello"


def test_a_page_that_asks_for_a_remote_picture_is_made_without_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []
    fetch = OwnFiles.fetch

    def note(self: OwnFiles, url: str, headers: Any = None) -> Any:
        asked.append(url)
        return fetch(self, url, headers)

    monkeypatch.setattr(OwnFiles, "fetch", note)
    html = "<html lang=en><title>x</title><h1>x</h1><img src='https://evil.example/x.png' alt=''>"
    made = make_pdf(
        html, "", origin="https://site.example", static_path="/static", static_folder=Path()
    )
    assert made.startswith(b"%PDF")
    assert asked == ["https://evil.example/x.png"]


def test_after_a_pdf_a_picture_that_is_cut_short_is_still_refused(
    listed: Listed, read_pdf: ReadPdf
) -> None:
    read_pdf(listed())
    with pytest.raises(PictureError):
        convert(jpeg()[:5_000])


def test_where_too_many_are_asked_for_a_page_says_so(
    client: PageClient, listed: Listed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "SECONDS_TO_WAIT", 0.01)
    event = listed()
    with pdf._one_at_a_time:
        page = client.page(f"/events/{event.public_id}/poster.pdf")
    assert page.status == 503
    assert "Try again in a minute" in page.text
    assert f"/events/{event.public_id}/poster" in page.links


@pytest.mark.parametrize("name", ["poster.pdf", "sheet.pdf"])
def test_where_libraries_are_missing_a_page_says_to_print_from_the_browser(
    client: PageClient, listed: Listed, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    without_libraries(monkeypatch)
    page = client.page(f"/events/{listed().public_id}/{name}")
    assert page.status == 503
    assert page.h1 == "Print it from your browser"


def without_libraries(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let WeasyPrint be imported anew, on a machine that lacks what it needs."""

    class NoPango(MetaPathFinder):
        def find_spec(self, name: str, *_rest: object) -> None:
            if name == "weasyprint":
                msg = "cannot load library 'libpango-1.0-0'"
                raise OSError(msg)

    for name in [*sys.modules]:
        if name.partition(".")[0] == "weasyprint" or name == "webapp.paper.printing":
            monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(sys, "meta_path", [NoPango(), *sys.meta_path])
