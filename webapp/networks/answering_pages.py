"""Pages for a group’s owners: which networks hold the group, joining one, leaving one."""

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from webapp.database import utc_now
from webapp.extensions import db
from webapp.forms import Form
from webapp.groups.models import Group
from webapp.groups.network_invitations import NetworkInvitation
from webapp.groups.networks import Network
from webapp.networks.actions import WithdrawnError, answer_invitation, leave_network
from webapp.networks.blueprint import blueprint
from webapp.networks.forms import AnswerForm
from webapp.networks.loading import group_for_owner
from webapp.networks.queries import (
    holds,
    invitation_of,
    invitations_to,
    network_of_slug,
    networks_holding,
)
from webapp.security import signed_in


@blueprint.get("/groups/<slug>/networks")
@signed_in
def of_group(slug: str) -> ResponseReturnValue:
    """Show which networks hold a group and which have invited it."""
    group = group_for_owner(slug)
    return render_template(
        "networks/of_group.html",
        group=group,
        networks=networks_holding(db.session, group.id),
        invitations=invitations_to(db.session, group.id),
    )


@blueprint.get("/networks/<slug>/invitations/<group_slug>")
@signed_in
def answer(slug: str, group_slug: str) -> ResponseReturnValue:
    """Show an invitation into a network to the group’s owners."""
    return _answer_page(_invitation(slug, group_slug), AnswerForm())


@blueprint.post("/networks/<slug>/invitations/<group_slug>")
@signed_in
def answered(slug: str, group_slug: str) -> ResponseReturnValue:
    """Take the owners’ answer."""
    invitation, form = _invitation(slug, group_slug), AnswerForm()
    if not form.validate():
        return _answer_page(invitation, form), 422
    try:
        answer_invitation(
            db.session, invitation, accepts=form.accepts, by=current_user, now=utc_now()
        )
    except WithdrawnError:
        db.session.rollback()
        return redirect(url_for("networks.answer", slug=slug, group_slug=group_slug), 303)
    db.session.commit()
    flash(_("You have joined.") if form.accepts else _("You have said no."))
    return redirect(url_for("networks.of_group", slug=group_slug), 303)


@blueprint.get("/networks/<slug>/leave/<group_slug>")
@signed_in
def leave(slug: str, group_slug: str) -> ResponseReturnValue:
    """Say what leaving a network means."""
    network, group = _held(slug, group_slug)
    return render_template("networks/leave.html", network=network, group=group, form=Form())


@blueprint.post("/networks/<slug>/leave/<group_slug>")
@signed_in
def left(slug: str, group_slug: str) -> ResponseReturnValue:
    """Take a group out of a network, as its owner wishes."""
    network, group = _held(slug, group_slug)
    form = Form()
    if not form.validate():
        return render_template("networks/leave.html", network=network, group=group, form=form), 422
    leave_network(db.session, network, group, by=current_user, now=utc_now())
    db.session.commit()
    flash(_("Your group has left the network."))
    return redirect(url_for("networks.of_group", slug=group_slug), 303)


def _held(slug: str, group_slug: str) -> tuple[Network, Group]:
    group = group_for_owner(group_slug)
    network = network_of_slug(db.session, slug) or abort(404)
    return (network, group) if holds(db.session, network, group.id) else abort(404)


def _invitation(slug: str, group_slug: str) -> NetworkInvitation:
    group = group_for_owner(group_slug)
    network = network_of_slug(db.session, slug) or abort(404)
    return invitation_of(db.session, network, group) or abort(404)


def _answer_page(invitation: NetworkInvitation, form: AnswerForm) -> str:
    return render_template(
        "networks/answer.html",
        network=invitation.network,
        group=invitation.group,
        answer=invitation.answer,
        form=form,
    )
