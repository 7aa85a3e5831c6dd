"""The session of a browser: begun when somebody signs in, read when a page asks who is there.

The cookie holds the id of a row of `signed_in`; whoever deletes the row ends the session. Somebody
with an authenticator app who has given the code by mail alone has a row, and counts as nobody yet.
"""

from typing import Any
from uuid import UUID

from flask import Flask, Response, current_app, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, current_user
from flask_security import login_user, logout_user

from webapp.accounts.addresses import client_bucket
from webapp.accounts.browsers import (
    NOTE_SEEN_EVERY,
    RECENT,
    Presence,
    note_seen,
    presence_of,
    sign_in_browser,
    sign_out_browser,
)
from webapp.accounts.devices import device_name
from webapp.accounts.limits import Client
from webapp.accounts.models import User
from webapp.database import utc_now
from webapp.extensions import db
from webapp.security import is_own_path, rule_of, wanted_path

# Where the cookie keeps the id of its row.
BROWSER = "signed_in"
# What somebody began to write before signing in is theirs afterwards.
KEPT = "draft"


def init_sessions(app: Flask, manager: LoginManager) -> None:
    """Let a session count only while its row exists."""
    manager.user_loader(_load)
    app.before_request(_ask_again)
    app.after_request(_note_seen)


def start_session(user: User, *, by: str, proved: bool = False) -> None:
    """Begin a new session for somebody; what the browser held before is forgotten."""
    now, before = utc_now(), presence()
    device = device_name(request.headers.get("User-Agent", ""))
    browser = sign_in_browser(db.session, user, device=device, now=now, proved=proved)
    if before is not None:
        sign_out_browser(db.session, before.user, before.browser.id)
        if before.user.id == user.id and not proved:
            browser.proved_at = before.browser.proved_at
    kept = {key: value for key, value in session.items() if key.startswith(KEPT)}
    session.clear()
    session.update(kept)
    g.pop("csrf_token", None)
    session.permanent = True
    session[BROWSER] = str(browser.id)
    login_user(user, authn_via=[by])


def end_session() -> None:
    """End the session of this browser, and forget everything that it holds."""
    before = presence()
    if before is not None:
        sign_out_browser(db.session, before.user, before.browser.id)
    forget_session()


def forget_session() -> None:
    """Forget everything that this browser holds."""
    logout_user()
    session.clear()


def presence() -> Presence | None:
    """Return who is in this browser, also where half of signing in is still to come."""
    # Asking for the person reads the session.
    _ = current_user.is_authenticated
    found: Presence | None = g.get("presence")
    return found


def asking_client() -> Client:
    """Return whoever asks, as limits know them."""
    return Client(client_bucket(request.remote_addr), current_app.config["SECRET_KEY"])


def own_path(target: Any) -> str:
    """Return where somebody wanted to go next, if that is a page of ours; else nothing."""
    return target if isinstance(target, str) and is_own_path(target) else ""


def _load(uniquifier: str) -> User | None:
    try:
        browser_id = UUID(str(session.get(BROWSER)))
    except ValueError:
        return None
    now = utc_now()
    found = presence_of(db.session, uniquifier, browser_id, now)
    if found is None:
        return None
    g.presence = found
    # Read now: after a commit the row would be asked for once more.
    g.seen_id = browser_id if found.browser.seen_at <= now - NOTE_SEEN_EVERY else None
    found.user.is_unproven = not found.is_proved(now)
    return None if found.owes_code else found.user


def _ask_again() -> ResponseReturnValue | None:
    """Lead to signing in once more where a page wants that to be recent.

    A form that was opened in time may be sent for as long again.
    """
    rule = rule_of(current_app.view_functions.get(request.endpoint or ""))
    here = presence() if rule is not None and rule.recent else None
    if here is None:
        return None
    if here.user.owes_proof and here.has_second_factor:
        return redirect(url_for("second_factor.ask", next=wanted_path()))
    within = RECENT if request.method == "GET" else 2 * RECENT
    if not here.is_recent(utc_now(), within):
        return redirect(url_for("accounts.again", next=wanted_path()))
    return None


def _note_seen(response: Response) -> Response:
    """Note the use of a session after the page is made, apart from what the page did."""
    browser_id = g.get("seen_id")
    if browser_id is not None:
        db.session.rollback()
        note_seen(db.session, browser_id, utc_now())
        db.session.commit()
    return response
