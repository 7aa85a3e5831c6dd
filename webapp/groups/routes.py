"""A group’s page, adding a group, and changing what it says of itself."""

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from webapp.database import utc_now
from webapp.events.queries import count_of_group, events_of_group
from webapp.extensions import db
from webapp.groups.actions import create_group
from webapp.groups.blueprint import blueprint
from webapp.groups.forms import GroupForm
from webapp.groups.models import Group, Sector
from webapp.groups.queries import group_of_slug
from webapp.groups.shelf import PAGE_SIZE, Shelf, page_number
from webapp.groups.wording import WordedGroup
from webapp.language import current_language
from webapp.pledges.queries import with_people
from webapp.security import is_own_path, public, signed_in


@blueprint.get("/groups/<slug>")
@public(max_age=60)
def show(slug: str) -> ResponseReturnValue:
    """Show a group with its events, `?page=` of those to come and `?past=` of those that are over."""
    group = group_of_slug(db.session, slug) or abort(404)
    coming = _shelf(group, "page", is_over=False)
    past = _shelf(group, "past", is_over=True)
    return render_template(
        "groups/group.html",
        group=WordedGroup.of(group, current_language()),
        coming=coming,
        past=past,
        demonstration=any(row.is_demonstration for row in (*coming.rows, *past.rows)),
    )


@blueprint.get("/groups/new")
@signed_in
def new() -> ResponseReturnValue:
    """Ask who hosts."""
    return render_template("groups/new.html", form=GroupForm(next=request.args.get("next", "")))


@blueprint.post("/groups/new")
@signed_in
def create() -> ResponseReturnValue:
    """Make the group and lead on to listing an event."""
    form = GroupForm()
    if not form.validate():
        return render_template("groups/new.html", form=form)
    create_group(db.session, by=current_user, name=form.name.data, sector=Sector(form.sector.data))
    db.session.commit()
    wanted = form.next.data or ""
    return redirect(wanted if is_own_path(wanted) else url_for("events.new"))


def _shelf(group: Group, asked: str, *, is_over: bool) -> Shelf:
    page, now = page_number(request.args.get(asked, type=int)), utc_now()
    rows = events_of_group(
        db.session,
        group.id,
        is_over=is_over,
        now=now,
        language=current_language(),
        limit=PAGE_SIZE,
        offset=PAGE_SIZE * (page - 1),
    )
    total = count_of_group(db.session, group.id, is_over=is_over, now=now)
    return Shelf(with_people(db.session, rows), total, page)
