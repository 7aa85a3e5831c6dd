"""The event of a public address; what was merged into another listing leads to the same page of that.

With 308 a form that was sent on the way arrives whole. Caches keep that no longer than the page.
"""

from urllib.parse import urlencode

from flask import abort, redirect, request, url_for

from webapp.events.models import Event
from webapp.events.queries import event_of_address
from webapp.extensions import db
from webapp.security import Act, authorise


def public_event(public_id: str) -> Event:
    """Return the event that everybody may know of at an address; lead on, or find nothing there."""
    event = event_of_address(db.session, public_id) or abort(404)
    lead_on(event)
    authorise(None, Act.SEE, event)
    return event


def lead_on(event: Event) -> None:
    """Lead from a listing that was merged to the same page of the one that was kept."""
    kept = db.session.get(Event, event.merged_into_id) if event.merged_into_id else None
    if kept is None or not kept.is_public or request.endpoint is None:
        return
    values = {**(request.view_args or {}), "public_id": kept.public_id}
    # What the address says besides is no business of url_for, which would read it as its own.
    path = url_for(request.endpoint, **values, via=None)
    asked = urlencode(list(request.args.items(multi=True)))
    abort(redirect(f"{path}?{asked}" if asked else path, 308))
