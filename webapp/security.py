"""Who may call what: every view declares its access, and one function decides per object.

A view without a declaration is refused, so that nothing is open by being forgotten.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol
from urllib.parse import urlsplit

from flask import Flask, abort, current_app, redirect, request, url_for
from flask.globals import request_ctx
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.wrappers import Response

View = Callable[..., ResponseReturnValue]
FOR_EVER = 365 * 24 * 3600
# How long an old answer may be shown while a newer one is made, in seconds.
STALE_SECONDS = 60
# What is not there is kept for a moment: it takes the place of what was. It may be there soon.
GONE = {404, 410}
GONE_SECONDS = 15

CONTENT_SECURITY_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "frame-src": "'none'",
    "base-uri": "'none'",
    "object-src": "'none'",
}


class Access(StrEnum):
    """Who may call a view, and what caches may do with its answer."""

    PUBLIC = "public"
    UNCACHED = "uncached"
    SIGNED_IN = "signed in"
    STAFF = "staff"
    DEVELOPMENT = "development"


class Act(StrEnum):
    """What somebody may do to a thing."""

    SEE = "see"
    EDIT = "edit"
    MANAGE = "manage"


class Guarded(Protocol):
    """A thing that knows who may do what to it; `user` is None for somebody not signed in."""

    def permits(self, act: Act, user: Any) -> bool:
        """Tell whether a person may do this."""
        ...


@dataclass(frozen=True)
class Rule:
    """A view’s declared access; ages in seconds."""

    access: Access
    max_age: int = 0
    largest_body: int | None = None  # in bytes; else what the settings allow
    recent: bool = False  # whether signing in must have been a short while ago
    again_on_back: bool = False  # whether a browser shows its own copy on the way back


def public(max_age: int = 60) -> Callable[[View], View]:
    """Declare a page for everybody that any cache may keep; it never touches the session."""
    return _declare(Rule(Access.PUBLIC, max_age))


def uncached(view: View) -> View:
    """Declare a page for everybody that no cache may keep."""
    return _declare(Rule(Access.UNCACHED))(view)


def uncached_but_on_back(view: View) -> View:
    """Declare a page as `uncached`, of which the browser’s back button shows what it showed before.

    So a form with a number of its own is the same form again. By every other way it is asked for anew.
    """
    return _declare(Rule(Access.UNCACHED, again_on_back=True))(view)


def takes_files(largest_body: int) -> Callable[[View], View]:
    """Let a page for people who have signed in receive more than other pages do, in bytes."""
    return _declare(Rule(Access.SIGNED_IN, largest_body=largest_body))


def signed_in(view: View) -> View:
    """Declare a page for people who have signed in."""
    return _declare(Rule(Access.SIGNED_IN))(view)


def recently_signed_in(view: View) -> View:
    """Declare a page on which it matters much that it is the person themselves."""
    return _declare(Rule(Access.SIGNED_IN, recent=True))(view)


def staff(view: View) -> View:
    """Declare a page for campaign staff; for others who have signed in it does not exist.

    Staff without a second factor in this browser are led to give one, or to set one up.
    """
    return _declare(Rule(Access.STAFF))(view)


def development_only(view: View) -> View:
    """Declare a page that exists on a developer’s machine alone."""
    return _declare(Rule(Access.DEVELOPMENT))(view)


def rule_of(view: Any) -> Rule | None:
    """Return the access that a view declares, or None."""
    return getattr(view, "access_rule", None)


def may(user: Any, act: Act, thing: Guarded) -> bool:
    """Decide whether a person may do this to a thing: the one place that does."""
    person = user if getattr(user, "is_authenticated", False) else None
    return thing.permits(act, person)


def authorise(user: Any, act: Act, thing: Guarded) -> None:
    """Refuse what a person may not do: 404 for what they may not know of, else 403."""
    allowed = [may(user, each, thing) for each in (Act.SEE, act)]
    if not all(allowed) and getattr(user, "owes_proof", False):
        abort(_ask_for_proof())
    if not allowed[0]:
        abort(404)
    if not allowed[1]:
        abort(403)


def is_own_path(target: str) -> bool:
    """Tell whether a `next` address is a path of this site: no scheme, host or backslash."""
    parts = urlsplit(target)
    plain = target.isprintable() and "\\" not in target
    return plain and target.startswith("/") and not target.startswith("//") and not parts.netloc


def own_origins() -> set[str]:
    """Return what a browser says of a form that one of our own pages sent."""
    return {current_app.config["SETTINGS"].site_origin, request.host_url.rstrip("/")}


def refuse_foreign_origin() -> None:
    """Refuse a post that another site’s page sent; a missing Origin (old browsers) is let by."""
    origin = request.headers.get("Origin")
    if origin is not None and origin not in own_origins():
        abort(403)


def standing_headers(site_origin: str) -> dict[str, str]:
    """Return the headers that every answer has, whatever it says."""
    headers = {
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Permissions-Policy": "geolocation=(self), camera=(), microphone=()",
    }
    if site_origin.startswith("https://"):
        headers["Strict-Transport-Security"] = "max-age=31536000"
    return headers


def init_body_sizes(app: Flask) -> None:
    """Let pages that take files receive them, from people who have signed in.

    To be called before anything reads a body.
    """

    def allow() -> None:
        rule = rule_of(current_app.view_functions.get(request.endpoint or ""))
        largest = rule.largest_body if rule is not None else None
        if largest is not None and current_user.is_authenticated:
            request.max_content_length = largest

    app.before_request(allow)


def init_security(app: Flask) -> None:
    """Enforce declared access before each view and set the security headers after it."""
    app.before_request(_enforce)
    app.after_request(_set_headers)
    app.after_request(_set_caching)


def _declare(rule: Rule) -> Callable[[View], View]:
    def wrap(view: View) -> View:
        view.access_rule = rule  # type: ignore[attr-defined]  # read back by rule_of alone
        return view

    return wrap


def _enforce() -> ResponseReturnValue | None:
    # No address of ours holds a NUL, and no text of the database’s can.
    if "\0" in request.path or b"%00" in request.query_string:
        abort(404)
    if request.endpoint is None or request.endpoint == "static":
        return None
    rule = rule_of(current_app.view_functions.get(request.endpoint))
    if rule is None:
        abort(404)
    if rule.access is Access.DEVELOPMENT and not current_app.config["SETTINGS"].is_development:
        abort(404)
    if rule.access in {Access.SIGNED_IN, Access.STAFF} and not current_user.is_authenticated:
        return _ask_to_sign_in()
    if rule.access is Access.STAFF and not getattr(current_user, "is_staff", False):
        return _ask_for_proof() if getattr(current_user, "owes_proof", False) else abort(404)
    return None


def wanted_path() -> str | None:
    """Return where to go once somebody has signed in: this page, where it can be asked for."""
    return request.script_root + request.full_path.rstrip("?") if request.method == "GET" else None


def _ask_to_sign_in() -> Response:
    return redirect(url_for("accounts.sign_in", next=wanted_path()))


def _ask_for_proof() -> Response:
    return redirect(url_for("second_factor.ask", next=wanted_path()))


def _set_headers(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", current_app.config["CONTENT_SECURITY_POLICY"])
    headers.update(standing_headers(current_app.config["SETTINGS"].site_origin))
    return response


def _set_caching(response: Response) -> Response:
    rule = rule_of(current_app.view_functions.get(request.endpoint or ""))
    if request.endpoint == "static":
        return response
    keeps = rule is not None and rule.access is Access.PUBLIC and request.method in {"GET", "HEAD"}
    if rule is not None and keeps and response.status_code in {200, 301, 302, 304, 308, *GONE}:
        if response.cache_control.no_store:
            return response  # the view knows of something in this answer that may not be kept
        if _session_was_touched():
            current_app.logger.error("a public page touched the session: %s", request.endpoint)
            response.headers["Cache-Control"] = "no-store"
            return response
        response.headers["Cache-Control"] = _kept_for(rule.max_age, response)
    elif rule is not None and rule.again_on_back and response.status_code == 200:
        response.headers["Cache-Control"] = "private, max-age=0"
    else:
        response.headers["Cache-Control"] = "no-store"
    return response


def _kept_for(seconds: int, response: Response) -> str:
    """Return how long a public answer may be kept.

    A page is kept by shared caches alone: whoever has just said “I’m in” sees the number rise.
    What never changes behind its address need not be asked for again.
    """
    is_gone = response.status_code in GONE
    seconds = min(seconds, GONE_SECONDS) if is_gone else seconds
    if seconds >= FOR_EVER:
        return f"public, max-age={seconds}, immutable"
    kept = f"max-age={seconds}"
    if response.mimetype == "text/html":
        kept = f"max-age=0, s-maxage={seconds}"
    stale = "" if is_gone else f", stale-while-revalidate={STALE_SECONDS}, stale-if-error=86400"
    return f"public, {kept}{stale}"


def content_security_policy(tile_url: str) -> str:
    """Return the policy’s text; a tile server, where one is set, may send images."""
    policy = dict(CONTENT_SECURITY_POLICY)
    if tile_url:
        parts = urlsplit(tile_url)
        host = parts.netloc.replace("{s}", "*")
        policy["img-src"] += f" {parts.scheme}://{host}"
    return "; ".join(f"{name} {value}" for name, value in policy.items())


def _session_was_touched() -> bool:
    # Asking the session itself counts as touching it.
    kept = request_ctx._session
    return kept is not None and kept.accessed
