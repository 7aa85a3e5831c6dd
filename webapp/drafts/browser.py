"""The drafts that were begun in a browser: their ids, in its signed session.

They stay there when somebody signs in, and are theirs from then on.
"""

from uuid import UUID, uuid4

from flask import session
from flask_login import current_user
from sqlalchemy.orm import Session

from webapp.accounts.models import User
from webapp.drafts.actions import adopt_drafts
from webapp.drafts.models import EventDraft
from webapp.drafts.publishing import event_of_draft
from webapp.drafts.queries import draft_of_id, drafts_of, drafts_of_browser

# Signing in keeps what begins so.
DRAFTS = "drafts"
MOST_KEPT = 10


def drafts_begun_here() -> list[UUID]:
    """Return the ids that this browser was given, the last one last."""
    return [UUID(each) for each in session.get(DRAFTS, [])]


def new_draft_id(database: Session) -> UUID:
    """Return an id for a draft that is begun here: the last one again until something is kept under it.

    Else looking at the first page often would push out what was really begun.
    """
    known = drafts_begun_here()
    if known and _is_unused(database, known[-1]):
        return known[-1]
    draft_id = uuid4()
    session[DRAFTS] = [str(each) for each in (*known, draft_id)][-MOST_KEPT:]
    session.permanent = True
    return draft_id


def signed_in_person() -> User | None:
    """Return who is signed in, or None."""
    return current_user if current_user.is_authenticated else None


def adopt_begun_here(database: Session) -> bool:
    """Make what was begun in this browser that of whoever is signed in; tell whether there was any."""
    user, ids = signed_in_person(), drafts_begun_here()
    return user is not None and adopt_drafts(database, ids, user)


def own_drafts(database: Session) -> list[EventDraft]:
    """Return all that somebody is still writing here."""
    user = signed_in_person()
    return drafts_of(database, user) if user else drafts_of_browser(database, drafts_begun_here())


def is_own(draft: EventDraft) -> bool:
    """Tell whether a draft belongs to this browser, or to whoever is signed in."""
    return draft.belongs_to(signed_in_person(), drafts_begun_here())


def _is_unused(database: Session, draft_id: UUID) -> bool:
    kept = draft_of_id(database, draft_id) or event_of_draft(database, draft_id)
    return kept is None
