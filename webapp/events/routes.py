"""Pages of events: the list with its map, one event, and listing one."""

from typing import Any
from urllib.parse import urlsplit

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from webapp.database import utc_now
from webapp.events.calendar import calendar_file
from webapp.events.co_hosts import co_hosts_of
from webapp.events.finding import Nearby, address_of, choices_of, nearby_of_address
from webapp.events.leading import public_event
from webapp.events.listing import Listing
from webapp.events.page import EventPage
from webapp.events.pictures import picture_of
from webapp.events.queries import addresses_merged_into, changed_at
from webapp.extensions import csrf, db
from webapp.filters import local
from webapp.forms import without_invisible
from webapp.language import current_language
from webapp.moments.models import Moment
from webapp.moments.queries import current_moment, moment_of_slug
from webapp.moments.wording import WordedMoment
from webapp.partner_codes import carry
from webapp.places.answers import Ambiguous, Located
from webapp.places.locate import locate, place_chosen
from webapp.places.words import sentence_of
from webapp.pledges.queries import room_of_event, shown_people, tally_of_event, with_people
from webapp.security import public, refuse_foreign_origin, uncached
from webapp.vouching.queries import on_paper_of_event

blueprint = Blueprint("events", __name__)

LIST_MAX_AGE = 30
EVENT_MAX_AGE = 15
CALENDAR_MAX_AGE = 60
NEW_MAX_AGE = 3600
LONGEST_SEARCH = 100
# What a list’s address may ask for; anything else would reach url_for as an option of its own.
ASKED = ("moment", "place", "postcode", "retired", "lat", "lon")


@blueprint.get("/events")
@public(LIST_MAX_AGE)
def index() -> ResponseReturnValue:
    """List what is on: `?moment=`, near `?place=`, `?postcode=` (outward) or `?lat=&lon=`."""
    near = nearby_of_address(db.session, request.args, current_language())
    return _list_page(_moment_asked_for(), near)


@blueprint.get("/events/find")
@uncached
def found() -> ResponseReturnValue:
    """Lead a reload or a switch of language after a search to the list."""
    return redirect(url_for("events.index"))


@blueprint.post("/events/find")
@csrf.exempt
@uncached
def find() -> ResponseReturnValue:
    """Send a typed place to its list; a full postcode never becomes part of an address."""
    refuse_foreign_origin()
    carry(request.form.get("via", ""))
    typed = without_invisible(request.form.get("q", ""))[:LONGEST_SEARCH]
    moment = _moment_asked_for(without_invisible(request.form.get("moment", "")))
    chosen = place_chosen(db.session, request.form.get("place", type=int))
    answer = chosen or locate(db.session, typed)
    if isinstance(answer, Located):
        return redirect(address_of(answer, moment), 303)
    if isinstance(answer, Ambiguous):
        choices = choices_of(db.session, answer, moment, current_language())
        return _list_page(moment, None, q=typed, choices=choices, is_guess=answer.is_guess), 200
    return _list_page(moment, None, q=typed, find_error=sentence_of(answer)), 422


@blueprint.get("/events/<public_id>")
@public(EVENT_MAX_AGE)
def show(public_id: str) -> ResponseReturnValue:
    """Show one event, and let people say that they are in."""
    event = public_event(public_id)
    page = EventPage.of(event, current_language(), utc_now())
    tally = tally_of_event(db.session, event.id)
    return render_template(
        "events/event.html",
        event=page,
        moment=page.moment,
        co_hosts=co_hosts_of(db.session, event.id),
        picture=picture_of(db.session, event.id),
        link=_full_address(public_id),
        merged=addresses_merged_into(db.session, event.id),
        tally=tally,
        people=shown_people(tally.people, page.venue_type),
        on_paper=on_paper_of_event(db.session, event.id, page.venue_type),
        room=room_of_event(db.session, page, utc_now()),
        demonstration=page.is_demonstration,
    )


@blueprint.get("/events/<public_id>/calendar.ics")
@public(CALENDAR_MAX_AGE)
def calendar(public_id: str) -> ResponseReturnValue:
    """Send an event as a file for calendars."""
    event = public_event(public_id)
    file = calendar_file(
        EventPage.of(event, current_language(), utc_now()),
        url=_full_address(public_id),
        host=urlsplit(current_app.config["SETTINGS"].site_origin).hostname or "",
        changed_at=changed_at(db.session, event),
    )
    name = f"moment-map-{public_id}.ics"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(file, mimetype="text/calendar", headers=headers)


@blueprint.get("/events/new")
@public(NEW_MAX_AGE)
def new() -> ResponseReturnValue:
    """Lead old links to where an event is listed now."""
    return redirect(url_for("drafts.start"), 308)


@blueprint.get("/e/<public_id>")
@public(EVENT_MAX_AGE)
def short(public_id: str) -> ResponseReturnValue:
    """Lead from a poster’s short address, which people type, to the event."""
    event = public_event(public_id.lower())
    return redirect(url_for("events.show", public_id=event.public_id))


def _list_page(moment: Moment | None, near: Nearby | None, **more: Any) -> str:
    language, now = current_language(), utc_now()
    page = request.args.get("page", 1, type=int)
    listing = (
        Listing.of_moment(db.session, moment.id, near=near, page=page, language=language, now=now)
        if moment
        else Listing([], 0, 1, near)
    )
    context: dict[str, Any] = {
        "q": "", "find_error": None, "choices": (), "is_guess": False, **more,
    }  # fmt: skip
    return render_template(
        "events/list.html",
        moment=WordedMoment.of(moment, language) if moment else None,
        listing=listing,
        events=with_people(db.session, listing.rows),
        page_url=_address_of_page,
        demonstration=moment is not None and moment.is_demonstration,
        **context,
    )


def _address_of_page(number: int) -> str:
    asked: dict[str, Any] = {each: request.args[each] for each in ASKED if each in request.args}
    return url_for("events.index", **asked, page=number)


def _moment_asked_for(slug: str | None = None) -> Moment | None:
    slug = slug or request.args.get("moment")
    if slug:
        return moment_of_slug(db.session, slug) or abort(404)
    today = local(utc_now()).date()
    settings = current_app.config["SETTINGS"]
    return current_moment(db.session, today, demonstration=settings.is_development)


def _full_address(public_id: str) -> str:
    origin: str = current_app.config["SETTINGS"].site_origin
    # Whoever shares it was sent by somebody else than their readers.
    return origin + url_for("events.show", public_id=public_id, via=None)
