"""What a request brings of a pledge: the nonce of its form, or its receipt."""

from flask import abort, current_app, request

from webapp.extensions import db
from webapp.pledges.models import LedgerEntry
from webapp.pledges.nonces import Nonce, NonceExpiredError, NonceInvalidError, NonceSigner
from webapp.pledges.promises import Promise
from webapp.pledges.queries import pledge_of_receipt


def signer() -> NonceSigner:
    """Return what signs nonces and receipts."""
    return NonceSigner(current_app.config["SECRET_KEY"])


def full_address(path: str) -> str:
    """Return the address of a page at the site’s own origin, whatever the request was sent to."""
    origin: str = current_app.config["SETTINGS"].site_origin
    return origin + path


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


def entry_of_token(token: str) -> LedgerEntry:
    """Return what a receipt’s address stands for; it is not found where there is no such pledge."""
    try:
        receipt = signer().read_receipt(token)
    except NonceInvalidError:
        abort(404)
    return pledge_of_receipt(db.session, receipt) or abort(404)
