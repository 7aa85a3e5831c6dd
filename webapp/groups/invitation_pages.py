"""Coming into a group: by an invitation, or by asking to be let in."""

from datetime import datetime

from flask import abort, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from webapp.accounts.addresses import keyed_hash
from webapp.database import utc_now
from webapp.extensions import db
from webapp.groups.asking import ask_to_join, let_in, turn_down
from webapp.groups.blueprint import blueprint
from webapp.groups.invitation_rules import (
    AnswerError,
    AnswerFault,
    InvitingError,
    InvitingFault,
    fault_of,
)
from webapp.groups.invitations import Invitation, InvitationKind
from webapp.groups.inviting import accept, invitation_answered, refuse
from webapp.groups.member_forms import (
    ACCEPT,
    REFUSE,
    ROLE_NOTES,
    InvitationForm,
    RequestForm,
    SureForm,
)
from webapp.groups.models import Group, MemberRole
from webapp.groups.queries import group_of_slug, invitation_of_group, invitation_of_token, owners_of
from webapp.security import Act, authorise, signed_in, uncached


@blueprint.get("/invitations/<token>")
@uncached
def invitation(token: str) -> ResponseReturnValue:
    """Show an invitation to whoever has its link; who is not signed in is led there and back."""
    return _invitation_page(token, InvitationForm(formdata=None))


@blueprint.post("/invitations/<token>")
@signed_in
def answer_invitation(token: str) -> ResponseReturnValue:
    """Accept an invitation, or say no to it."""
    found = _invitation_of(token)
    form = InvitationForm()
    if found is None or not form.validate():
        return _invitation_page(token, form, 422)
    deed = accept if form.answer.data == ACCEPT else refuse
    try:
        deed(db.session, found, by=current_user, now=utc_now())
    except AnswerError:
        db.session.rollback()
        return _invitation_page(token, form, 409)
    invitation_answered(db.session, found, utc_now())
    db.session.commit()
    if deed is refuse:
        flash(_("You have said no. They are told so."))
        return redirect(url_for("organising.your_events"), 303)
    flash(_("You belong to the group now."))
    return redirect(url_for("groups.members", slug=found.group.slug), 303)


@blueprint.route("/groups/<slug>/ask", methods=["GET", "POST"])
@signed_in
def ask(slug: str) -> ResponseReturnValue:
    """Ask a group’s owners to be let in."""
    group = group_of_slug(db.session, slug) or abort(404)
    form, mistake = SureForm(), None
    if form.validate_on_submit():
        mistake = _asked(group)
        if mistake is None:
            db.session.commit()
            return redirect(url_for("groups.asked", slug=slug), 303)
    is_member = group.role_of(current_user) is not None
    page = render_template(
        "groups/ask.html", group=group, user=current_user, form=form, mistake=mistake,
        is_member=is_member, has_owner=bool(owners_of(db.session, group)),
    )  # fmt: skip
    return page, 422 if mistake else 200


@blueprint.get("/groups/<slug>/asked")
@signed_in
def asked(slug: str) -> ResponseReturnValue:
    """Say what happens now."""
    group = group_of_slug(db.session, slug) or abort(404)
    return render_template("groups/asked.html", group=group)


@blueprint.route("/groups/<slug>/requests/<int:number>", methods=["GET", "POST"])
@signed_in
def request(slug: str, number: int) -> ResponseReturnValue:
    """Let somebody in who asked, or say no."""
    group = group_of_slug(db.session, slug) or abort(404)
    authorise(current_user, Act.MANAGE, group)
    wanted = invitation_of_group(db.session, group, number) or abort(404)
    if wanted.kind is not InvitationKind.REQUEST or wanted.invited_by is None:
        abort(404)
    form, now = RequestForm(), utc_now()
    if form.validate_on_submit() and fault_of(wanted, None, now) is None:
        flash(_answered(wanted, form, now))
        db.session.commit()
        return redirect(url_for("groups.members", slug=slug), 303)
    page = render_template(
        "groups/request.html", group=group, wanted=wanted, form=form, notes=ROLE_NOTES,
        fault=fault_of(wanted, None, now),
    )  # fmt: skip
    return page, 422 if form.errors else 200


def _invitation_of(token: str) -> Invitation | None:
    key = current_app.config["SECRET_KEY"]
    return invitation_of_token(db.session, keyed_hash(key, "invitation", token))


def _invitation_page(token: str, form: InvitationForm, status: int = 200) -> ResponseReturnValue:
    """Show an invitation, or why it cannot be answered."""
    found = _invitation_of(token)
    user = current_user if current_user.is_authenticated else None
    fault = fault_of(found, user, utc_now()) if found else None
    page = render_template(
        "groups/invitation.html",
        invitation=found,
        form=form,
        fault=fault,
        user=user,
        is_mine=bool(user and found and found.answered_by_id == user.id),
        token=token,
    )
    return page, 404 if found is None else status if fault is None else max(status, 200)


def _asked(group: Group) -> str | None:
    """Ask; return why that was not possible."""
    key = current_app.config["SECRET_KEY"]
    try:
        ask_to_join(db.session, group, by=current_user, secret_key=key, now=utc_now())
    except InvitingError as error:
        return {
            InvitingFault.MEMBER_ALREADY: _("You belong to this group already."),
            InvitingFault.INVITED_ALREADY: _("You have asked already. They have not answered yet."),
            InvitingFault.TOO_MANY_TODAY: _("You have asked many groups today. Go on tomorrow."),
            InvitingFault.REFUSED_LATELY: _("They said no a short while ago."),
            InvitingFault.TOO_MANY_OPEN: _("Many people have asked. Try again in a few days."),
        }[error.fault]
    return None


def _answered(wanted: Invitation, form: RequestForm, now: datetime) -> str:
    try:
        if form.becomes.data == REFUSE:
            turn_down(db.session, wanted, by=current_user, now=now)
            return _("You have said no. They are told so.")
        let_in(db.session, wanted, MemberRole(form.becomes.data), by=current_user, now=now)
    except AnswerError as error:
        if error.fault is AnswerFault.WITHDRAWN:
            return _("They have taken their request back.")
        return _("Somebody else answered before you.")
    return _("They belong to the group now. They are told so.")
