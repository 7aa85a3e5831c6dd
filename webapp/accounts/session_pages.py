"""End the sessions of other browsers, or of all."""

from uuid import UUID

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from webapp.accounts.browsers import sign_out_browser, sign_out_everywhere
from webapp.accounts.sessions import forget_session
from webapp.extensions import db
from webapp.security import signed_in

blueprint = Blueprint("sessions", __name__, url_prefix="/account/sessions")


@blueprint.post("/<uuid:browser_id>/end")
@signed_in
def end(browser_id: UUID) -> ResponseReturnValue:
    """Sign one of somebody’s browsers out."""
    sign_out_browser(db.session, current_user, browser_id)
    db.session.commit()
    flash(_("That browser is signed out."))
    return redirect(url_for("accounts.account"))


@blueprint.post("/end-all")
@signed_in
def end_all() -> ResponseReturnValue:
    """Sign all of somebody’s browsers out, this one included."""
    sign_out_everywhere(db.session, current_user)
    db.session.commit()
    forget_session()
    return redirect(url_for("accounts.sign_in"))
