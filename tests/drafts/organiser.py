"""Somebody who lists an event in a browser without script, page by page."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.checked_pages import Page, PageClient
from webapp.drafts.models import EventDraft
from webapp.events.models import Event
from webapp.outbox import OutgoingMail

WHAT = {
    "title": "Cake and tea for Elm Road",
    "description": "Come for a brew. Bring a cup.",
    "starts_on": "5 June 2027",
    "starts_at": "2pm",
    "ends_at": "5.30pm",
    "ends_on": "",
}
WHERE = {
    "venue_type": "public",
    "venue_name": "Deeplish Community Centre",
    "place": "Rochdale",
    "latitude": "",
    "longitude": "",
    "joining_link": "",
}
WHO = {"name": "Neighbours on Elm Road", "sector": "other", "email": "pat@example.org"}


@dataclass
class Organiser:
    """A browser, and what it does on the pages of listing an event."""

    client: PageClient
    session: Session

    def first_page(self, query: str = "") -> Page:
        """Open the first page."""
        return self.client.page(f"/host{query}")

    def send(self, page: Page, answers: dict[str, Any]) -> Page:
        """Send the form of a page."""
        return self.send_to(action_of(page), page, answers)

    def send_to(self, path: str, page: Page, answers: dict[str, Any]) -> Page:
        """Send answers with the token of a page that was opened before."""
        values = {**answers, "csrf_token": page.value("csrf_token")}
        return self.client.send(path, values, csrf=False)

    def begin(self, query: str = "?new=1", **changes: Any) -> str:
        """Send the first page rightly; return the address of the draft’s pages."""
        answer = self.send(self.first_page(query), WHAT | changes)
        assert answer.status == 303, answer.errors
        return answer.location.rpartition("/")[0]

    def say_where(self, draft: str, **changes: Any) -> Page:
        """Send the second page."""
        return self.client.send(f"{draft}/where", WHERE | changes)

    def say_who(self, draft: str, **changes: Any) -> Page:
        """Send the third page."""
        return self.client.send(f"{draft}/check", WHO | changes)

    def code(self) -> str:
        """Return the newest code that was sent."""
        statement = select(OutgoingMail).where(OutgoingMail.template == "sign_in_code")
        waiting = self.session.scalars(statement.order_by(OutgoingMail.send_before)).all()
        return waiting[-1].details["code"]

    def enter_code(self, draft: str, code: str | None = None) -> Page:
        """Send the code that came."""
        return self.client.send(f"{draft}/code", {"code": code or self.code()})

    def list_all(self, **changes: dict[str, Any]) -> Page:
        """Go all the way; return the answer to the code."""
        draft = self.begin(**changes.get("what", {}))
        assert self.say_where(draft, **changes.get("where", {})).status == 303
        assert self.say_who(draft, **changes.get("who", {})).status == 303
        return self.enter_code(draft)

    @property
    def events(self) -> list[Event]:
        """All events."""
        self.session.expire_all()
        return list(self.session.scalars(select(Event).order_by(Event.id)))

    @property
    def drafts(self) -> list[EventDraft]:
        """All drafts."""
        self.session.expire_all()
        return list(self.session.scalars(select(EventDraft)))

    def mails(self) -> list[str]:
        """Return which mails wait, but for codes."""
        statement = select(OutgoingMail.template).where(OutgoingMail.template != "sign_in_code")
        return list(self.session.scalars(statement))


def action_of(page: Page) -> str:
    """Return where the form of a page is sent to."""
    forms = (each for each in page.all("form") if each.find(".//*[@name='csrf_token']") is not None)
    return next(forms).get("action", "")
