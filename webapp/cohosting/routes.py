"""Asking other groups to host with you, and answering."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from webapp.cohosting import actions
from webapp.cohosting.forms import InviteForm, SearchForm
from webapp.cohosting.queries import co_host_of, co_hosts_asked, groups_called
from webapp.cohosting.suggestions import groups_to_ask, sectors_within_a_mile, where_it_is_said
from webapp.database import utc_now
from webapp.events.co_hosts import CoHost
from webapp.events.models import Event
from webapp.events.queries import event_of_address
from webapp.extensions import db
from webapp.forms import Form
from webapp.groups.queries import group_of_slug
from webapp.groups.sectors import sector_name
from webapp.language import current_language
from webapp.networks.forms import AnswerForm
from webapp.security import Act, authorise, signed_in

blueprint = Blueprint("cohosting", __name__)


@blueprint.get("/events/<public_id>/co-hosts")
@signed_in
def co_hosts(public_id: str) -> ResponseReturnValue:
    """Show who hosts an event together and whom to ask; `?q=` searches by name."""
    return _page(_event_to_edit(public_id), InviteForm())


@blueprint.post("/events/<public_id>/co-hosts")
@signed_in
def invite(public_id: str) -> ResponseReturnValue:
    """Ask a group."""
    event, form = _event_to_edit(public_id), InviteForm()
    if not form.validate():
        return _page(event, form), 422
    mistake = _invite(event, form.group.data)
    if mistake:
        form.form_errors.append(mistake)
        return _page(event, form), 422
    db.session.commit()
    waits = _("Invited. The group hears of it once your event is published.")
    flash(_("Invited. The group gets a mail.") if event.is_public else waits)
    return redirect(url_for("cohosting.co_hosts", public_id=public_id), 303)


@blueprint.get("/events/<public_id>/co-hosts/<slug>/withdraw")
@signed_in
def withdraw(public_id: str, slug: str) -> ResponseReturnValue:
    """Say what becomes of an invitation that is taken back, or of a co-host."""
    asked = _asked(_event_to_edit(public_id), slug)
    return render_template("cohosting/withdraw.html", asked=asked, form=Form())


@blueprint.post("/events/<public_id>/co-hosts/<slug>/withdraw")
@signed_in
def withdrawn(public_id: str, slug: str) -> ResponseReturnValue:
    """Take an invitation back, or part from a co-host."""
    asked, form = _asked(_event_to_edit(public_id), slug), Form()
    if not form.validate():
        return render_template("cohosting/withdraw.html", asked=asked, form=form), 422
    actions.withdraw(db.session, asked, by=current_user, now=utc_now())
    db.session.commit()
    flash(_("Taken back."))
    return redirect(url_for("cohosting.co_hosts", public_id=public_id), 303)


@blueprint.get("/events/<public_id>/co-hosts/<slug>")
@signed_in
def answer(public_id: str, slug: str) -> ResponseReturnValue:
    """Show an invitation to those who may answer for the group."""
    return _answer_page(_asked_to_answer(public_id, slug), AnswerForm())


@blueprint.post("/events/<public_id>/co-hosts/<slug>")
@signed_in
def answered(public_id: str, slug: str) -> ResponseReturnValue:
    """Take a group’s answer; what can no longer be answered is said on the page."""
    asked, form = _asked_to_answer(public_id, slug), AnswerForm()
    if not form.validate():
        return _answer_page(asked, form), 422
    try:
        actions.answer(db.session, asked, accepts=form.accepts, by=current_user, now=utc_now())
        db.session.commit()
    except actions.InvitationClosedError:
        db.session.rollback()
    except actions.TooManyError:
        db.session.rollback()
        flash(_("This event has ten co-hosts by now, and takes no more."))
    return redirect(url_for("cohosting.answer", public_id=public_id, slug=slug), 303)


def _event_to_edit(public_id: str) -> Event:
    event = event_of_address(db.session, public_id) or abort(404)
    authorise(current_user, Act.EDIT, event)
    return event


def _asked(event: Event, slug: str) -> CoHost:
    return co_host_of(db.session, event, slug) or abort(404)


def _asked_to_answer(public_id: str, slug: str) -> CoHost:
    """Return an invitation that somebody may know of: once its event is public."""
    event = event_of_address(db.session, public_id) or abort(404)
    asked = _asked(event, slug) if event.is_public else abort(404)
    authorise(current_user, Act.EDIT, asked.group)
    return asked


def _page(event: Event, form: InviteForm) -> str:
    suggestions = groups_to_ask(db.session, event, language=current_language())
    search = SearchForm(request.args)
    typed = (search.q.data or "") if search.validate() else ""
    near = where_it_is_said(event)
    found = groups_called(db.session, typed, besides=event.group_id, near=near) if typed else []
    return render_template(
        "cohosting/co_hosts.html",
        event=event,
        form=form,
        asked=co_hosts_asked(db.session, event),
        suggestions=suggestions,
        within_a_mile=sectors_within_a_mile(suggestions),
        sector_name=sector_name,
        search=search,
        found=found,
        can_ask=actions.can_be_asked_for(event, utc_now()),
    )


def _answer_page(asked: CoHost, form: AnswerForm) -> str:
    is_open = actions.is_open(asked, utc_now())
    return render_template("cohosting/answer.html", asked=asked, is_open=is_open, form=form)


def _invite(event: Event, slug: str) -> str | None:
    """Ask a group; return why that is not possible, if so."""
    group = group_of_slug(db.session, slug) or abort(404)
    try:
        actions.invite(db.session, event, group, by=current_user, now=utc_now())
    except actions.CannotBeAskedError:
        return _("Nobody can be asked any more: this event is over, cancelled or hidden.")
    except actions.AskedAlreadyError:
        return _("This group is asked already, or hosts the event itself.")
    except actions.TooManyError:
        return _("You have asked as many groups as an event may have co-hosts.")
    except actions.NobodyToAskError:
        return _("Nobody runs this group on the site, so nobody could answer.")
    return None
