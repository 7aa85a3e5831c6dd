"""Who hosts what is being written: the last page, and what becomes of its answers."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from wtforms import RadioField

from geo.names import folded
from webapp.accounts.models import User
from webapp.database import utc_now
from webapp.drafts.forms import ANOTHER, HostForm
from webapp.drafts.models import EventDraft
from webapp.drafts.preview import Preview
from webapp.drafts.publishing import NewGroup
from webapp.drafts.written import filled
from webapp.groups.models import Group, Sector
from webapp.groups.queries import group_of_slug, groups_of, similar_groups
from webapp.language import Language
from webapp.security import Act, may

MOST_ALIKE = 4


def form_of(
    session: Session,
    draft: EventDraft,
    preview: Preview,
    user: User | None,
    sent: MultiDict[str, str] | None = None,
    *,
    unprotected: bool = False,
) -> HostForm:
    """Return the page with what is being sent, else with what was typed before."""
    answers = filled(draft.answers) if sent is None else sent
    meta: dict[str, Any] = {"meta": {"csrf": False}} if unprotected else {}
    groups = own_groups(session, draft, user)
    if sent is None:
        _fill(answers, draft, preview, groups)
    return HostForm(
        formdata=answers,
        groups=groups,
        alike=_alike(session, answers, preview, groups),
        is_signed_in=user is not None,
        has_leaks=bool(preview.told),
        now=utc_now(),
        **meta,
    )


def own_groups(session: Session, draft: EventDraft, user: User | None) -> Sequence[Group]:
    """Return the groups that somebody may list for: their own, and one of their network’s asked for."""
    if user is None:
        return ()
    groups = groups_of(session, user)
    asked = group_of_slug(session, draft.text("group"))
    if asked is not None and asked not in groups and may(user, Act.EDIT, asked):
        groups.append(asked)
    return groups


def notes_of(session: Session, alike: RadioField, language: Language) -> dict[str, str]:
    """Return where each group is that a new one may be already, by its slug."""
    found = (group_of_slug(session, choice.value) for choice in alike.choices)
    return {group.slug: group.place.name_in(language) for group in found if group and group.place}


def host_of(
    session: Session, draft: EventDraft, form: HostForm, preview: Preview, user: User
) -> Group | NewGroup:
    """Return who hosts, of a form that was found valid; a group of one’s own is not made twice."""
    groups = own_groups(session, draft, user)
    chosen = next((each for each in groups if each.slug == form.chosen_group), None)
    name = form.name.data or ""
    of_that_name = (each for each in groups if folded(each.name) == folded(name))
    known = chosen or next(of_that_name, None)
    if known is not None:
        return known
    return NewGroup(
        name=name,
        sector=Sector(form.sector.data),
        place=preview.place,
        for_somebody=bool(form.for_somebody.data),
        phone=form.phone if form.for_somebody.data else None,
    )


def _fill(
    answers: MultiDict[str, str], draft: EventDraft, preview: Preview, groups: Sequence[Group]
) -> None:
    """Choose what is likely where nobody has said yet; a yes holds for the same words alone."""
    slugs = [each.slug for each in groups]
    if groups and answers.get("group") not in {*slugs, ANOTHER}:
        only = slugs[0] if len(slugs) == 1 else ""
        answers["group"] = ANOTHER if draft.text("name") else only
    answers["meant"] = "y" if preview.told and answers.get("told") == preview.told.mark else ""


def _alike(
    session: Session, answers: MultiDict[str, str], preview: Preview, groups: Sequence[Group]
) -> list[Group]:
    """Return what a new group may be already; those that somebody belongs to are offered anyway."""
    name = answers.get("name", "").strip()
    is_new = not groups or answers.get("group", ANOTHER) == ANOTHER
    if not (name and is_new):
        return []
    own = {each.id for each in groups}
    found = similar_groups(session, name, preview.point or preview.place, MOST_ALIKE)
    return [each for each in found if each.id not in own]
