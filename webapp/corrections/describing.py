"""Conditions as pages tell them."""

from collections.abc import Iterator
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from webapp.corrections.conditions import AT_HOME, Conditions
from webapp.corrections.wording import WHATS, WHYS
from webapp.events.models import Event
from webapp.filters import clock, weekday_date
from webapp.places.models import Area


def described(session: Session, conditions: Conditions) -> list[tuple[str, str]]:
    """Return what pledges had to be like, each condition with its name."""
    return list(_described(session, conditions))


def _described(session: Session, conditions: Conditions) -> Iterator[tuple[str, str]]:
    yield _("Which pledges?"), str(WHATS[conditions.what])
    if conditions.source:
        yield _("Source"), conditions.source
    if conditions.event_id is not None:
        yield _("Event"), _event(session, conditions.event_id)
    if conditions.area:
        area = session.get(Area, conditions.area)
        yield _("Area"), area.name if area else conditions.area
    if conditions.why:
        yield _("Why they are held"), str(WHYS[conditions.why])
    if conditions.via:
        yield _("Partner code"), conditions.via
    if conditions.since:
        yield _("Pledged from"), _when(conditions.since)
    yield _("Pledged until"), _when(conditions.until)


def _event(session: Session, event_id: int) -> str:
    if event_id == AT_HOME:
        return _("At home")
    event = session.get(Event, event_id)
    return event.title if event else _("An event that is gone")


def _when(moment: datetime) -> str:
    return f"{weekday_date(moment)}, {clock(moment)}"
