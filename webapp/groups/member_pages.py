"""Who belongs to a group: the list, a role, handing over, leaving."""

from flask import abort, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from webapp.accounts.addresses import normalise_email
from webapp.database import utc_now
from webapp.extensions import db
from webapp.groups.blueprint import blueprint
from webapp.groups.invitation_rules import GOOD_FOR, AnswerError, InvitingError, InvitingFault
from webapp.groups.invitations import Invitation, InvitationKind
from webapp.groups.inviting import invite, withdraw
from webapp.groups.member_forms import (
    REMOVE,
    ROLE_NOTES,
    STAY,
    HandOverForm,
    InviteForm,
    MemberForm,
    SureForm,
)
from webapp.groups.membership import (
    LastOwnerError,
    NotAMemberError,
    give_role,
    hand_over,
    is_last_owner,
    membership_of,
    remove_member,
)
from webapp.groups.models import Group, MemberRole, Membership
from webapp.groups.queries import group_of_slug, invitation_of_group, members_of, waiting_at
from webapp.outbox import post_mail
from webapp.security import Act, authorise, may, signed_in


@blueprint.get("/groups/<slug>/members")
@signed_in
def members(slug: str) -> ResponseReturnValue:
    """Show members who belongs to their group; owners invite and answer here."""
    group = _group_of_member(slug)
    return _members_page(group, InviteForm(formdata=None))


@blueprint.post("/groups/<slug>/members")
@signed_in
def invite_member(slug: str) -> ResponseReturnValue:
    """Invite an address."""
    group = _managed_group(slug)
    form = InviteForm()
    if not (form.validate() and _invited(group, form)):
        return _members_page(group, form), 422
    db.session.commit()
    flash(_("The invitation is on its way. It is good for two weeks."))
    return redirect(url_for("groups.members", slug=slug), 303)


@blueprint.route("/groups/<slug>/members/<int:user_id>", methods=["GET", "POST"])
@signed_in
def member(slug: str, user_id: int) -> ResponseReturnValue:
    """Change what somebody is in the group, or let them belong to it no more."""
    group = _managed_group(slug)
    held = _member_or_404(group, user_id)
    form = MemberForm(becomes=held.role.value)
    if form.validate_on_submit() and _changed(group, held, form):
        db.session.commit()
        flash(_("Saved."))
        return redirect(url_for("groups.members", slug=slug), 303)
    page = render_template(
        "groups/member.html", group=group, member=held, form=form, notes=_notes_of_roles()
    )
    return page, 422 if form.errors else 200


@blueprint.route("/groups/<slug>/hand-over", methods=["GET", "POST"])
@signed_in
def hand_over_group(slug: str) -> ResponseReturnValue:
    """Let another member look after the group instead."""
    group = _managed_group(slug)
    mine = _member_or_404(group, current_user.id)
    if mine.role is not MemberRole.OWNER:
        abort(403)
    form = HandOverForm(heirs=_heirs(group))
    if form.validate_on_submit() and _handed_over(group, form):
        db.session.commit()
        flash(_("The group is handed over. We have told them."))
        return redirect(url_for("groups.show", slug=slug), 303)
    page = render_template("groups/hand_over.html", group=group, form=form)
    return page, 422 if form.errors else 200


@blueprint.route("/groups/<slug>/leave", methods=["GET", "POST"])
@signed_in
def leave(slug: str) -> ResponseReturnValue:
    """Belong to a group no more; its last owner hands it over first."""
    group = _group_of_member(slug)
    _member_or_404(group, current_user.id)
    form = SureForm()
    if form.validate_on_submit():
        try:
            remove_member(db.session, group, current_user.id)
        except (LastOwnerError, NotAMemberError):
            return redirect(url_for("groups.leave", slug=slug), 303)
        db.session.commit()
        flash(_("You have left the group."))
        return redirect(url_for("organising.your_events"), 303)
    last = is_last_owner(db.session, group, current_user)
    return render_template("groups/leave.html", group=group, form=form, is_last_owner=last)


@blueprint.route("/groups/<slug>/invitations/<int:number>/withdraw", methods=["GET", "POST"])
@signed_in
def withdraw_invitation(slug: str, number: int) -> ResponseReturnValue:
    """Take an invitation back."""
    group = _managed_group(slug)
    invitation = invitation_of_group(db.session, group, number) or abort(404)
    if invitation.kind is not InvitationKind.MEMBER:
        abort(404)
    form = SureForm()
    if form.validate_on_submit():
        flash(_withdrawn(invitation))
        db.session.commit()
        return redirect(url_for("groups.members", slug=slug), 303)
    return render_template("groups/withdraw.html", group=group, invitation=invitation, form=form)


def _group_of_member(slug: str) -> Group:
    """Return the group of an address to its members and to staff: who they are concerns nobody else."""
    group = group_of_slug(db.session, slug) or abort(404)
    if group.role_of(current_user) is None:
        authorise(current_user, Act.MANAGE, group)
    return group


def _managed_group(slug: str) -> Group:
    group = group_of_slug(db.session, slug) or abort(404)
    authorise(current_user, Act.MANAGE, group)
    return group


def _member_or_404(group: Group, user_id: int) -> Membership:
    try:
        return membership_of(db.session, group, user_id)
    except NotAMemberError:
        abort(404)


def _members_page(group: Group, form: InviteForm) -> str:
    manages = may(current_user, Act.MANAGE, group)
    waiting = waiting_at(db.session, group, utc_now()) if manages else []
    return render_template(
        "groups/members.html",
        group=group,
        user=current_user,
        members=members_of(db.session, group),
        manages=manages,
        requests=[each for each in waiting if each.kind is InvitationKind.REQUEST],
        invitations=[each for each in waiting if each.kind is InvitationKind.MEMBER],
        form=form,
        notes=ROLE_NOTES,
    )


def _invited(group: Group, form: InviteForm) -> bool:
    """Invite whom a form names; else say beside the address why not."""
    try:
        invite(
            db.session,
            group,
            normalise_email(form.email.data),
            MemberRole(form.role.data),
            by=current_user,
            secret_key=current_app.config["SECRET_KEY"],
            now=utc_now(),
        )
    except InvitingError as error:
        form.email.errors = [_why_not_invited(error.fault)]
        return False
    return True


def _why_not_invited(fault: InvitingFault) -> str:
    return {
        InvitingFault.MEMBER_ALREADY: _("This person belongs to the group already."),
        InvitingFault.INVITED_ALREADY: _(
            "This address has an open invitation. Withdraw it to send another."
        ),
        InvitingFault.TOO_MANY_OPEN: _(
            "Twenty invitations are open. Wait for answers, or withdraw some."
        ),
        InvitingFault.TOO_MANY_TODAY: _(
            "You have invited many people today. Invite the others tomorrow."
        ),
        InvitingFault.REFUSED_LATELY: "",
    }[fault]


def _notes_of_roles() -> dict[str, object]:
    gone = _("They can change nothing any more. Events that they listed stay.")
    return {**ROLE_NOTES, REMOVE: gone}


def _changed(group: Group, held: Membership, form: MemberForm) -> bool:
    try:
        if form.becomes.data == REMOVE:
            remove_member(db.session, group, held.user_id)
        else:
            give_role(db.session, group, held.user_id, MemberRole(form.becomes.data))
    except LastOwnerError:
        form.becomes.errors = [
            _("A group needs an owner, and this is the last one. Make another member owner first.")
        ]
        return False
    except NotAMemberError:
        abort(404)
    return True


def _heirs(group: Group) -> list[tuple[str, str]]:
    others = (each.user for each in members_of(db.session, group))
    return [(str(each.id), each.email) for each in others if each.active and each != current_user]


def _handed_over(group: Group, form: HandOverForm) -> bool:
    stays = form.afterwards.data == STAY
    try:
        heir = hand_over(db.session, group, by=current_user, to=int(form.to.data), stays=stays)
    except (LastOwnerError, NotAMemberError):
        form.to.errors = [_("They do not belong to the group any more. Choose somebody else.")]
        return False
    post_mail(
        db.session,
        "group_handed_over",
        to=heir.email,
        language=heir.language,
        send_before=utc_now() + GOOD_FOR,
        group_name=group.name,
        slug=group.slug,
        handed_over_by=current_user.email,
    )
    return True


def _withdrawn(invitation: Invitation) -> str:
    try:
        withdraw(db.session, invitation, by=current_user, now=utc_now())
    except AnswerError:
        return _("This invitation was answered before you withdrew it.")
    return _("The invitation is withdrawn: its link leads nowhere now.")
