"""Sign in with a code by e-mail, sign out, and the page of whoever is signed in."""

from uuid import UUID

from flask import Blueprint, current_app, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from webapp.accounts.actions import (
    CodeOutcome,
    SignIn,
    TooManyCodesError,
    ask_for_code,
    try_code,
)
from webapp.accounts.addresses import client_bucket, normalise_email
from webapp.accounts.forms import CodeForm, EmptyForm, SignInForm
from webapp.accounts.models import User
from webapp.accounts.sessions import end_session, start_session
from webapp.database import utc_now
from webapp.events.queries import events_of_groups
from webapp.extensions import db
from webapp.groups.queries import groups_of
from webapp.language import current_language
from webapp.pledges.queries import with_people
from webapp.security import is_own_path, signed_in, uncached

blueprint = Blueprint("accounts", __name__, url_prefix="/account")

# Where the session keeps a sign-in that has begun: the code’s id, the address, where to go next.
PENDING = "sign_in"


@blueprint.get("")
@signed_in
def account() -> ResponseReturnValue:
    """Show somebody their groups and events, and what to do next."""
    now, language = utc_now(), current_language()
    groups = groups_of(db.session, current_user)
    rows = events_of_groups(db.session, [group.id for group in groups], language=language)
    events = with_people(db.session, rows)
    return render_template(
        "accounts/account.html",
        user=current_user,
        groups=groups,
        coming=[event for event in events if event.ends_at > now],
        past=[event for event in reversed(events) if event.ends_at <= now],
        sign_out_form=EmptyForm(),
    )


@blueprint.get("/sign-in")
@uncached
def sign_in() -> ResponseReturnValue:
    """Ask for an e-mail address: the same page whether or not it has an account."""
    wanted = _own(request.args.get("next"))
    if current_user.is_authenticated:
        return redirect(wanted or url_for("accounts.account"))
    typed = session.get(PENDING, {}).get("email", "")
    return render_template("accounts/sign_in.html", form=SignInForm(email=typed, next=wanted))


@blueprint.post("/sign-in")
@uncached
def send_code() -> ResponseReturnValue:
    """Send a code to the address."""
    form = SignInForm()
    if form.validate() and _send_code(form):
        db.session.commit()
        return redirect(url_for("accounts.code"))
    return render_template("accounts/sign_in.html", form=form)


@blueprint.get("/code")
@uncached
def code() -> ResponseReturnValue:
    """Ask for the code that was sent."""
    if PENDING not in session:
        return redirect(url_for("accounts.sign_in"))
    return _ask_for_the_code(CodeForm())


@blueprint.post("/code")
@uncached
def enter_code() -> ResponseReturnValue:
    """Sign in whoever has the right code."""
    if PENDING not in session:
        return redirect(url_for("accounts.sign_in"))
    form = CodeForm()
    if not form.validate():
        return _ask_for_the_code(form)
    attempt = _try_code(form)
    target = _start_session(attempt.user) if attempt.user else ""
    db.session.commit()
    if not target:
        form.code.errors = [_mistake(attempt.outcome)]
        return _ask_for_the_code(form)
    return redirect(target)


@blueprint.post("/sign-out")
@uncached
def sign_out() -> ResponseReturnValue:
    """End the session in this browser."""
    end_session()
    db.session.commit()
    return redirect(url_for("pages.home"))


def _send_code(form: SignInForm) -> bool:
    email = normalise_email(form.email.data)
    try:
        code_id = ask_for_code(
            db.session,
            email,
            client=client_bucket(request.remote_addr),
            language=current_language(),
            secret_key=current_app.config["SECRET_KEY"],
            now=utc_now(),
        )
    except TooManyCodesError:
        too_many = _("Too many codes were sent. Use the newest, or wait an hour and try again.")
        form.email.errors = [too_many]
        return False
    session[PENDING] = {"code": str(code_id), "email": email, "next": _own(form.next.data)}
    return True


def _try_code(form: CodeForm) -> SignIn:
    pending = session[PENDING]
    return try_code(
        db.session,
        UUID(pending["code"]),
        pending["email"],
        form.code.data,
        language=current_language(),
        secret_key=current_app.config["SECRET_KEY"],
        now=utc_now(),
    )


def _start_session(user: User) -> str:
    """Begin a new session for somebody; return where they go first."""
    wanted = session[PENDING]["next"]
    start_session(user, by="email")
    return wanted or url_for("accounts.account")


def _ask_for_the_code(form: CodeForm) -> ResponseReturnValue:
    return render_template("accounts/code.html", form=form, email=session[PENDING]["email"])


def _mistake(outcome: CodeOutcome) -> str:
    return {
        CodeOutcome.WRONG: _("This is not the code. Look at the newest mail and try again."),
        CodeOutcome.SPENT: _("This code is used up or too old. Ask for a new one."),
        CodeOutcome.CLOSED: _("This account is closed. Write to us if that is a mistake."),
    }[outcome]


def _own(target: str | None) -> str:
    return target if target and is_own_path(target) else ""
