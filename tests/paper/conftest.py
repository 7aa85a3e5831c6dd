"""What the tests of paper share: an event of somebody who is signed in, and PDFs to read."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader
from sqlalchemy.orm import Session

from tests.checked_pages import PageClient
from tests.factories.events import make_event
from tests.factories.groups import make_group
from webapp.accounts.models import User
from webapp.events.models import Event

Listed = Callable[..., Event]
ReadPdf = Callable[..., PdfReader]


@pytest.fixture
def listed(session: Session, sign_in: Callable[..., User]) -> Listed:
    """List an event as whoever is signed in then."""
    user = sign_in()

    def listed(**changes: Any) -> Event:
        group = changes.pop("group", None) or make_group(
            session, name=changes.pop("host", "Neighbours on Elm Road"), by=user
        )
        event = make_event(session, group=group, by=user, **changes)
        session.commit()
        return event

    return listed


@pytest.fixture
def read_pdf(client: PageClient) -> ReadPdf:
    """Fetch a PDF of an event and open it."""

    def read(event: Event, name: str = "poster.pdf", language: str = "") -> PdfReader:
        answer = client.get(f"{language}/events/{event.public_id}/{name}")
        assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
        return PdfReader(BytesIO(answer.data))

    return read


def text_of(pdf: PdfReader) -> str:
    """Return what a PDF says, with single spaces."""
    return " ".join(" ".join(page.extract_text() for page in pdf.pages).split())


def size_of(pdf: PdfReader) -> tuple[int, int]:
    """Return the width and height of its first page in points."""
    box = pdf.pages[0].mediabox
    return round(box.width), round(box.height)
