"""A group’s page, adding a group, and changing what it says of itself."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from webapp.database import utc_now
from webapp.events.queries import count_of_group, events_of_group
from webapp.extensions import db
from webapp.groups import invitation_pages, member_pages  # noqa: F401 -- pages of this blueprint
from webapp.groups.actions import change_group, create_group, record_helper
from webapp.groups.blueprint import blueprint
from webapp.groups.editing import GroupEditor
from webapp.groups.forms import GroupForm
from webapp.groups.home_town import place_in_field
from webapp.groups.models import Group, Sector
from webapp.groups.queries import group_of_slug, group_to_change, groups_of, similar_groups
from webapp.groups.shelf import PAGE_SIZE, Shelf, page_number
from webapp.groups.wording import WordedGroup
from webapp.language import current_language
from webapp.networks.queries import networks_holding
from webapp.places.models import Place
from webapp.pledges.queries import with_people
from webapp.security import Act, authorise, is_own_path, public, signed_in


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
        networks=networks_holding(db.session, group.id),
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
    """Make the group and lead on to listing an event; first offer those of much the same name."""
    form = GroupForm()
    is_valid = form.validate()
    place = place_in_field(db.session, form.place)
    if not is_valid or form.errors:
        return render_template("groups/new.html", form=form), 422
    alike = similar_groups(db.session, form.name.data, place)
    if alike and form.different.data != form.name.data:
        mine = groups_of(db.session, current_user)
        return render_template("groups/new.html", form=form, alike=alike, mine=mine)
    _add_group(form, place)
    db.session.commit()
    wanted = form.next.data or ""
    return redirect(wanted if is_own_path(wanted) else url_for("drafts.start"), 303)


@blueprint.get("/groups/<slug>/edit")
@signed_in
def edit(slug: str) -> ResponseReturnValue:
    """Show owners all that their group says of itself."""
    group = group_of_slug(db.session, slug) or abort(404)
    authorise(current_user, Act.MANAGE, group)
    editor = GroupEditor(db.session, group, current_language())
    return render_template("groups/edit.html", group=group, form=editor.form, meanwhile=[])


@blueprint.post("/groups/<slug>/edit")
@signed_in
def save(slug: str) -> ResponseReturnValue:
    """Save it, or show what is wrong, or what another saved meanwhile."""
    group = group_to_change(db.session, slug) or abort(404)
    authorise(current_user, Act.MANAGE, group)
    editor = GroupEditor(db.session, group, current_language())
    details = editor.read()
    if details is None:
        return render_template(
            "groups/edit.html", group=group, form=editor.form, meanwhile=editor.meanwhile
        ), 422
    change_group(db.session, group, details, by=current_user)
    db.session.commit()
    flash(_("Saved. Everybody sees it within a minute."))
    return redirect(url_for("groups.edit", slug=slug), 303)


def _add_group(form: GroupForm, place: Place | None) -> None:
    group = create_group(
        db.session,
        by=current_user,
        name=form.name.data,
        sector=Sector(form.sector.data),
        place=place,
    )
    if form.for_somebody.data or form.phone:
        record_helper(db.session, group, current_user, form.phone)


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
