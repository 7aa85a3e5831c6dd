"""Sign in with a code by e-mail, sign out, and the page of whoever is signed in."""

from uuid import UUID

from flask import Blueprint, current_app, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from webapp.accounts.actions import SignIn, TooManyCodesError, ask_for_code, try_code
from webapp.accounts.addresses import client_bucket, normalise_email
from webapp.accounts.browsers import browsers_of
from webapp.accounts.code_outcomes import mistake, too_many_codes
from webapp.accounts.forms import AgainForm, CodeForm, EmptyForm, PasskeyForm, SignInForm
from webapp.accounts.models import User
from webapp.accounts.passkeys import passkeys_of
from webapp.accounts.sessions import end_session, own_path, presence, start_session
from webapp.database import utc_now
from webapp.extensions import db
from webapp.language import current_language
from webapp.security import signed_in, uncached

blueprint = Blueprint("accounts", __name__, url_prefix="/account")

# Where the session keeps a sign-in that has begun: the code’s id, the address, where to go next.
PENDING = "sign_in"


@blueprint.get("")
@signed_in
def account() -> ResponseReturnValue:
    """Show somebody what the site knows of them, and how they sign in."""
    return render_template(
        "accounts/account.html",
        here=presence(),
        user=current_user,
        passkeys=passkeys_of(db.session, current_user),
        browsers=browsers_of(db.session, current_user),
        form=EmptyForm(),
    )


@blueprint.get("/sign-in")
@uncached
def sign_in() -> ResponseReturnValue:
    """Ask for an e-mail address: the same page whether or not it has an account."""
    wanted, here = own_path(request.args.get("next")), presence()
    if here is not None and here.owes_code:
        return redirect(url_for("second_factor.ask", next=wanted or None))
    if here is not None:
        return redirect(wanted or url_for("organising.your_events"))
    typed = session.get(PENDING, {}).get("email", "")
    return _sign_in_page(SignInForm(email=typed, next=wanted))


@blueprint.post("/sign-in")
@uncached
def send_code() -> ResponseReturnValue:
    """Send a code to the address."""
    form = SignInForm()
    if not form.validate():
        return _sign_in_page(form), 422
    if not _send_code(normalise_email(form.email.data), form.next.data):
        form.email.errors = [too_many_codes()]
        return _sign_in_page(form), 422
    db.session.commit()
    return redirect(url_for("accounts.code"))


@blueprint.get("/again")
@signed_in
def again() -> ResponseReturnValue:
    """Ask somebody who is signed in to sign in once more."""
    return _again_page(AgainForm(next=own_path(request.args.get("next"))))


@blueprint.post("/again")
@signed_in
def send_code_again() -> ResponseReturnValue:
    """Send a code to the address of whoever is signed in."""
    form = AgainForm()
    if not (form.validate() and _send_code(current_user.email, form.next.data)):
        form.form_errors = [too_many_codes()]
        return _again_page(form), 422
    db.session.commit()
    return redirect(url_for("accounts.code"))


@blueprint.get("/code")
@uncached
def code() -> ResponseReturnValue:
    """Ask for the code that was sent."""
    if PENDING not in session:
        return redirect(url_for("accounts.sign_in"))
    return _code_page(CodeForm())


@blueprint.post("/code")
@uncached
def enter_code() -> ResponseReturnValue:
    """Sign in whoever has the right code."""
    if PENDING not in session:
        return redirect(url_for("accounts.sign_in"))
    form = CodeForm()
    if not form.validate():
        return _code_page(form), 422
    attempt = _try_code(form)
    target = _start_session(attempt.user) if attempt.user else ""
    db.session.commit()
    if not target:
        form.code.errors = [mistake(attempt.outcome)]
        return _code_page(form), 422
    return redirect(target)


@blueprint.post("/sign-out")
@uncached
def sign_out() -> ResponseReturnValue:
    """End the session in this browser."""
    end_session()
    db.session.commit()
    return redirect(url_for("pages.home"))


def _send_code(email: str, wanted: str) -> bool:
    """Send a code to a normalised address; False where too many were sent."""
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
        return False
    session[PENDING] = {"code": str(code_id), "email": email, "next": own_path(wanted)}
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
    if user.totp_secret:
        return url_for("second_factor.ask", next=wanted or None)
    return wanted or url_for("organising.your_events")


def _sign_in_page(form: SignInForm) -> str:
    passkey_form = PasskeyForm(formdata=None, next=own_path(form.next.data))
    return render_template("accounts/sign_in.html", form=form, passkey_form=passkey_form)


def _again_page(form: AgainForm) -> str:
    passkey_form = PasskeyForm(formdata=None, next=own_path(form.next.data))
    return render_template(
        "accounts/again.html",
        form=form,
        passkey_form=passkey_form,
        here=presence(),
        user=current_user,
    )


def _code_page(form: CodeForm) -> str:
    return render_template(
        "accounts/code.html",
        form=form,
        email=session[PENDING]["email"],
        button_text=None,
        again_url=url_for("accounts.sign_in"),
    )
