"""A group’s page, and telling the site who you are."""

from dataclasses import dataclass

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from webapp.events.queries import events_of_group
from webapp.extensions import db
from webapp.groups.actions import create_group
from webapp.groups.forms import GroupForm
from webapp.groups.models import Group, Sector
from webapp.groups.queries import group_of_slug
from webapp.groups.sectors import sector_name
from webapp.language import Language, current_language
from webapp.pledges.queries import with_people
from webapp.security import is_own_path, public, signed_in

blueprint = Blueprint("groups", __name__, url_prefix="/groups")

EVENTS_SHOWN = 50


@dataclass(frozen=True)
class WordedGroup:
    """A group in one language, as its page shows it."""

    name: str
    slug: str
    description: str
    sector_name: str
    place_name: str | None

    @classmethod
    def of(cls, group: Group, language: Language) -> "WordedGroup":
        """Word a group."""
        place_name = group.place.name_in(language) if group.place else None
        return cls(group.name, group.slug, group.description, sector_name(group.sector), place_name)


@blueprint.get("/<slug>")
@public(max_age=60)
def show(slug: str) -> ResponseReturnValue:
    """Show a group and its events."""
    group = group_of_slug(db.session, slug) or abort(404)
    language = current_language()
    rows = events_of_group(db.session, group.id, language=language, limit=EVENTS_SHOWN)
    return render_template(
        "groups/group.html",
        group=WordedGroup.of(group, language),
        events=with_people(db.session, rows),
        demonstration=any(row.is_demonstration for row in rows),
    )


@blueprint.get("/new")
@signed_in
def new() -> ResponseReturnValue:
    """Ask who hosts."""
    return render_template("groups/new.html", form=GroupForm(next=request.args.get("next", "")))


@blueprint.post("/new")
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
