"""Pages on which staff decide, and on which the public tells what is wrong."""

from uuid import UUID, uuid4

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from webapp.accounts.addresses import client_bucket
from webapp.accounts.models import User
from webapp.corrections.queries import decisions_waiting, held_in_all
from webapp.database import utc_now
from webapp.events.leading import public_event
from webapp.events.life import LifeError
from webapp.events.listing import PAGE_SIZE, OnePage, page_number
from webapp.events.models import Event
from webapp.events.page import EventPage
from webapp.events.queries import event_of_address
from webapp.extensions import csrf, db
from webapp.groups.models import Group, Standing
from webapp.groups.queries import members_of, requests_without_owner
from webapp.groups.sectors import sector_name
from webapp.language import current_language
from webapp.moderation.actions import NewConcern, raise_concern, set_standing
from webapp.moderation.decisions import DecidedError, Decision, decide
from webapp.moderation.forms import ConcernForm, DecisionForm, GroupSearchForm, StandingForm
from webapp.moderation.models import ConcernKind
from webapp.moderation.queries import (
    group_for_staff,
    groups_named,
    items_waiting,
    standing_changes_of,
    waiting,
)
from webapp.moderation.review import Review
from webapp.moderation.wording import (
    CONCERN_NAMES,
    DECIDED,
    DECISION_NOTES,
    STATUS_NAMES,
    age,
    decided_sentence,
)
from webapp.security import refuse_foreign_origin, uncached
from webapp.security import staff as staff_only

blueprint = Blueprint("moderation", __name__)


@blueprint.get("/staff")
@staff_only
def staff() -> ResponseReturnValue:
    """Show staff what waits, and lead them to networks and groups."""
    return render_template(
        "moderation/staff.html",
        waiting=waiting(db.session),
        held=held_in_all(db.session),
        decisions_waiting=decisions_waiting(db.session),
        requests=requests_without_owner(db.session, utc_now()),
        form=GroupSearchForm(),
        **_age(),
    )


@blueprint.get("/staff/review")
@staff_only
def queue() -> ResponseReturnValue:
    """List what waits, the oldest first."""
    page = page_number(request.args.get("page", 1, type=int))
    rows = items_waiting(db.session, limit=PAGE_SIZE, offset=PAGE_SIZE * (page - 1))
    summary = waiting(db.session)
    listing = OnePage(rows, summary.items, page)
    return render_template("moderation/queue.html", listing=listing, waiting=summary, **_age())


@blueprint.get("/staff/review/<public_id>")
@staff_only
def review(public_id: str) -> ResponseReturnValue:
    """Show one event with all that staff need to decide about it."""
    found = _review_or_404(public_id)
    form = DecisionForm(found.decisions)
    form.version.data, form.concern.data = str(found.event.version), str(found.newest_concern)
    return _show_review(found, form)


@blueprint.post("/staff/review/<public_id>")
@staff_only
def decide_about(public_id: str) -> ResponseReturnValue:
    """Do what staff decided, and go on to the next item."""
    found = _review_or_404(public_id)
    form = DecisionForm(tuple(Decision))
    if not form.validate():
        form.offer(found.decisions)
        return _show_review(found, form), 422
    refusal = _decided(found.event, form)
    if refusal:
        db.session.rollback()
        flash(refusal, "warning")
        return redirect(url_for("moderation.review", public_id=public_id), 303)
    db.session.commit()
    flash(f"{DECIDED[Decision(form.decision.data)]} {found.event.title}")
    return redirect(_next_item(), 303)


@blueprint.get("/staff/groups")
@staff_only
def groups() -> ResponseReturnValue:
    """Find groups by their name."""
    form, page = GroupSearchForm(request.args), page_number(request.args.get("page", 1, type=int))
    text = form.q.data if form.validate() and form.q.data else ""
    rows, total = groups_named(db.session, text, limit=PAGE_SIZE, offset=PAGE_SIZE * (page - 1))
    listing = OnePage(rows, total, page)
    status = 422 if form.errors else 200
    names = {each.id: sector_name(each.sector) for each in rows}
    return render_template(
        "moderation/groups.html", form=form, text=text, listing=listing, sector_names=names
    ), status


@blueprint.get("/staff/groups/<slug>")
@staff_only
def group(slug: str) -> ResponseReturnValue:
    """Show staff a group: whom to call, and how far it is trusted."""
    return _show_group(_group_or_404(slug), StandingForm())


@blueprint.post("/staff/groups/<slug>")
@staff_only
def change_standing(slug: str) -> ResponseReturnValue:
    """Trust a group, or no longer."""
    found, form = _group_or_404(slug), StandingForm()
    if not form.validate():
        return _show_group(found, form), 422
    wanted = Standing(form.standing.data)
    set_standing(db.session, found, wanted, by=current_user, reason=form.reason.data, now=utc_now())
    db.session.commit()
    return redirect(url_for("moderation.group", slug=slug), 303)


@blueprint.get("/events/<public_id>/report")
@uncached
def report(public_id: str) -> ResponseReturnValue:
    """Ask what is wrong with an event."""
    return _ask_what_is_wrong(public_event(public_id), ConcernForm(), uuid4())


@blueprint.post("/events/<public_id>/report")
@csrf.exempt
@uncached
def tell(public_id: str) -> ResponseReturnValue:
    """Keep what somebody tells of an event."""
    refuse_foreign_origin()
    event, form = public_event(public_id), ConcernForm()
    if not form.is_from_a_program:
        if not form.validate():
            return _ask_what_is_wrong(event, form, _nonce()), 422
        _raise_concern(event, form)
        db.session.commit()
    return redirect(url_for("moderation.told", public_id=public_id), 303)


@blueprint.get("/events/<public_id>/told")
@uncached
def told(public_id: str) -> ResponseReturnValue:
    """Thank whoever told us, whether or not a limit was reached."""
    page = EventPage.of(public_event(public_id), current_language(), utc_now())
    return render_template("moderation/told.html", event=page, moment=page.moment)


def _review_or_404(public_id: str) -> Review:
    event = event_of_address(db.session, public_id) or abort(404)
    return Review.of(
        db.session, event, reader=current_user, language=current_language(), now=utc_now()
    )


def _group_or_404(slug: str) -> Group:
    return group_for_staff(db.session, slug) or abort(404)


def _nonce() -> UUID:
    """Return the form’s nonce; a new one where it is odd, which costs nobody but its sender."""
    try:
        return UUID(request.form.get("nonce", ""))
    except ValueError:
        return uuid4()


def _age() -> dict[str, object]:
    return {"age": age, "now": utc_now()}


def _next_item() -> str:
    following = items_waiting(db.session, limit=1)
    if not following:
        return url_for("moderation.queue")
    return url_for("moderation.review", public_id=following[0].event.public_id)


def _decided(event: Event, form: DecisionForm) -> str | None:
    """Do what a form decides; return a sentence where that was not possible any more."""
    try:
        decide(
            db.session,
            event,
            Decision(form.decision.data),
            seen=form.seen,
            by=current_user,
            reason=form.reason.data or "",
            now=utc_now(),
        )
    except DecidedError as decided:
        return decided_sentence(decided.change)
    except LifeError as refused:
        return str(refused.sentence)
    return None


def _raise_concern(event: Event, form: ConcernForm) -> None:
    new = NewConcern(
        nonce=_nonce(),
        kind=ConcernKind(form.kind.data),
        text=form.text.data or "",
        client=client_bucket(request.remote_addr),
    )
    secret_key = current_app.config["SECRET_KEY"]
    raise_concern(db.session, event, new, secret_key=secret_key, now=utc_now())


def _ask_what_is_wrong(event: Event, form: ConcernForm, nonce: UUID) -> str:
    page = EventPage.of(event, current_language(), utc_now())
    return render_template(
        "moderation/report.html",
        form=form,
        nonce=nonce,
        event=page,
        moment=page.moment,
        demonstration=page.is_demonstration,
    )


def _show_review(found: Review, form: DecisionForm) -> str:
    notes = {each.value: DECISION_NOTES[each] for each in found.decisions}
    return render_template(
        "moderation/review.html",
        review=found,
        event=found.page,
        form=form,
        notes=notes,
        concern_names=CONCERN_NAMES,
        status_names=STATUS_NAMES,
        **_age(),
    )


def _show_group(found: Group, form: StandingForm) -> str:
    return render_template(
        "moderation/group.html",
        group=found,
        sector_name=sector_name(found.sector),
        members=members_of(db.session, found),
        helper=db.session.get(User, found.helper_id) if found.helper_id else None,
        changes=standing_changes_of(db.session, found.id),
        form=form,
    )
