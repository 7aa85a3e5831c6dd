"""The page behind a claim link: whoever has it, and signs in, takes the group over."""

from flask import abort, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from webapp.database import utc_now
from webapp.extensions import db
from webapp.forms import Form
from webapp.groups.invitations import Invitation
from webapp.networks.blueprint import blueprint
from webapp.networks.claims import ClaimClosedError, accept_claim, claim_of, state_of
from webapp.security import signed_in, uncached


@blueprint.get("/claim/<token>")
@uncached
def claim(token: str) -> ResponseReturnValue:
    """Show which group a link is for, and what becomes of whoever takes it over."""
    found = _claim(token)
    return (
        _page(found, Form(), token) if found else (render_template("networks/no_claim.html"), 404)
    )


@blueprint.post("/claim/<token>")
@signed_in
def claimed(token: str) -> ResponseReturnValue:
    """Make whoever is signed in an owner of the group."""
    found, form = _claim(token) or abort(404), Form()
    if not form.validate():
        return _page(found, form, token), 422
    try:
        accept_claim(db.session, found, by=current_user, now=utc_now())
    except ClaimClosedError:
        db.session.rollback()
        return redirect(url_for("networks.claim", token=token), 303)
    db.session.commit()
    flash(_("This group is yours now."))
    return redirect(url_for("organising.your_events"), 303)


def _claim(token: str) -> Invitation | None:
    return claim_of(db.session, str(current_app.secret_key), token)


def _page(found: Invitation, form: Form, token: str) -> str:
    user = current_user if current_user.is_authenticated else None
    return render_template(
        "networks/claim.html",
        group=found.group,
        state=state_of(found, utc_now()),
        is_mine=user is not None and found.answered_by_id == user.id,
        is_signed_in=user is not None,
        token=token,
        form=form,
    )
