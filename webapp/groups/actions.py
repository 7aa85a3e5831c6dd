"""What people do with groups."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.accounts.models import User
from webapp.groups.details import GroupDetails
from webapp.groups.models import Group, MemberRole, Membership, Sector, Standing
from webapp.groups.slugs import first_free, slug_of
from webapp.places.models import Place


def create_group(
    session: Session,
    *,
    by: User | None,
    name: str,
    sector: Sector,
    description: str = "",
    place: Place | None = None,
    standing: Standing = Standing.UNVERIFIED,
) -> Group:
    """Make a group; whoever makes it owns it. Several groups may have one name."""
    group = Group(
        slug=_free_slug(session, name),
        name=name,
        sector=sector,
        description=description,
        place=place,
        standing=standing,
    )
    if by is not None:
        group.memberships.append(Membership(user_id=by.id, role=MemberRole.OWNER))
    session.add(group)
    session.flush()
    return group


def record_helper(session: Session, group: Group, helper: User, phone: str | None) -> None:
    """Note that somebody acts for an organiser who has no e-mail, whom staff reach by phone."""
    group.helper_id = helper.id
    group.contact_phone = phone
    session.flush()


def change_group(session: Session, group: Group, details: GroupDetails, by: User) -> None:
    """Change what a group says of itself; whoever says so becomes its helper, unless it has one."""
    group.name = details.name
    group.sector = details.sector
    group.description = details.description
    group.place = details.place
    group.website = details.website
    group.languages = details.languages
    group.size_band = details.size_band
    group.works_with = details.works_with
    group.contact_email = details.contact_email
    group.contact_phone = details.contact_phone
    group.helper_id = (group.helper_id or by.id) if details.is_helped else None
    group.version += 1
    session.flush()


def _free_slug(session: Session, name: str) -> str:
    slug = slug_of(name)
    # Two groups of one name made in one moment wait for each other here.
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(slug, 0))))
    alike = select(Group.slug).where(Group.slug.startswith(slug, autoescape=True))
    return first_free(slug, set(session.execute(alike).scalars()))
