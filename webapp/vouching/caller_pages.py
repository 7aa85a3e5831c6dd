"""Where staff and trusted hosts choose what a caller wants to take part in, or find an earlier call."""

from typing import Any
from urllib.parse import parse_qsl, urlsplit

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from geo.points import Point
from webapp.database import utc_now
from webapp.events.finding import Choice, address_of, choices_of, nearby_of_address
from webapp.events.models import EventStatus
from webapp.events.queries import EventRow, events_of_groups, events_of_moment
from webapp.extensions import db
from webapp.filters import local
from webapp.groups.models import Group
from webapp.groups.queries import groups_of
from webapp.language import current_language
from webapp.moments.queries import current_moment, moments_to_come
from webapp.moments.wording import WordedMoment
from webapp.places.answers import Ambiguous, Located
from webapp.places.locate import locate
from webapp.places.words import sentence_of
from webapp.pledges.nonces import NonceSigner
from webapp.security import signed_in
from webapp.security import staff as staff_only
from webapp.vouching.callers import call_of_code, calls_by_hour
from webapp.vouching.forms import PURPOSE_NAMES, CodeForm, PlaceSearchForm
from webapp.vouching.trust import is_believed
from webapp.vouching.windows import windows_lately

blueprint = Blueprint("callers", __name__)

EVENTS_SHOWN = 10


@blueprint.get("/for-a-caller")
@signed_in
def start() -> ResponseReturnValue:
    """Choose an event, near `?place=`, `?postcode=` or `?lat=&lon=`, or a moment at home."""
    return _show(_groups(), PlaceSearchForm(), CodeForm())


@blueprint.post("/for-a-caller")
@signed_in
def find() -> ResponseReturnValue:
    """Look near a typed place; a full postcode never becomes part of an address."""
    groups, form = _groups(), PlaceSearchForm()
    if not form.validate():
        return _show(groups, form, CodeForm()), 422
    answer = locate(db.session, form.q.data or "")
    if isinstance(answer, Located):
        return redirect(_here(address_of(answer, None)), 303)
    if isinstance(answer, Ambiguous):
        choices = choices_of(db.session, answer, None, current_language())
        return _show(groups, form, CodeForm(), choices=choices)
    form.q.errors = [sentence_of(answer)]
    return _show(groups, form, CodeForm()), 422


@blueprint.post("/for-a-caller/code")
@signed_in
def find_code() -> ResponseReturnValue:
    """Lead from the code of an earlier call to its receipt."""
    groups, form = _groups(), CodeForm()
    receipt = None
    if form.validate():
        receipt = call_of_code(db.session, form.code.data or "", by=current_user, groups=groups)
    if receipt is None:
        if not form.errors:
            form.refuse()
        return _show(groups, PlaceSearchForm(formdata=None), form), 422
    token = NonceSigner(current_app.config["SECRET_KEY"]).sign_receipt(receipt)
    return redirect(url_for("pledges.receipt", token=token), 303)


@blueprint.get("/staff/callers")
@staff_only
def by_hour() -> ResponseReturnValue:
    """Show staff who took how many callers’ pledges in each hour of a day, and a day’s windows."""
    now = utc_now()
    return render_template(
        "vouching/by_hour.html",
        hours=calls_by_hour(db.session, now),
        windows=windows_lately(db.session, now),
        purposes=PURPOSE_NAMES,
        now=now,
    )


def _show(
    groups: list[Group],
    form: PlaceSearchForm,
    code_form: CodeForm,
    choices: list[Choice] | None = None,
) -> str:
    language, today = current_language(), local(utc_now()).date()
    near = nearby_of_address(db.session, request.args, language) if _may_search() else None
    return render_template(
        "vouching/for_a_caller.html",
        form=form,
        code_form=code_form,
        may_search=_may_search(),
        near=near,
        events=_near(near.point) if near else [],
        choices=[(each, _here(each.url)) for each in choices or ()],
        own=_own(groups),
        moments=[WordedMoment.of(each, language) for each in moments_to_come(db.session, today)],
    )


def _groups() -> list[Group]:
    """Return the groups of whoever may take callers’ pledges; nobody else gets further."""
    groups = groups_of(db.session, current_user)
    if not is_believed(current_user, groups):
        abort(403)
    return groups


def _may_search() -> bool:
    return bool(current_user.is_staff)


def _near(point: Point) -> list[EventRow]:
    now = utc_now()
    is_development = current_app.config["SETTINGS"].is_development
    moment = current_moment(db.session, local(now).date(), demonstration=is_development)
    if moment is None:
        return []
    return events_of_moment(
        db.session,
        moment.id,
        language=current_language(),
        near=point,
        not_over_at=now,
        limit=EVENTS_SHOWN,
    )


def _own(groups: list[Group]) -> list[EventRow]:
    """Return what groups that are trusted have to come."""
    trusted = [group.id for group in groups if group.is_trusted]
    rows = events_of_groups(db.session, trusted, language=current_language())
    now = utc_now()
    return [row for row in rows if row.status is EventStatus.PUBLISHED and row.ends_at > now]


def _here(list_address: str) -> str:
    """Return our own address near the place of a list’s."""
    asked = dict(parse_qsl(urlsplit(list_address).query))
    where: dict[str, Any] = {
        name: asked[name] for name in ("place", "postcode", "lat", "lon") if name in asked
    }
    return url_for("callers.start", **where)
