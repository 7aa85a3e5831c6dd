"""A network’s page for its coordinators, and the file of its groups."""

from flask import Response, abort, render_template, request
from flask.typing import ResponseReturnValue

from webapp.database import utc_now
from webapp.extensions import db
from webapp.groups.invitations import Invitation  # noqa: F401 -- so that its table is known
from webapp.language import current_language
from webapp.moments.wording import WordedMoment
from webapp.networks import (  # noqa: F401 -- so that their pages are known
    adding_pages,
    answering_pages,
    claiming_pages,
    held_pages,
    staff_pages,
)
from webapp.networks.blueprint import blueprint
from webapp.networks.forms import MomentForm
from webapp.networks.loading import network_for
from webapp.networks.overview import Overview, all_rows
from webapp.networks.queries import invitations_open
from webapp.networks.spreadsheet import as_csv
from webapp.networks.view import View
from webapp.security import signed_in

__all__ = ["blueprint"]


@blueprint.get("/networks/<slug>")
@signed_in
def show(slug: str) -> ResponseReturnValue:
    """Show a network’s groups: `?moment=`, `?sort=`, `?unlisted=1`, `?page=`."""
    network = network_for(slug)
    view = View.asked_for(db.session, request.args, utc_now())
    if view is None:
        return render_template("networks/no_moment.html", network=network)
    return render_template(
        "networks/network.html",
        network=network,
        moment=WordedMoment.of(view.moment, current_language()),
        choice=MomentForm.of(view, current_language()),
        view=view,
        overview=Overview.of(
            db.session, network.id, view, page=_page_asked_for(), language=current_language()
        ),
        invitations=invitations_open(db.session, network),
    )


@blueprint.get("/networks/<slug>/groups.csv")
@signed_in
def download(slug: str) -> ResponseReturnValue:
    """Give all the groups that the page would list as a file for spreadsheets."""
    network = network_for(slug)
    view = View.asked_for(db.session, request.args, utc_now()) or abort(404)
    rows = all_rows(db.session, network.id, view, language=current_language())
    name = f"{network.slug}-{view.moment.slug}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(as_csv(rows), mimetype="text/csv", headers=headers)


def _page_asked_for() -> int:
    return request.args.get("page", 1, type=int)
