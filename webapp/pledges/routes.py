"""Say “I’m in”: without an account, with or without script, once however often it is sent."""

from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from webapp.asked_places.queries import place_on_receipt
from webapp.corrections.queries import told_decisions
from webapp.database import utc_now
from webapp.events.leading import public_event
from webapp.extensions import csrf, db
from webapp.filters import local
from webapp.headcounts.queries import asked_on_receipt
from webapp.language import current_language
from webapp.moments.queries import moment_of_slug
from webapp.partner_codes import carried, carry
from webapp.pledges.actions import PledgedOtherwiseError, Taking, participant_of, pledge
from webapp.pledges.became import became_of, is_counted_elsewhere, is_just_made
from webapp.pledges.buckets import BUCKETS, Buckets, signals_of
from webapp.pledges.checkpoint_files import CheckpointFiles
from webapp.pledges.count_words import words_of
from webapp.pledges.forms import HomePledgeForm, PledgeForm
from webapp.pledges.homes import NOT_TOLD, Home, home_of
from webapp.pledges.models import Checkpoint, LedgerEntry
from webapp.pledges.nonces import Nonce, NonceExpiredError, NonceInvalidError, Receipt
from webapp.pledges.offers import nonce_for_event, nonce_for_home
from webapp.pledges.places import Stands, stands
from webapp.pledges.promises import Promise
from webapp.pledges.queries import (
    corrections,
    latest_checkpoint,
    people_held,
    reconciled_at,
    room_of_event,
    tally_of_moment,
)
from webapp.pledges.sides import Side
from webapp.pledges.tokens import (
    entry_of_token,
    full_address,
    nonce_sent,
    nonce_to_ask_with,
    signer,
)
from webapp.security import own_origins, public, uncached, uncached_but_on_back
from webapp.vouching.queries import on_paper_in_all, on_paper_of_moment

blueprint = Blueprint("pledges", __name__)

COUNT_MAX_AGE = 5
FOR_EVER = 365 * 24 * 3600
MOST_CORRECTIONS = 100
LARGEST_NUMBER = 2**63 - 1


@blueprint.get("/events/<public_id>/pledge")
@uncached_but_on_back
def confirm(public_id: str) -> ResponseReturnValue:
    """Ask “I’m in?” on a small page, for browsers without script."""
    return _confirm(_at_event(public_id))


@blueprint.post("/events/<public_id>/pledge")
@csrf.exempt
@uncached
def take(public_id: str) -> ResponseReturnValue:
    """Take a pledge for an event."""
    return _take(_at_event(public_id))


@blueprint.get("/moments/<slug>/pledge")
@uncached_but_on_back
def confirm_at_home(slug: str) -> ResponseReturnValue:
    """Ask “I’m in?” of somebody who takes part at home."""
    return _confirm(_at_home(slug))


@blueprint.post("/moments/<slug>/pledge")
@csrf.exempt
@uncached
def take_at_home(slug: str) -> ResponseReturnValue:
    """Take a pledge from somebody at home."""
    return _take(_at_home(slug))


@blueprint.get("/api/v1/pledges/nonce")
@uncached
def nonce() -> ResponseReturnValue:
    """Give a nonce for `?event=` or `?moment=`, fetched at the tap."""
    public_id, slug = request.args.get("event"), request.args.get("moment", "")
    event = nonce_for_event(db.session, public_id) if public_id else None
    fresh = event if public_id else nonce_for_home(db.session, slug)
    return jsonify(nonce=signer().sign(fresh or abort(404)))


@blueprint.get("/pledges/<token>")
@uncached
def receipt(token: str) -> ResponseReturnValue:
    """Show a pledge to whoever has its receipt; `?thanks` right after it was taken."""
    entry = entry_of_token(token)
    now, secret_key = utc_now(), current_app.config["SECRET_KEY"]
    promise = Promise.of_entry(db.session, entry, current_language(), now)
    pledged = stands(db.session, Receipt(entry.moment_id, entry.pledge))
    page = _shown(promise, entry, pledged, token)
    if "thanks" in request.args and page["is_open"] and is_just_made(db.session, entry):
        return render_template("pledges/thanks.html", **page)
    called_off = promise.event is not None and not promise.event.is_on
    return render_template(
        "pledges/receipt.html",
        **page,
        called_off=called_off,
        counted_elsewhere=called_off and is_counted_elsewhere(db.session, entry),
        asked=asked_on_receipt(db.session, entry, secret_key=secret_key, now=now),
        met_url=url_for("headcounts.met_on_receipt", token=token),
        became=became_of(db.session, entry, now),
    )


@blueprint.get("/api/v1/moments/<slug>/count.json")
@public(max_age=COUNT_MAX_AGE)
def count(slug: str) -> ResponseReturnValue:
    """Give a moment’s number to machines; with `?words=` also as our pages write it."""
    moment = moment_of_slug(db.session, slug) or abort(404)
    tally = tally_of_moment(db.session, moment.id)
    words = {"words": words_of(tally)} if "words" in request.args else {}
    return jsonify(
        people=tally.told,
        pledges=None if tally.told is None else tally.pledges,
        events=tally.events,
        held=tally.held,
        on_paper=on_paper_of_moment(db.session, moment.id),
        as_of=tally.as_of.isoformat(timespec="seconds"),
        reconciled_at=tally.reconciled_at and tally.reconciled_at.isoformat(timespec="seconds"),
        **words,
    )


@blueprint.get("/counting")
@public(max_age=60)
def checking() -> ResponseReturnValue:
    """Say how anybody can check the number, and when it had to be corrected."""
    return render_template(
        "pledges/checking.html",
        latest=latest_checkpoint(db.session),
        reconciled_at=reconciled_at(db.session),
        held=people_held(db.session),
        on_paper=on_paper_in_all(db.session),
        corrections=corrections(db.session, current_language(), MOST_CORRECTIONS),
        decisions=told_decisions(db.session, current_language(), MOST_CORRECTIONS),
    )


@blueprint.get("/checkpoints/<int:number>.json")
@public(max_age=FOR_EVER)
def checkpoint(number: int) -> ResponseReturnValue:
    """Give a checkpoint’s file, as the web server in front may by itself; else what it will be made of."""
    wanted = min(number, LARGEST_NUMBER)
    content = CheckpointFiles.of(current_app.config["SETTINGS"]).read(wanted)
    if content is None:
        content = (db.session.get(Checkpoint, wanted) or abort(404)).content.encode()
    return Response(content, mimetype="application/json")


def _shown(promise: Promise, entry: LedgerEntry, pledged: Stands, token: str) -> dict[str, Any]:
    """Return what the page of thanks and the receipt both show."""
    event, now = promise.event, utc_now()
    can_change = pledged.wanted > 0 and promise.takes_changes(local(now).date())
    return {
        "moment": promise.moment,
        "event": event,
        "party": pledged.party,
        "pledged": pledged,
        "can_change": can_change,
        "is_open": can_change and (event is None or event.takes_pledges),
        "token": token,
        "via": entry.via,
        "receipt_url": full_address(url_for("pledges.receipt", token=token)),
        "place": place_on_receipt(db.session, entry, pledged, now),
        "demonstration": promise.is_demonstration,
    }


def _confirm(promise: Promise) -> ResponseReturnValue:
    # Of what an address says, the party alone: a postcode has no place in one.
    form = _form(promise, MultiDict({k: v for k, v in request.args.items() if k == "party"}))
    if "party" not in request.args or not form.validate():
        form.party.raw_data = None
        form.party.data = form.party.data or 1
        form.party.errors = ()
    return _ask(promise, form)


def _take(promise: Promise) -> ResponseReturnValue:
    carry(request.form.get("via", ""))
    form = _form(promise, request.form)
    is_valid = form.validate()
    home = _home(form)
    if not promise.is_open or not is_valid or home is None:
        return _ask(promise, form, 422)
    try:
        nonce = nonce_sent(promise)
    except (NonceExpiredError, NonceInvalidError):
        form.refuse(_("This page was too old. Nothing was counted: press “I’m in” once more."))
        return _ask(promise, form, 422)
    return redirect(_pledge(nonce, form, home), 303)


def _pledge(nonce: Nonce, form: PledgeForm, home: Home) -> str:
    """Return where to go: to thanks, or to the receipt of what was said with another number before."""
    participant = participant_of(request.form.get("participant", ""))
    taking = Taking(home=home, participant=participant, via=carried(), side=_side(form))
    token = signer().sign_receipt(Receipt(nonce.moment_id, nonce.key))
    try:
        pledge(db.session, nonce, party=form.party.data, taking=taking)
    except PledgedOtherwiseError:
        return url_for("pledges.receipt", token=token, before=1)
    db.session.commit()
    # A device that several people pledge on remembers none of them.
    somebody = "else" if _is_for_somebody_else() else None
    return url_for("pledges.receipt", token=token, thanks=1, somebody=somebody)


def _side(form: PledgeForm) -> Side:
    """Return where a pledge comes from; it is taken whatever this says."""
    quick = "participant" not in request.form and signer().is_quick(request.form.get("nonce", ""))
    trap = form.leave_empty.raw_data[0] if form.leave_empty.raw_data else ""
    signals = signals_of(
        origin=request.headers.get("Origin"), own=own_origins(), trap=trap, is_quick=quick
    )
    buckets: Buckets = current_app.extensions[BUCKETS]
    return buckets.side(request.remote_addr, signals)


def _form(promise: Promise, typed: MultiDict[str, str]) -> PledgeForm:
    """Return the form with what was typed; an event’s pledges count where it is, so it asks less."""
    return PledgeForm(typed) if promise.event else HomePledgeForm(typed)


def _home(form: PledgeForm) -> Home | None:
    """Return what a typed postcode tells; None with a sentence beside it where we know none such."""
    if not isinstance(form, HomePledgeForm) or not form.postcode.data:
        return NOT_TOLD
    home = home_of(db.session, form.postcode.data)
    if home is None:
        form.refuse_postcode()
    return home


def _ask(promise: Promise, form: PledgeForm, status: int = 200) -> ResponseReturnValue:
    """Show the small page; an event that is over says so instead."""
    page = render_template(
        "pledges/confirm.html",
        form=form,
        nonce=nonce_to_ask_with(promise),
        for_somebody_else=_is_for_somebody_else(),
        moment=promise.moment,
        event=promise.event,
        is_open=promise.is_open,
        room=promise.event and room_of_event(db.session, promise.event, utc_now()),
        demonstration=promise.is_demonstration,
    )
    return page, status


def _is_for_somebody_else() -> bool:
    return request.values.get("somebody") == "else"


def _at_event(public_id: str) -> Promise:
    event = public_event(public_id)
    return Promise.at(event, current_language(), utc_now())


def _at_home(slug: str) -> Promise:
    today = local(utc_now()).date()
    return Promise.at_home(db.session, slug, current_language(), today) or abort(404)
