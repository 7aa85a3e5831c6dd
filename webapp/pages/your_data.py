"""Download one’s data, and delete one’s account."""

import json

from flask import Blueprint, Response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from webapp.accounts.forms import EmptyForm
from webapp.accounts.sessions import forget_session
from webapp.database import utc_now
from webapp.extensions import db
from webapp.pages.leaving import StillNeededError, delete_account, groups_owned_alone
from webapp.pages.own_data import data_of
from webapp.security import recently_signed_in, uncached

blueprint = Blueprint("your_data", __name__, url_prefix="/account")

FILE_NAME = "moment-map-data.json"


@blueprint.get("/data")
@recently_signed_in
def about() -> ResponseReturnValue:
    """Say what the file holds."""
    return render_template("accounts/data.html")


@blueprint.get("/data.json")
@recently_signed_in
def download() -> ResponseReturnValue:
    """Send somebody all that the site knows of them."""
    data = data_of(db.session, current_user, utc_now())
    text = json.dumps(data, ensure_ascii=False, indent=2)
    headers = {"Content-Disposition": f'attachment; filename="{FILE_NAME}"'}
    return Response(text, mimetype="application/json", headers=headers)


@blueprint.get("/delete")
@recently_signed_in
def ask_to_delete() -> ResponseReturnValue:
    """Say what goes with the account and what stays."""
    return _delete_page()


@blueprint.post("/delete")
@recently_signed_in
def delete() -> ResponseReturnValue:
    """Delete the account, unless groups still need it."""
    try:
        delete_account(db.session, current_user, utc_now())
    except StillNeededError:
        db.session.rollback()
        return _delete_page(), 422
    db.session.commit()
    forget_session()
    return redirect(url_for("your_data.deleted"))


@blueprint.get("/deleted")
@uncached
def deleted() -> ResponseReturnValue:
    """Confirm that the account is gone."""
    return render_template("accounts/deleted.html")


def _delete_page() -> str:
    alone = groups_owned_alone(db.session, current_user, utc_now())
    return render_template(
        "accounts/delete.html",
        form=EmptyForm(),
        needed=[group for group in alone if group.must_be_handed_over],
        left_alone=[group for group in alone if not group.must_be_handed_over],
        user=current_user,
    )
