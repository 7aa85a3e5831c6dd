"""A second factor: ask for it, and set up or remove an authenticator app."""

import segno
from flask import (
    Blueprint,
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

from webapp.accounts.authenticator import (
    Authenticator,
    remove_authenticator,
    set_authenticator,
    take_code,
)
from webapp.accounts.browsers import Presence
from webapp.accounts.forms import AppCodeForm, EmptyForm, PasskeyForm
from webapp.accounts.limits import TooManyTriesError
from webapp.accounts.notices import Change, post_notice
from webapp.accounts.sessions import asking_client, own_path, presence
from webapp.database import utc_now
from webapp.extensions import db
from webapp.security import recently_signed_in, uncached

blueprint = Blueprint("second_factor", __name__, url_prefix="/account")

# Where the session keeps, encrypted, what an app is to share until its first code is right.
NEW_APP = "new_authenticator"


@blueprint.get("/second-factor")
@uncached
def ask() -> ResponseReturnValue:
    """Ask for a second factor, or lead staff who have none to setting one up."""
    here, wanted = presence(), own_path(request.args.get("next"))
    if here is None:
        return redirect(url_for("accounts.sign_in", next=wanted or None))
    is_needed = here.has_second_factor or here.user.owes_proof
    if here.is_proved(utc_now()) or not is_needed:
        return redirect(wanted or url_for("organising.your_events"))
    return _ask_page(here, AppCodeForm(next=wanted))


@blueprint.post("/second-factor")
@uncached
def answer() -> ResponseReturnValue:
    """Take a code of somebody’s app."""
    here, form = presence(), AppCodeForm()
    if here is None:
        return redirect(url_for("accounts.sign_in"))
    if not (form.validate() and _take_code(here, form)):
        return _ask_page(here, form), 422
    return redirect(own_path(form.next.data) or url_for("organising.your_events"))


@blueprint.get("/authenticator/new")
@recently_signed_in
def set_up() -> ResponseReturnValue:
    """Show what an app has to know, as text and as a QR code."""
    wanted = own_path(request.args.get("next"))
    return _set_up_page(AppCodeForm(next=wanted))


@blueprint.post("/authenticator/new")
@recently_signed_in
def confirm() -> ResponseReturnValue:
    """Keep the app once it has shown a right code."""
    form, here = AppCodeForm(), presence()
    if NEW_APP not in session or here is None:
        return redirect(url_for("second_factor.set_up"))
    if not (form.validate() and _keep_app(here, form)):
        return _set_up_page(form), 422
    flash(_("The authenticator app is on."))
    return redirect(own_path(form.next.data) or url_for("accounts.account"))


@blueprint.get("/authenticator/remove")
@recently_signed_in
def ask_to_remove() -> ResponseReturnValue:
    """Say what it means to remove the app."""
    return render_template(
        "accounts/remove_authenticator.html", form=EmptyForm(), user=current_user
    )


@blueprint.post("/authenticator/remove")
@recently_signed_in
def remove() -> ResponseReturnValue:
    """Remove the app."""
    if current_user.totp_secret:
        remove_authenticator(current_user)
        post_notice(db.session, current_user, Change.AUTHENTICATOR_REMOVED, utc_now())
        db.session.commit()
        flash(_("The authenticator app is removed."))
    return redirect(url_for("accounts.account"))


def _ask_page(here: Presence, form: AppCodeForm) -> str:
    passkey_form = PasskeyForm(formdata=None, next=form.next.data)
    return render_template(
        "accounts/second_factor.html", here=here, form=form, passkey_form=passkey_form
    )


def _take_code(here: Presence, form: AppCodeForm) -> bool:
    """Count a try and note the proof; else say beside the field what is wrong."""
    now, is_right = utc_now(), False
    if _note_try(here, form):
        is_right = take_code(
            db.session, here.user, form.code.data, authenticator=_authenticator(), now=now
        )
        if not is_right:
            form.code.errors = [_("This is not the code. Wait for the next one and try again.")]
    if is_right:
        here.browser.proved_at = now
    db.session.commit()
    return is_right


def _keep_app(here: Presence, form: AppCodeForm) -> bool:
    now, secret = utc_now(), session[NEW_APP]
    if not _note_try(here, form):
        return False
    counter = _authenticator().matching_counter(secret, form.code.data, now)
    if counter is None:
        form.code.errors = [_("This is not the code. Wait for the next one and try again.")]
    else:
        set_authenticator(here.user, secret, counter)
        here.browser.proved_at = now
        post_notice(db.session, here.user, Change.AUTHENTICATOR_ADDED, now)
        session.pop(NEW_APP)
    db.session.commit()
    return counter is not None


def _note_try(here: Presence, form: AppCodeForm) -> bool:
    try:
        asking_client().note_try(db.session, utc_now(), user=here.user)
    except TooManyTriesError:
        form.code.errors = [_("Too many tries. Wait an hour and try again.")]
        return False
    return True


def _set_up_page(form: AppCodeForm) -> str:
    authenticator = _authenticator()
    secret = session.setdefault(NEW_APP, authenticator.new_secret())
    address = authenticator.address(secret, current_user.email)
    return render_template(
        "accounts/authenticator.html",
        form=form,
        key=authenticator.key_to_type(secret),
        picture=segno.make(address, error="m").svg_data_uri(scale=5, light="#fff", border=3),
    )


def _authenticator() -> Authenticator:
    return Authenticator(current_app.config["SECRET_KEY"])
