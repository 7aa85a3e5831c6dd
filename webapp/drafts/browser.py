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
from webapp.drafts.queries import drafts_of, drafts_of_browser

# Signing in keeps what begins so.
DRAFTS = "drafts"
MOST_KEPT = 10


def drafts_begun_here() -> list[UUID]:
    """Return the ids that this browser was given, the last one last."""
    kept = session.get(DRAFTS, [])
    return [UUID(each) for each in kept] if isinstance(kept, list) else []


def new_draft_id() -> UUID:
    """Return an id for a draft that is begun here; kept as long as somebody would look for it."""
    draft_id = uuid4()
    known = [str(each) for each in drafts_begun_here()]
    session[DRAFTS] = [*known, str(draft_id)][-MOST_KEPT:]
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
