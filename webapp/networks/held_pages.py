"""Pages on which a coordinator looks after one group of the network, and after invitations."""

from flask import abort, flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.database import utc_now
from webapp.extensions import db
from webapp.forms import Form
from webapp.groups.models import Group
from webapp.groups.networks import Network
from webapp.groups.queries import group_of_slug
from webapp.networks.actions import remove_group, withdraw_invitation, would_vanish
from webapp.networks.blueprint import blueprint
from webapp.networks.claims import make_claim_link, withdraw_claim_links
from webapp.networks.fresh_links import keep
from webapp.networks.loading import held_group, network_for, new_issue
from webapp.networks.queries import invitation_of, open_claim_of
from webapp.security import signed_in


@blueprint.get("/networks/<slug>/groups/<group_slug>")
@signed_in
def held(slug: str, group_slug: str) -> ResponseReturnValue:
    """Show one group: who has taken it over, its claim link, taking it out."""
    network = network_for(slug)
    return _held_page(network, held_group(network, group_slug), Form())


@blueprint.post("/networks/<slug>/groups/<group_slug>/link")
@signed_in
def link(slug: str, group_slug: str) -> ResponseReturnValue:
    """Make a new claim link, which ends the one before it."""
    network = network_for(slug)
    group, form = held_group(network, group_slug), Form()
    if not form.validate():
        return _held_page(network, group, form), 422
    issue = new_issue()
    make_claim_link(db.session, group, issue)
    db.session.commit()
    keep(session, network, issue, [group])
    return redirect(url_for("networks.links", slug=slug), 303)


@blueprint.post("/networks/<slug>/groups/<group_slug>/withdraw-link")
@signed_in
def withdraw_link(slug: str, group_slug: str) -> ResponseReturnValue:
    """End a group’s claim link; a new one can be made at any time."""
    network = network_for(slug)
    group, form = held_group(network, group_slug), Form()
    if not form.validate():
        return _held_page(network, group, form), 422
    withdraw_claim_links(db.session, group.id, utc_now())
    db.session.commit()
    flash(_("The link no longer works."))
    return redirect(url_for("networks.held", slug=slug, group_slug=group_slug), 303)


@blueprint.get("/networks/<slug>/groups/<group_slug>/remove")
@signed_in
def remove(slug: str, group_slug: str) -> ResponseReturnValue:
    """Say what becomes of a group that is taken out."""
    network = network_for(slug)
    return _remove_page(network, held_group(network, group_slug), Form())


@blueprint.post("/networks/<slug>/groups/<group_slug>/remove")
@signed_in
def removed(slug: str, group_slug: str) -> ResponseReturnValue:
    """Take a group out of the network."""
    network = network_for(slug)
    group, form = held_group(network, group_slug), Form()
    if not form.validate():
        return _remove_page(network, group, form), 422
    remove_group(db.session, network, group, now=utc_now())
    db.session.commit()
    flash(_("The group is no longer in this network."))
    return redirect(url_for("networks.show", slug=slug), 303)


@blueprint.post("/networks/<slug>/invitations/<group_slug>/withdraw")
@signed_in
def withdraw(slug: str, group_slug: str) -> ResponseReturnValue:
    """Take back an invitation that is not answered."""
    network = network_for(slug)
    group = group_of_slug(db.session, group_slug) or abort(404)
    invitation = invitation_of(db.session, network, group) or abort(404)
    if Form().validate():
        withdraw_invitation(invitation, now=utc_now())
        db.session.commit()
        flash(_("The invitation is taken back."))
    return redirect(url_for("networks.show", slug=slug), 303)


def _held_page(network: Network, group: Group, form: Form) -> str:
    claim = open_claim_of(db.session, group.id, utc_now())
    return render_template(
        "networks/held.html", network=network, group=group, claim=claim, form=form
    )


def _remove_page(network: Network, group: Group, form: Form) -> str:
    vanishes = would_vanish(db.session, network, group)
    return render_template(
        "networks/remove.html", network=network, group=group, vanishes=vanishes, form=form
    )
