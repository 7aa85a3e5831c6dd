"""Posters and sign-up sheets: pages to print, and the same as PDF."""

from pathlib import Path

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_login import current_user

from webapp.database import utc_now
from webapp.events.co_hosts import co_hosts_of
from webapp.events.models import Event
from webapp.events.page import EventPage
from webapp.events.queries import event_of_address
from webapp.extensions import db
from webapp.language import current_language
from webapp.paper.leaflet import Format, Leaflet
from webapp.paper.pdf import PdfBusyError, PdfError, make_pdf
from webapp.security import Act, authorise, signed_in

blueprint = Blueprint("paper", __name__)


@blueprint.get("/events/<public_id>/poster")
@signed_in
def poster(public_id: str) -> ResponseReturnValue:
    """Show a poster to print: `?size=a4` or `a5`."""
    leaflet = _leaflet(public_id)
    return render_template(
        "paper/poster.html",
        leaflet=leaflet,
        moment=leaflet.event.moment,
        format=_format(),
        formats=Format,
    )


@blueprint.get("/events/<public_id>/poster.pdf")
@signed_in
def poster_pdf(public_id: str) -> ResponseReturnValue:
    """Send a poster as PDF: `?size=a4` or `a5`."""
    leaflet, size = _leaflet(public_id), _format()
    html = render_template("paper/poster_pdf.html", leaflet=leaflet, format=size)
    return _pdf(html, leaflet, f"poster-{size}")


@blueprint.get("/events/<public_id>/sheet")
@signed_in
def sheet(public_id: str) -> ResponseReturnValue:
    """Show a sheet on which people write that they come."""
    leaflet = _leaflet(public_id)
    return render_template(
        "paper/sheet.html", leaflet=leaflet, moment=leaflet.event.moment, format=Format.A4
    )


@blueprint.get("/events/<public_id>/sheet.pdf")
@signed_in
def sheet_pdf(public_id: str) -> ResponseReturnValue:
    """Send the sheet as PDF."""
    leaflet = _leaflet(public_id)
    html = render_template("paper/sheet_pdf.html", leaflet=leaflet, format=Format.A4)
    return _pdf(html, leaflet, "sheet")


def _leaflet(public_id: str) -> Leaflet:
    event = _event_to_edit(public_id)
    address = url_for("events.short", public_id=public_id)
    return Leaflet.of(
        EventPage.of(event, current_language(), utc_now()),
        co_hosts_of(db.session, event.id),
        current_app.config["SETTINGS"].site_origin + address,
        event.moments[0].palette,
    )


def _event_to_edit(public_id: str) -> Event:
    event = event_of_address(db.session, public_id) or abort(404)
    authorise(current_user, Act.EDIT, event)
    return event


def _format() -> Format:
    return Format.asked_for(request.args.get("size"))


def _pdf(html: str, leaflet: Leaflet, name: str) -> ResponseReturnValue:
    """Send a paper as a file, or a page that says how to print it without one."""
    public_id, colours = leaflet.event.public_id, leaflet.colours
    try:
        content = make_pdf(
            html,
            render_template("moments/colours.css", light=colours.light, dark=colours.dark),
            origin=current_app.config["SETTINGS"].site_origin,
            static_path=current_app.static_url_path or "",
            static_folder=Path(current_app.static_folder or ""),
        )
    except PdfError as error:
        is_busy = isinstance(error, PdfBusyError)
        if not is_busy:
            current_app.logger.warning("no PDF can be made here: %s", error.__cause__)
        return render_template("paper/no_pdf.html", public_id=public_id, is_busy=is_busy), 503
    disposition = f'attachment; filename="{name}-{public_id}.pdf"'
    return Response(
        content, mimetype="application/pdf", headers={"Content-Disposition": disposition}
    )
