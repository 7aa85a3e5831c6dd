"""The session of a browser: begun when somebody signs in, read when a page asks who is there.

The cookie holds the id of a row of `signed_in`; whoever deletes the row ends the session.
"""

from uuid import UUID

from flask import Flask, Response, g, request, session
from flask_login import LoginManager, current_user
from flask_security import login_user, logout_user

from webapp.accounts.browsers import (
    NOTE_SEEN_EVERY,
    note_seen,
    sign_in_browser,
    sign_out_browser,
    signed_in_user,
)
from webapp.accounts.devices import device_name
from webapp.accounts.models import SignedIn, User
from webapp.database import utc_now
from webapp.extensions import db

# Where the cookie keeps the id of its row.
BROWSER = "signed_in"


def init_sessions(app: Flask, manager: LoginManager) -> None:
    """Let a session count only while its row exists."""
    manager.user_loader(_load)
    app.after_request(_note_seen)


def start_session(user: User, *, by: str, proved: bool = False) -> None:
    """Begin a new session for somebody; what the browser held before is forgotten."""
    _sign_out_before()
    device = device_name(request.headers.get("User-Agent", ""))
    browser = sign_in_browser(db.session, user, device=device, now=utc_now(), proved=proved)
    session.clear()
    g.pop("csrf_token", None)
    session.permanent = True
    session[BROWSER] = str(browser.id)
    login_user(user, authn_via=[by])


def end_session() -> None:
    """End the session of this browser, and forget everything that it holds."""
    _sign_out_before()
    logout_user()
    session.clear()


def this_browser() -> SignedIn | None:
    """Return the row of the session that is being used, once it has been read."""
    found: SignedIn | None = g.get(BROWSER)
    return found


def _sign_out_before() -> None:
    # Asking who is there reads the session.
    before = this_browser() if current_user.is_authenticated else None
    if before is not None:
        sign_out_browser(db.session, current_user, before.id)


def _load(uniquifier: str) -> User | None:
    try:
        browser_id = UUID(str(session.get(BROWSER)))
    except ValueError:
        return None
    now = utc_now()
    found = signed_in_user(db.session, uniquifier, browser_id, now)
    if found is None:
        return None
    user, browser = found
    g.signed_in = browser
    # Read now: after a commit the row would be asked for once more.
    g.seen_id = browser.id if browser.seen_at <= now - NOTE_SEEN_EVERY else None
    return user


def _note_seen(response: Response) -> Response:
    """Note the use of a session after the page is made, apart from what the page did."""
    browser_id = g.get("seen_id")
    if browser_id is not None:
        db.session.rollback()
        note_seen(db.session, browser_id, utc_now())
        db.session.commit()
    return response
