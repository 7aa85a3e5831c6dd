"""What hosts do with their events, and the mails that the rest of the group gets about it."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from webapp.accounts.models import User
from webapp.events import life
from webapp.events.co_hosts import co_hosts_of
from webapp.events.mail_details import mail_details
from webapp.events.models import Event, EventStatus
from webapp.groups.models import Group
from webapp.groups.queries import addressees_of
from webapp.outbox import post_mail
from webapp.pledges.news import note_news
from webapp.pledges.places import let_in

# Later than this it is no news.
TOLD_WITHIN = timedelta(days=3)


def send_again(session: Session, event: Event, by: User, now: datetime) -> None:
    """Send a returned event once more."""
    life.submit(session, event, by, now)
    let_in(session, event, now)
    note_news(session, event, now)


def postpone_event(
    session: Session, event: Event, by: User, now: datetime, explanation: str
) -> None:
    """Postpone an event; the others who host it are told, and who promised to come."""
    life.postpone(session, event, by, now, explanation)
    note_news(session, event, now)
    tell_hosts(session, event, "event_postponed", by=by, now=now, explanation=explanation)


def cancel_event(session: Session, event: Event, by: User, now: datetime, explanation: str) -> None:
    """Cancel an event; the others who host it are told, and who promised to come."""
    life.cancel(session, event, by, now, explanation)
    note_news(session, event, now)
    tell_hosts(session, event, "event_cancelled", by=by, now=now, explanation=explanation)


def hide_event(session: Session, event: Event, by: User | None, now: datetime) -> None:
    """Hide an event and tell the others who host it; `by` is None where the link of a mail was used."""
    life.hide(session, event, by, now)
    note_news(session, event, now)
    tell_hosts(session, event, "event_hidden", by=by, now=now)


def take_back(session: Session, event: Event, by: User, now: datetime) -> None:
    """Show a hidden event again, or put on again what was postponed or cancelled."""
    if event.status is EventStatus.HIDDEN:
        life.show_again(session, event, by, now)
    else:
        life.restore(session, event, by, now)
    let_in(session, event, now)
    note_news(session, event, now)


def tell_hosts(
    session: Session,
    event: Event,
    template: str,
    *,
    by: User | None,
    now: datetime,
    **details: str,
) -> None:
    """Write to everybody who hosts an event but whoever has just changed it, and to its co-hosts."""
    told = {by.email} if by else set()
    tell_group(session, event, event.group, told, template, now, **details)
    for group in co_hosts_of(session, event.id):
        names = {"group_name": group.name, "host_name": event.group.name}
        about = {"news": template, "explanation": "", **names, **details}
        tell_group(session, event, group, told, "co_host_news", now, **about)


def tell_group(
    session: Session,
    event: Event,
    group: Group,
    told: set[str],
    template: str,
    now: datetime,
    **details: str,
) -> None:
    """Write to a group’s people, to each once however many of the groups they belong to."""
    for reader in addressees_of(session, group):
        if reader.email in told:
            continue
        told.add(reader.email)
        post_mail(
            session,
            template,
            to=reader.email,
            language=reader.language,
            send_before=now + TOLD_WITHIN,
            **mail_details(event, reader.language),
            **details,
        )


def note_saved(
    session: Session,
    event: Event,
    by: User,
    now: datetime,
    changes: dict[str, list[str | None]],
    explanation: str | None,
) -> None:
    """Note that an event was changed; of another time or place the others who host it are told."""
    life.note_edit(session, event, by, now, changes, explanation)
    if explanation:
        note_news(session, event, now)
        tell_hosts(session, event, "event_changed", by=by, now=now, explanation=explanation)
