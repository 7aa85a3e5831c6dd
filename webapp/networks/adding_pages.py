"""Pages on which a coordinator adds groups, one or many, and invites those that exist."""

from typing import Any

from flask import current_app, flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from webapp.database import utc_now
from webapp.extensions import db
from webapp.groups.models import Sector
from webapp.groups.networks import Network
from webapp.groups.queries import group_of_slug, similar_groups
from webapp.networks.actions import (
    AlreadyThereError,
    HasRefusedError,
    NobodyToAskError,
    invite_group,
)
from webapp.networks.adding import Line, add_groups, lock, read_lines
from webapp.networks.blueprint import blueprint
from webapp.networks.forms import AddGroupForm, InviteForm, PasteForm, sentence_of_line
from webapp.networks.fresh_links import keep, kept_links
from webapp.networks.loading import network_for, new_issue
from webapp.networks.towns import NoTown, town_of
from webapp.places.models import Place
from webapp.security import signed_in


@blueprint.get("/networks/<slug>/add")
@signed_in
def add(slug: str) -> ResponseReturnValue:
    """Ask for one group."""
    return _add_page(network_for(slug), AddGroupForm())


@blueprint.post("/networks/<slug>/add")
@signed_in
def added(slug: str) -> ResponseReturnValue:
    """Make one group with its claim link."""
    network, form = network_for(slug), AddGroupForm()
    lock(db.session, network)
    if not form.validate():
        return _add_page(network, form), 422
    line = _line_of(network, form)
    if line is None:
        return _add_page(network, form), 422
    return _made(network, [line], Sector(form.sector.data))


@blueprint.get("/networks/<slug>/add-several")
@signed_in
def add_several(slug: str) -> ResponseReturnValue:
    """Ask for a list of groups."""
    return _paste_page(network_for(slug), PasteForm(), [])


@blueprint.post("/networks/<slug>/add-several")
@signed_in
def added_several(slug: str) -> ResponseReturnValue:
    """Show what a pasted list would make, or make it once that was confirmed."""
    network, form = network_for(slug), PasteForm()
    lock(db.session, network)
    lines = _lines_of(network, form) if form.validate() else []
    if form.errors or any(line.fault for line in lines):
        return _paste_page(network, form, lines), 422
    if form.change.data:
        return _paste_page(network, form, [])
    if not form.confirmed.data:
        return _paste_page(network, form, lines)
    return _made(network, lines, Sector(form.sector.data))


@blueprint.get("/networks/<slug>/links")
@signed_in
def links(slug: str) -> ResponseReturnValue:
    """Show the claim links that have just been made."""
    network = network_for(slug)
    secret_key = str(current_app.secret_key)
    claims = kept_links(db.session, session, network, secret_key, utc_now())
    return render_template("networks/links.html", network=network, claims=claims)


@blueprint.get("/networks/<slug>/invite")
@signed_in
def invite(slug: str) -> ResponseReturnValue:
    """Ask which group that exists is to be invited."""
    return _invite_page(network_for(slug), InviteForm())


@blueprint.post("/networks/<slug>/invite")
@signed_in
def invited(slug: str) -> ResponseReturnValue:
    """Ask a group’s owners whether it joins."""
    network, form = network_for(slug), InviteForm()
    if not form.validate():
        return _invite_page(network, form), 422
    mistake = _invite(network, form.slug)
    if mistake:
        form.address.errors = [mistake]
        return _invite_page(network, form), 422
    db.session.commit()
    flash(_("Invited. Its owners get a mail and answer on a page."))
    return redirect(url_for("networks.show", slug=slug), 303)


def _add_page(network: Network, form: AddGroupForm) -> str:
    alike = []
    if form.name.data and form.is_submitted():
        alike = similar_groups(db.session, form.name.data, None)
    return render_template("networks/add.html", network=network, form=form, alike=alike)


def _paste_page(network: Network, form: PasteForm, lines: list[Line]) -> str:
    return render_template(
        "networks/add_several.html",
        network=network,
        form=form,
        lines=lines,
        sentence_of=sentence_of_line,
    )


def _invite_page(network: Network, form: InviteForm) -> str:
    return render_template("networks/invite.html", network=network, form=form)


def _line_of(network: Network, form: AddGroupForm) -> Line | None:
    """Return the one group of a form, or None with the mistake beside its field."""
    place = _town(form.place)
    if place is None:
        return None
    text = ";".join((form.name.data.replace(";", ","), form.email.data or ""))
    line = read_lines(db.session, network, text, place)[0]
    if line.fault:
        form.name.errors = [sentence_of_line(line)]
        return None
    return line


def _lines_of(network: Network, form: PasteForm) -> list[Line]:
    place = _town(form.place) if form.place.data else None
    return [] if form.place.errors else read_lines(db.session, network, form.lines.data, place)


def _town(field: Any) -> Place | None:
    """Return the place that a field names, or None with the mistake beside it."""
    found = town_of(db.session, field.data)
    if not isinstance(found, NoTown):
        return found
    if found.examples:
        field.errors = [
            _("Which one? Write one of these: %(names)s", names="; ".join(found.examples))
        ]
    else:
        field.errors = [_("We do not know this town. Check the spelling, or try a larger one.")]
    return None


def _made(network: Network, lines: list[Line], sector: Sector) -> ResponseReturnValue:
    issue = new_issue()
    groups = add_groups(db.session, network, lines, sector, issue)
    db.session.commit()
    keep(session, network, issue, groups)
    return redirect(url_for("networks.links", slug=network.slug), 303)


def _invite(network: Network, group_slug: str | None) -> str | None:
    """Invite a group; return why that is not possible, if so."""
    group = group_of_slug(db.session, group_slug) if group_slug else None
    if group is None:
        return _("There is no group at this address. Copy it from the group’s page.")
    try:
        invite_group(db.session, network, group, by=current_user, now=utc_now())
    except AlreadyThereError:
        return _("This group is in your network already, or is invited.")
    except HasRefusedError:
        return _("This group has said no to your network, or has left it. It can join by itself.")
    except NobodyToAskError:
        return _("Nobody runs this group on the site, so nobody could answer.")
    return None
