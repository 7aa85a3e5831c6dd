"""The small page behind a window’s link: one person after another says “I’m in”, also on one device.

The device keeps nothing of it, and each is somebody new: whoever shares a tablet is not the one before.
"""

from flask import Blueprint, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from webapp.database import utc_now
from webapp.events.queries import kept_of_id
from webapp.extensions import csrf, db
from webapp.language import current_language
from webapp.paper.drawings import code
from webapp.partner_codes import carried
from webapp.pledges.nonces import NonceExpiredError, NonceInvalidError, Receipt
from webapp.pledges.places import stands
from webapp.pledges.promises import Promise
from webapp.pledges.tokens import (
    entry_of_token,
    full_address,
    nonce_sent,
    nonce_to_ask_with,
    signer,
)
from webapp.security import refuse_foreign_origin, uncached
from webapp.vouching.forms import WindowPledgeForm
from webapp.vouching.models import GroupWindow
from webapp.vouching.origins import origin_of_request
from webapp.vouching.windows import (
    WindowClosedError,
    WindowFullError,
    take_through,
    window_of_token,
)

blueprint = Blueprint("through", __name__)


@blueprint.get("/in/<token>")
@uncached
def ask(token: str) -> ResponseReturnValue:
    """Ask the next person “I’m in?”."""
    window = window_of_token(db.session, token)
    return _ask(window, WindowPledgeForm()) if window else _unknown()


@blueprint.post("/in/<token>")
@csrf.exempt
@uncached
def take(token: str) -> ResponseReturnValue:
    """Take the pledge of one person, and offer the page to the next."""
    refuse_foreign_origin()
    window = window_of_token(db.session, token)
    if window is None:
        return _unknown()
    form = WindowPledgeForm()
    if not form.validate():
        return _ask(window, form, 422)
    taken = _taken(window, form)
    if taken is None:
        db.session.rollback()
        return _ask(window, form, 422)
    db.session.commit()
    receipt = signer().sign_receipt(taken)
    return redirect(url_for("through.done", token=token, receipt=receipt), 303)


@blueprint.get("/in/<token>/<receipt>")
@uncached
def done(token: str, receipt: str) -> ResponseReturnValue:
    """Thank one person, and lead to the page for the next."""
    window = window_of_token(db.session, token)
    if window is None:
        return _unknown()
    promise = _promise(window)
    entry = entry_of_token(receipt)
    if entry.event_id not in {window.event_id, promise.event_id}:
        abort(404)
    receipt_url = full_address(url_for("pledges.receipt", token=receipt))
    return render_template(
        "vouching/through_done.html",
        moment=promise.moment,
        event=promise.event,
        pledged=stands(db.session, Receipt(entry.moment_id, entry.nonce)),
        takes_more=promise.is_open and window.is_open(utc_now()) and window.left > 0,
        token=token,
        receipt_url=receipt_url,
        code=code(receipt_url),
        demonstration=promise.is_demonstration,
    )


def _taken(window: GroupWindow, form: WindowPledgeForm) -> Receipt | None:
    """Return the receipt of who came through; None with the reason above the form."""
    promise, now = _promise(window), utc_now()
    if not promise.is_open:
        return None
    try:
        nonce = nonce_sent(promise)
        origin, party, via = origin_of_request(), form.party.data, carried()
        return take_through(db.session, window, nonce, party=party, origin=origin, now=now, via=via)
    except (NonceExpiredError, NonceInvalidError):
        form.form_errors.append(
            _("This page was too old. Nothing was counted: press “I’m in” once more.")
        )
    except WindowFullError as full:
        if full.left:
            form.party.errors = [_too_few(full.left)]
    except WindowClosedError:
        pass  # the page itself says so, and what to do instead
    return None


def _too_few(left: int) -> str:
    return ngettext(
        "Only %(num)s more person fits through this link. Nothing was counted.",
        "Only %(num)s more people fit through this link. Nothing was counted.",
        left,
    )


def _ask(window: GroupWindow, form: WindowPledgeForm, status: int = 200) -> ResponseReturnValue:
    """Show the small page; a window that is closed or full says so, and which way is open."""
    promise = _promise(window)
    page = render_template(
        "vouching/through.html",
        form=form,
        nonce=nonce_to_ask_with(promise),
        moment=promise.moment,
        event=promise.event,
        is_on=promise.is_open,
        is_open=window.is_open(utc_now()),
        is_full=window.left <= 0,
        demonstration=promise.is_demonstration,
    )
    return page, status


def _promise(window: GroupWindow) -> Promise:
    """Return what a window leads to; an event that nobody may see any more has none.

    Where it was merged into another listing, that one.
    """
    event = kept_of_id(db.session, window.event_id)
    if not event.is_public:
        abort(404)
    return Promise.at(event, current_language(), utc_now())


def _unknown() -> ResponseReturnValue:
    return render_template("vouching/unknown_link.html"), 404
