"""Change the e-mail address of an account."""

from uuid import UUID

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

from webapp.accounts.actions import CodeOutcome, TooManyCodesError
from webapp.accounts.address_change import ask_for_address, change_address
from webapp.accounts.addresses import client_bucket, normalise_email
from webapp.accounts.code_outcomes import mistake, too_many_codes
from webapp.accounts.forms import CodeForm, NewAddressForm
from webapp.database import utc_now
from webapp.extensions import db
from webapp.language import current_language
from webapp.security import recently_signed_in

blueprint = Blueprint("address", __name__, url_prefix="/account/address")

# Where the session keeps a change that has begun: the code’s id and the new address.
PENDING = "new_address"


@blueprint.get("")
@recently_signed_in
def new() -> ResponseReturnValue:
    """Ask for the new address."""
    return render_template("accounts/new_address.html", form=NewAddressForm(), user=current_user)


@blueprint.post("")
@recently_signed_in
def send_code() -> ResponseReturnValue:
    """Send a code to the new address."""
    form = NewAddressForm()
    if not (form.validate() and _send_code(form)):
        return render_template("accounts/new_address.html", form=form, user=current_user), 422
    db.session.commit()
    return redirect(url_for("address.code"))


@blueprint.get("/code")
@recently_signed_in
def code() -> ResponseReturnValue:
    """Ask for the code that was sent."""
    if PENDING not in session:
        return redirect(url_for("address.new"))
    return _code_page(CodeForm())


@blueprint.post("/code")
@recently_signed_in
def enter_code() -> ResponseReturnValue:
    """Give the account its new address."""
    if PENDING not in session:
        return redirect(url_for("address.new"))
    form = CodeForm()
    if not form.validate():
        return _code_page(form), 422
    outcome = _try_code(form)
    db.session.commit()
    if outcome is not CodeOutcome.RIGHT:
        form.code.errors = [mistake(outcome)]
        return _code_page(form), 422
    session.pop(PENDING)
    flash(_("Your e-mail address is changed."))
    return redirect(url_for("accounts.account"))


def _send_code(form: NewAddressForm) -> bool:
    email = normalise_email(form.email.data)
    try:
        code_id = ask_for_address(
            db.session,
            email,
            client=client_bucket(request.remote_addr),
            language=current_language(),
            secret_key=current_app.config["SECRET_KEY"],
            now=utc_now(),
        )
    except TooManyCodesError:
        form.email.errors = [too_many_codes()]
        return False
    session[PENDING] = {"code": str(code_id), "email": email}
    return True


def _try_code(form: CodeForm) -> CodeOutcome:
    pending = session[PENDING]
    return change_address(
        db.session,
        current_user,
        UUID(pending["code"]),
        pending["email"],
        form.code.data,
        secret_key=current_app.config["SECRET_KEY"],
        now=utc_now(),
    )


def _code_page(form: CodeForm) -> str:
    return render_template(
        "accounts/code.html",
        form=form,
        email=session[PENDING]["email"],
        button_text=_("Change my address"),
        again_url=url_for("address.new"),
    )
