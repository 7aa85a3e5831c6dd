"""From an event that is off to something near, or home: the same people, with the same receipt’s word.

The new pledge is of the same participant, so that whoever is in again, should the event be on again,
counts once. Its nonce is made of the receipt and of what was chosen: pressed twice, it is one, unless that
was withdrawn meanwhile.
"""

from collections.abc import Sequence
from uuid import UUID, uuid5

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from webapp.database import utc_now
from webapp.events.queries import EventRow, events_of_moment
from webapp.extensions import csrf, db
from webapp.filters import local
from webapp.language import current_language
from webapp.pledges.actions import PledgedOtherwiseError, Taking, pledge
from webapp.pledges.buckets import BUCKETS, Buckets, signals_of
from webapp.pledges.models import LedgerEntry, was_withdrawn
from webapp.pledges.nonces import Nonce, Receipt
from webapp.pledges.places import stands
from webapp.pledges.promises import Promise
from webapp.pledges.sides import Side
from webapp.pledges.tokens import entry_of_token, signer
from webapp.security import own_origins, refuse_foreign_origin, uncached

blueprint = Blueprint("instead", __name__, url_prefix="/pledges")

MOST_OFFERED = 5
# How often somebody may change their mind about one thing: each time is asked for by itself.
MOST_TIMES = 20


@blueprint.get("/<token>/instead")
@uncached
def ask(token: str) -> ResponseReturnValue:
    """Offer what is near an event that is off, and taking part at home."""
    entry = entry_of_token(token)
    promise = Promise.of_entry(db.session, entry, current_language(), utc_now())
    party = stands(db.session, Receipt(entry.moment_id, entry.pledge)).wanted
    if not _is_offered(promise, party):
        return redirect(url_for("pledges.receipt", token=token), 303)
    return render_template(
        "pledges/instead.html",
        token=token,
        party=party,
        event=promise.event,
        moment=promise.moment,
        events=_near(promise),
        demonstration=promise.is_demonstration,
    )


@blueprint.post("/<token>/instead")
@csrf.exempt
@uncached
def take(token: str) -> ResponseReturnValue:
    """Take the same people to another event, or count them at home."""
    refuse_foreign_origin()
    entry, now = entry_of_token(token), utc_now()
    promise = Promise.of_entry(db.session, entry, current_language(), now)
    party = stands(db.session, Receipt(entry.moment_id, entry.pledge)).wanted
    chosen = request.form.get("event", "")
    other = _chosen(promise, chosen)
    if not _is_offered(promise, party) or other is None or not other.is_open:
        return redirect(url_for(".ask", token=token), 303)
    nonce = Nonce(promise.moment.id, other.event_id, _key(entry, promise, other))
    taking = Taking(participant=entry.participant, via=entry.via, side=_side())
    try:
        taken = pledge(db.session, nonce, party=party, taking=taking)
    except PledgedOtherwiseError:  # with more or fewer people: the first stands
        taken = Receipt(nonce.moment_id, nonce.key)
    db.session.commit()
    fresh = signer().sign_receipt(taken)
    return redirect(url_for("pledges.receipt", token=fresh, thanks=1), 303)


def _is_offered(promise: Promise, party: int) -> bool:
    event = promise.event
    is_off = event is not None and not event.is_on and not event.is_over
    return is_off and party > 0 and not promise.moment.is_over(local(utc_now()).date())


def _near(promise: Promise) -> Sequence[EventRow]:
    return events_of_moment(
        db.session,
        promise.moment.id,
        language=current_language(),
        near=promise.event.point if promise.event else None,
        not_over_at=utc_now(),
        limit=MOST_OFFERED,
    )


def _chosen(promise: Promise, public_id: str) -> Promise | None:
    """Return what was chosen, where it is of the same moment; nothing chosen is at home."""
    language, now = current_language(), utc_now()
    if not public_id:
        return Promise.at_home(db.session, promise.moment.slug, language, local(now).date())
    is_one = public_id.isascii() and public_id.isalnum()
    found = Promise.at_event(db.session, public_id, language, now) if is_one else None
    is_same = found is not None and promise.moment.id in {
        each.id for each in (found.event.moments if found.event else ())
    }
    return found if is_same else None


def _key(entry: LedgerEntry, promise: Promise, other: Promise) -> UUID:
    key = uuid5(entry.nonce, f"instead {other.event_id}")
    for _ in range(MOST_TIMES):
        if not db.session.scalar(select(was_withdrawn(promise.moment.id, key))):
            break
        key = uuid5(key, "again")
    return key


def _side() -> Side:
    buckets: Buckets = current_app.extensions[BUCKETS]
    origin = request.headers.get("Origin")
    signals = signals_of(origin=origin, own=own_origins(), trap="", is_quick=False)
    return buckets.side(request.remote_addr, signals)
