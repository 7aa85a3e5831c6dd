"""Passkeys: sign in with one, add one, remove one."""

from base64 import urlsafe_b64encode
from datetime import timedelta

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from webapp.accounts.forms import EmptyForm, NewPasskeyForm, PasskeyForm, SignInForm
from webapp.accounts.limits import TooManyTriesError
from webapp.accounts.models import Passkey, User
from webapp.accounts.notices import Change, post_notice
from webapp.accounts.passkeys import (
    Ceremony,
    PasskeyError,
    RelyingParty,
    add_passkey,
    challenge_of,
    new_challenge,
    options_to_add,
    options_to_sign_in,
    passkey_named,
    user_by_passkey,
)
from webapp.accounts.sessions import asking_client, own_path, presence, start_session
from webapp.database import utc_now
from webapp.extensions import db
from webapp.security import recently_signed_in, uncached

blueprint = Blueprint("passkeys", __name__, url_prefix="/account/passkeys")

# Where the session keeps a challenge and when it was made, in whole seconds.
CHALLENGE = "passkey_challenge"
CHALLENGE_LIFETIME = timedelta(minutes=5)


@blueprint.get("/options")
@uncached
def options() -> ResponseReturnValue:
    """Answer what a browser needs to offer its passkeys."""
    return _json(options_to_sign_in(_new_ceremony()))


@blueprint.get("/sign-in")
@uncached
def sign_in_page() -> ResponseReturnValue:
    """Lead whoever reloads the answer to a passkey back to signing in."""
    return redirect(url_for("accounts.sign_in"))


@blueprint.post("/sign-in")
@uncached
def sign_in() -> ResponseReturnValue:
    """Sign in whoever’s passkey answers; it counts as a second factor as well."""
    form = PasskeyForm()
    user = _user_by_passkey(form)
    if user is None:
        db.session.commit()
        return _sign_in_page(form), 422
    start_session(user, by="passkey", proved=True)
    db.session.commit()
    return redirect(own_path(form.next.data) or url_for("organising.your_events"))


@blueprint.get("/new")
@recently_signed_in
def new() -> ResponseReturnValue:
    """Ask what to call a new passkey."""
    form = NewPasskeyForm(next=own_path(request.args.get("next")))
    return render_template("accounts/new_passkey.html", form=form)


@blueprint.get("/new/options")
@recently_signed_in
def new_options() -> ResponseReturnValue:
    """Answer what a browser needs to make a passkey."""
    made = options_to_add(db.session, current_user, _new_ceremony())
    db.session.commit()
    return _json(made)


@blueprint.post("/new")
@recently_signed_in
def add() -> ResponseReturnValue:
    """Keep the passkey that a device has made."""
    form = NewPasskeyForm()
    if not (form.validate() and _add(form)):
        return render_template("accounts/new_passkey.html", form=form), 422
    db.session.commit()
    flash(_("The passkey is added."))
    return redirect(own_path(form.next.data) or url_for("accounts.account"))


@blueprint.get("/<reference>/remove")
@recently_signed_in
def ask_to_remove(reference: str) -> ResponseReturnValue:
    """Say what it means to remove a passkey."""
    passkey = _own_passkey(reference)
    return render_template("accounts/remove_passkey.html", passkey=passkey, form=EmptyForm())


@blueprint.post("/<reference>/remove")
@recently_signed_in
def remove(reference: str) -> ResponseReturnValue:
    """Remove a passkey."""
    db.session.delete(_own_passkey(reference))
    post_notice(db.session, current_user, Change.PASSKEY_REMOVED, utc_now())
    db.session.commit()
    flash(_("The passkey is removed."))
    return redirect(url_for("accounts.account"))


def _sign_in_page(form: PasskeyForm) -> str:
    other = SignInForm(formdata=None, next=own_path(form.next.data))
    return render_template("accounts/sign_in.html", form=other, passkey_form=form)


def _user_by_passkey(form: PasskeyForm) -> User | None:
    ceremony = _pending_ceremony()
    if ceremony is None or not form.validate():
        form.form_errors = [_("That took too long. Try again.")]
        return None
    try:
        return user_by_passkey(
            db.session, form.credential.data, ceremony=ceremony, client=asking_client(),
            now=utc_now(),
        )  # fmt: skip
    except TooManyTriesError:
        form.form_errors = [_("Too many tries. Wait an hour, or sign in with a code by e-mail.")]
    except PasskeyError:
        form.form_errors = [_("We do not know this passkey. Sign in with a code by e-mail.")]
    return None


def _add(form: NewPasskeyForm) -> bool:
    ceremony, now, here = _pending_ceremony(), utc_now(), presence()
    try:
        if ceremony is None or here is None:
            raise PasskeyError
        add_passkey(
            db.session, here.user, form.credential.data, name=form.name.data, ceremony=ceremony,
            now=now,
        )  # fmt: skip
    except PasskeyError:
        form.form_errors = [_("The passkey was not made. Try again, or use another device.")]
        return False
    here.browser.proved_at = now
    post_notice(db.session, here.user, Change.PASSKEY_ADDED, now)
    return True


def _own_passkey(reference: str) -> Passkey:
    return passkey_named(db.session, current_user, reference) or abort(404)


def _new_ceremony() -> Ceremony:
    challenge = new_challenge()
    kept = urlsafe_b64encode(challenge).decode()
    session[CHALLENGE] = (kept, int(utc_now().timestamp()))
    return Ceremony(_party(), challenge)


def _pending_ceremony() -> Ceremony | None:
    """Return what the last challenge was for, once, and only for a while."""
    kept, asked_at = session.pop(CHALLENGE, ("", 0))
    is_old = utc_now().timestamp() - asked_at > CHALLENGE_LIFETIME.total_seconds()
    return None if is_old else Ceremony(_party(), challenge_of(kept))


def _party() -> RelyingParty:
    return RelyingParty.of(current_app.config["SETTINGS"].site_origin)


def _json(text: str) -> Response:
    return Response(text, mimetype="application/json")
