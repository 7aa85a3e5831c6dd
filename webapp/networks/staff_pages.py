"""Staff’s pages: making networks, and saying who coordinates them."""

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.accounts.addresses import normalise_email
from webapp.accounts.models import User
from webapp.database import utc_now
from webapp.extensions import db
from webapp.forms import Form
from webapp.groups.networks import Network
from webapp.language import current_language
from webapp.networks.actions import add_coordinator, make_network, remove_coordinator
from webapp.networks.blueprint import blueprint
from webapp.networks.forms import CoordinatorForm, NetworkForm
from webapp.networks.queries import all_networks, network_of_slug
from webapp.security import staff


@blueprint.get("/staff/networks")
@staff
def staff_list() -> ResponseReturnValue:
    """Show all networks, and a form for another."""
    return _list_page(NetworkForm())


@blueprint.post("/staff/networks")
@staff
def create() -> ResponseReturnValue:
    """Make a network."""
    form = NetworkForm()
    if not form.validate():
        return _list_page(form), 422
    network = make_network(db.session, form.name.data)
    db.session.commit()
    return redirect(url_for("networks.coordinators", slug=network.slug), 303)


@blueprint.get("/staff/networks/<slug>")
@staff
def coordinators(slug: str) -> ResponseReturnValue:
    """Show who coordinates a network, and a form for another."""
    return _coordinators_page(_network(slug), CoordinatorForm())


@blueprint.post("/staff/networks/<slug>")
@staff
def coordinator_added(slug: str) -> ResponseReturnValue:
    """Let somebody coordinate a network."""
    network, form = _network(slug), CoordinatorForm()
    if not form.validate():
        return _coordinators_page(network, form), 422
    email = normalise_email(form.email.data)
    add_coordinator(db.session, network, email, language=current_language(), now=utc_now())
    db.session.commit()
    flash(_("They coordinate this network now."))
    return redirect(url_for("networks.coordinators", slug=slug), 303)


@blueprint.get("/staff/networks/<slug>/coordinators/<int:number>/remove")
@staff
def remove_person(slug: str, number: int) -> ResponseReturnValue:
    """Say what becomes of somebody who coordinates a network no longer."""
    network = _network(slug)
    person = _person(network, number)
    return render_template(
        "networks/remove_person.html", network=network, person=person, form=Form()
    )


@blueprint.post("/staff/networks/<slug>/coordinators/<int:number>/remove")
@staff
def person_removed(slug: str, number: int) -> ResponseReturnValue:
    """Let somebody coordinate a network no longer."""
    network, form = _network(slug), Form()
    person = _person(network, number)
    if not form.validate():
        page = render_template(
            "networks/remove_person.html", network=network, person=person, form=form
        )
        return page, 422
    remove_coordinator(db.session, network, number)
    db.session.commit()
    flash(_("They no longer coordinate this network."))
    return redirect(url_for("networks.coordinators", slug=slug), 303)


def _network(slug: str) -> Network:
    return network_of_slug(db.session, slug) or abort(404)


def _person(network: Network, number: int) -> User:
    return next((each for each in network.coordinators if each.id == number), None) or abort(404)


def _list_page(form: NetworkForm) -> str:
    networks = all_networks(db.session)
    return render_template("networks/staff_list.html", networks=networks, form=form)


def _coordinators_page(network: Network, form: CoordinatorForm) -> str:
    return render_template("networks/coordinators.html", network=network, form=form)
