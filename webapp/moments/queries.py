"""Finding moments."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from webapp.moments.models import Moment


def current_moment(session: Session, today: date, *, demonstration: bool) -> Moment | None:
    """Return the moment that the home page is about: the next one, or the one that is on.

    With `demonstration`, a made-up one goes first where there is one; without, none is chosen.
    """
    statement = select(Moment).where(Moment.ends_on >= today)
    if not demonstration:
        statement = statement.where(Moment.is_demonstration.is_(False))
    return session.execute(
        statement.order_by(Moment.is_demonstration.desc(), Moment.starts_on, Moment.id).limit(1)
    ).scalar_one_or_none()


def moment_of_slug(session: Session, slug: str) -> Moment | None:
    """Return the moment of an address, with its estimates."""
    return session.execute(
        select(Moment).where(Moment.slug == slug).options(selectinload(Moment.estimates))
    ).scalar_one_or_none()


def moment_of_id(session: Session, moment_id: int) -> Moment:
    """Return a moment that is known to exist."""
    return session.get_one(Moment, moment_id)


def moments_to_come(session: Session, today: date) -> Sequence[Moment]:
    """Return the moments that an event can still be listed for, soonest first."""
    return session.scalars(
        select(Moment).where(Moment.ends_on >= today).order_by(Moment.starts_on, Moment.id)
    ).all()


def moments_past(session: Session, today: date) -> Sequence[Moment]:
    """Return the real moments that are over, latest first, with their estimates."""
    return session.scalars(
        select(Moment)
        .where(Moment.ends_on < today, Moment.is_demonstration.is_(False))
        .order_by(Moment.starts_on.desc(), Moment.id)
        .options(selectinload(Moment.estimates))
    ).all()
