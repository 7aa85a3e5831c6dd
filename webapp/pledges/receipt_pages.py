"""What can be done with a receipt besides looking at it: change how many come, and withdraw."""

from dataclasses import dataclass
from typing import Any, Self
from uuid import UUID, uuid4, uuid5

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.asked_places.actions import forget_question
from webapp.database import utc_now
from webapp.extensions import csrf, db
from webapp.filters import local
from webapp.language import current_language
from webapp.pledges.actions import NotInForceError, change_party, withdraw
from webapp.pledges.contacts import forget_contact
from webapp.pledges.forms import PledgeForm
from webapp.pledges.nonces import Receipt
from webapp.pledges.places import Stands, stands
from webapp.pledges.promises import Promise
from webapp.pledges.tokens import entry_of_token
from webapp.security import refuse_foreign_origin, uncached

blueprint = Blueprint("receipts", __name__, url_prefix="/pledges")


@dataclass(frozen=True)
class _Held:
    """A receipt that somebody holds, and what it is worth now."""

    token: str
    receipt: Receipt
    promise: Promise
    stands: Stands
    can_change: bool

    @property
    def party(self) -> int:
        """How many it is for; whoever waits may change and withdraw as well."""
        return self.stands.wanted

    @classmethod
    def of(cls, token: str) -> Self:
        """Read a receipt’s address; it is not found where there is no such pledge."""
        entry = entry_of_token(token)
        receipt = Receipt(entry.moment_id, entry.pledge)
        promise = Promise.of_entry(db.session, entry, current_language(), utc_now())
        found = stands(db.session, receipt)
        return cls(
            token,
            receipt,
            promise,
            found,
            found.wanted > 0 and promise.takes_changes(local(utc_now()).date()),
        )

    def page(self, template: str, status: int = 200, **more: Any) -> ResponseReturnValue:
        """Return a page about it."""
        page = render_template(
            template,
            token=self.token,
            party=self.party,
            is_taken_out=self.stands.is_taken_out,
            can_change=self.can_change,
            nonce=str(uuid4()),
            event=self.promise.event,
            moment=self.promise.moment,
            demonstration=self.promise.is_demonstration,
            **more,
        )
        return page, status

    def shown(self) -> ResponseReturnValue:
        """Lead to the receipt as it is now."""
        return redirect(url_for("pledges.receipt", token=self.token), 303)


@blueprint.get("/<token>/change")
@uncached
def change(token: str) -> ResponseReturnValue:
    """Ask how many come instead."""
    held = _Held.of(token)
    return held.page("pledges/change.html", form=PledgeForm(None, party=held.party or 1))


@blueprint.post("/<token>/change")
@csrf.exempt
@uncached
def change_it(token: str) -> ResponseReturnValue:
    """Change how many come; the same form sent twice changes it once."""
    refuse_foreign_origin()
    held, form = _Held.of(token), PledgeForm(request.form)
    if not form.validate() or not held.can_change:
        return held.page("pledges/change.html", 422, form=form)
    try:
        change_party(db.session, held.receipt, _nonce(held.receipt), party=form.party.data)
    except NotInForceError:
        form.refuse(_("This pledge was withdrawn meanwhile. Nothing was changed."))
        return held.page("pledges/change.html", 422, form=form)
    db.session.commit()
    return held.shown()


@blueprint.get("/<token>/withdraw")
@uncached
def take_back(token: str) -> ResponseReturnValue:
    """Ask whether somebody really does not come."""
    return _Held.of(token).page("pledges/withdraw.html")


@blueprint.post("/<token>/withdraw")
@csrf.exempt
@uncached
def take_it_back(token: str) -> ResponseReturnValue:
    """Withdraw a pledge; one that is withdrawn already stays so."""
    refuse_foreign_origin()
    held = _Held.of(token)
    if not held.can_change:
        return held.page("pledges/withdraw.html", 422 if held.party else 200)
    try:
        withdraw(db.session, held.receipt, _nonce(held.receipt))
        forget_contact(db.session, held.receipt)
        forget_question(db.session, held.receipt)
    except NotInForceError:
        return held.shown()
    db.session.commit()
    return held.shown()


def _nonce(receipt: Receipt) -> UUID:
    """Return the form’s own number, which no other pledge can have; a new one where it was meddled with.

    It guards only against haste.
    """
    try:
        return uuid5(receipt.key, str(UUID(request.form.get("nonce", ""))))
    except ValueError:
        return uuid4()
