"""What a poster and a sign-up sheet say of an event: what everybody may know, at sizes that fit."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Self

from flask_babel import gettext as _
from flask_babel import ngettext

from geo.privacy import VenueType
from webapp.events.models import EventStatus
from webapp.events.page import EventPage
from webapp.filters import clock, hours, local, weekday_date, when
from webapp.groups.models import Group
from webapp.moments.colour import Palette
from webapp.paper.drawings import bunting, code
from webapp.paper.setting import (
    CALL,
    HOW,
    LINK,
    POSTER,
    SHEET,
    SHEET_HOW,
    SHEET_LINK,
    Line,
    Setting,
    Texts,
)

CO_HOSTS_NAMED = 5


class Format(StrEnum):
    """How large the paper is; A5 is A4 made smaller."""

    A4 = "a4"
    A5 = "a5"

    @classmethod
    def asked_for(cls, text: str | None) -> Self:
        """Return the format that an address asks for, A4 unless it is one of ours."""
        return cls(text) if text in set(cls) else cls("a4")


@dataclass(frozen=True)
class Leaflet:
    """An event on paper; `address` is the short one, `code` the same for phones."""

    event: EventPage
    poster: Setting
    sheet: Setting
    call: Line
    how: Line
    phone: Line
    link: Line
    sheet_link: Line
    address: str
    code: str
    bunting: str
    colours: Palette

    @classmethod
    def of(
        cls, event: EventPage, co_hosts: Sequence[Group], address: str, colours: Palette
    ) -> Self:
        """Set an event for paper, in the page’s language and the moment’s colour."""
        texts = _texts(event, co_hosts)
        site, _slash, path = address.partition("://")[2].partition("/")
        # In two parts, between which it may be broken.
        typed = f"{site} /{path}"
        return cls(
            event=event,
            poster=Setting.of(texts, POSTER),
            sheet=Setting.of(replace(texts, when=(when(event),), hosts="", facts=""), SHEET),
            call=Line.fitted(_call(event), CALL),
            how=Line.fitted(_("No account needed: scan the code, or type"), HOW),
            phone=Line.fitted(_("On your phone: scan the code, or type"), SHEET_HOW),
            link=Line.fitted(typed, LINK),
            sheet_link=Line.fitted(typed, SHEET_LINK),
            address=address,
            code=code(address),
            bunting=bunting(colours.light.moment),
            colours=colours,
        )


def _texts(event: EventPage, co_hosts: Sequence[Group]) -> Texts:
    return Texts(
        moment=event.moment.name,
        stamp=_stamp(event),
        title=event.title,
        when=_when(event),
        where=event.where,
        note=_note(event),
        hosts=_hosts(event, co_hosts),
        facts=_facts(event),
    )


def _call(event: EventPage) -> str:
    return _("Find out more") if _stamp(event) or event.is_over else _("Say you’re in")


def _stamp(event: EventPage) -> str:
    stamps = {EventStatus.CANCELLED: _("Cancelled"), EventStatus.POSTPONED: _("Postponed")}
    return stamps.get(event.status, "")


def _note(event: EventPage) -> str:
    """Say who tells the exact place, where the paper may not."""
    if event.venue_type is VenueType.PRIVATE:
        return _("At somebody’s home: ask the host for the address")
    return ""


def _when(event: EventPage) -> tuple[str, ...]:
    start, end = local(event.starts_at), local(event.ends_at)
    if start.date() == end.date():
        return weekday_date(start.date()), hours(event)
    first, last = weekday_date(start.date()), weekday_date(end.date())
    return (
        _("%(day)s, %(time)s", day=first, time=clock(start)),
        _("to %(day)s, %(time)s", day=last, time=clock(end)),
    )


def _hosts(event: EventPage, co_hosts: Sequence[Group]) -> str:
    names = [event.host_name, *(group.name for group in co_hosts[:CO_HOSTS_NAMED])]
    more = len(co_hosts) - CO_HOSTS_NAMED
    if more > 0:
        names.append(ngettext("%(num)s more group", "%(num)s more groups", more))
    return f"{_('Hosted by:')} {' · '.join(names)}"


def _facts(event: EventPage) -> str:
    details = event.details
    cost = _("Free") if details.is_free else (details.cost or "")
    return " · ".join([cost, *details.access])
