"""Pages on which trusted hosts enter how many people signed on paper."""

from uuid import UUID, uuid4

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from webapp.database import utc_now
from webapp.events.models import Event
from webapp.events.queries import event_of_address
from webapp.extensions import db
from webapp.security import Act, authorise, signed_in
from webapp.vouching.forms import PLACE_NAMES, SheetCorrectionForm, SheetForm
from webapp.vouching.models import SheetPlace, SheetReason
from webapp.vouching.sheets import (
    MOST_SHEETS,
    Sheet,
    TooManySheetsError,
    correct_sheet,
    enter_sheet,
    may_be_entered,
    sheet_of_event,
    sheets_of_event,
)
from webapp.vouching.trust import may_vouch

blueprint = Blueprint("sheets", __name__)


@blueprint.get("/events/<public_id>/on-paper")
@signed_in
def of_event(public_id: str) -> ResponseReturnValue:
    """Show a host the sheets of an event, and ask for another."""
    return _show(_hosted(public_id), SheetForm())


@blueprint.post("/events/<public_id>/on-paper")
@signed_in
def enter(public_id: str) -> ResponseReturnValue:
    """Enter how many people are on a sheet."""
    event, form, key = _hosted(public_id), SheetForm(), _key(request.form.get("key", ""))
    if not form.validate() or key is None:
        return _show(event, form), 422
    if _may_enter(event):
        try:
            enter_sheet(
                db.session,
                event,
                key,
                people=form.people.data,
                place=SheetPlace(form.place.data),
            )
        except TooManySheetsError:
            flash(_("That is as many sheets as an event can have."), "warning")
        else:
            db.session.commit()
            flash(_("It is entered. It stands apart from the pledges."))
    return redirect(url_for("sheets.of_event", public_id=public_id), 303)


@blueprint.get("/events/<public_id>/on-paper/<uuid:sheet>")
@signed_in
def correct(public_id: str, sheet: UUID) -> ResponseReturnValue:
    """Ask a host for another number of people on a sheet."""
    event = _hosted(public_id)
    found, form = _sheet(event, sheet), SheetCorrectionForm()
    form.people.data = found.people
    return _show_correction(event, found, form)


@blueprint.post("/events/<public_id>/on-paper/<uuid:sheet>")
@signed_in
def corrected(public_id: str, sheet: UUID) -> ResponseReturnValue:
    """Enter that another number of people is on a sheet."""
    event = _hosted(public_id)
    found, form, key = _sheet(event, sheet), SheetCorrectionForm(), _key(request.form.get("key"))
    if not form.validate() or key is None:
        return _show_correction(event, found, form), 422
    if _may_enter(event):
        reason = SheetReason(form.reason.data)
        correct_sheet(db.session, event, sheet, key, people=form.people.data, reason=reason)
        db.session.commit()
        flash(_("It is corrected."))
    return redirect(url_for("sheets.of_event", public_id=public_id), 303)


def _show(event: Event, form: SheetForm) -> str:
    sheets = sheets_of_event(db.session, event.id)
    return render_template(
        "vouching/sheets.html",
        event=event,
        form=form,
        key=_key(request.form.get("key")) or uuid4(),
        is_trusted=may_vouch(current_user, event),
        is_open=may_be_entered(event, utc_now()),
        sheets=sheets,
        people=sum(each.people for each in sheets),
        is_full=len(sheets) >= MOST_SHEETS,
        places=PLACE_NAMES,
    )


def _show_correction(event: Event, sheet: Sheet, form: SheetCorrectionForm) -> str:
    return render_template(
        "vouching/sheet.html",
        event=event,
        form=form,
        key=_key(request.form.get("key")) or uuid4(),
        is_open=_may_enter(event),
        sheet=sheet,
        places=PLACE_NAMES,
    )


def _may_enter(event: Event) -> bool:
    return may_vouch(current_user, event) and may_be_entered(event, utc_now())


def _key(typed: str | None) -> UUID | None:
    """Return what makes a form sent twice one entry; None where somebody changed it."""
    try:
        return UUID(typed)
    except (TypeError, ValueError):
        return None


def _sheet(event: Event, key: UUID) -> Sheet:
    return sheet_of_event(db.session, event.id, key) or abort(404)


def _hosted(public_id: str) -> Event:
    event = event_of_address(db.session, public_id) or abort(404)
    authorise(current_user, Act.EDIT, event)
    return event
