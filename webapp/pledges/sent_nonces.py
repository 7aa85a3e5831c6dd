"""The nonce that a form for a pledge carries: read it, and give the form one when it is shown."""

from flask import current_app, request

from webapp.extensions import db
from webapp.pledges.nonces import Nonce, NonceExpiredError, NonceInvalidError, NonceSigner
from webapp.pledges.promises import Promise


def signer() -> NonceSigner:
    """Return what signs nonces and receipts."""
    return NonceSigner(current_app.config["SECRET_KEY"])


def nonce_sent(promise: Promise) -> Nonce:
    """Return the nonce that was sent; raises NonceExpiredError or NonceInvalidError."""
    sent = request.form.get("nonce", "")
    return signer().read_if(sent, lambda nonce: promise.accepts(db.session, nonce))


def nonce_to_ask_with(promise: Promise) -> str:
    """Return the nonce that was sent while it is good, so that a mistake makes no second pledge."""
    try:
        nonce_sent(promise)
    except (NonceExpiredError, NonceInvalidError):
        return signer().sign(promise.fresh_nonce())
    return request.form["nonce"]
