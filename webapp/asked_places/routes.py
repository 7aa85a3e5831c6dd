"""Asking for the exact place on a receipt, and answering on a page of the host’s."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from geo.privacy import VenueType
from webapp.asked_places.actions import (
    Answered,
    NewAsking,
    NothingToTellError,
    TooManyAskError,
    answer_questions,
    ask_for_place,
    take_question_back,
    write_directions,
)
from webapp.asked_places.forms import AnswersForm, AskForm, DirectionsForm
from webapp.asked_places.models import MOST_WAITING, Answer
from webapp.asked_places.places import is_told_still, last_day, told_place
from webapp.asked_places.queries import (
    MOST_ANSWERED,
    PlaceOnReceipt,
    ReceiptState,
    asked_of,
    askers_of,
    has_address,
    place_on_receipt,
)
from webapp.database import utc_now
from webapp.events.models import Event
from webapp.events.queries import event_of_address
from webapp.extensions import csrf, db
from webapp.language import current_language
from webapp.pledges.locks import lock_pledge
from webapp.pledges.models import LedgerEntry
from webapp.pledges.nonces import Receipt
from webapp.pledges.places import stands
from webapp.pledges.promises import Promise
from webapp.pledges.tokens import entry_of_token
from webapp.security import Act, authorise, refuse_foreign_origin, signed_in, uncached

blueprint = Blueprint("asked_places", __name__)

LONGEST_DIGITS = 19
# In the order in which a host looks at them.
_STATES = (None, Answer.ACCEPTED, Answer.DECLINED)


@blueprint.get("/pledges/<token>/place")
@uncached
def ask(token: str) -> ResponseReturnValue:
    """Ask for a first name and a note."""
    entry = entry_of_token(token)
    return _ask(token, entry, _form(entry))


@blueprint.post("/pledges/<token>/place")
@csrf.exempt
@uncached
def send(token: str) -> ResponseReturnValue:
    """Pass a question on to the host; one that was sent before stands as it was."""
    refuse_foreign_origin()
    entry = entry_of_token(token)
    lock_pledge(db.session, _receipt(entry))
    form, place = _form(entry), _place(entry)
    if not form.is_from_a_program and not (place and place.asked):
        is_valid = form.validate()
        if not place or place.state is not ReceiptState.OFFERED or not is_valid:
            return _ask(token, entry, form), 422
        if not _sent(place.event, entry, form):
            return _ask(token, entry, form), 422
        db.session.commit()
    return _to_receipt(token)


@blueprint.get("/pledges/<token>/place/take-back")
@uncached
def take_back(token: str) -> ResponseReturnValue:
    """Ask whether a question is to be taken back."""
    entry = entry_of_token(token)
    asked = asked_of(db.session, _receipt(entry))
    return _page("asked_places/take_back.html", token, entry, asked=asked)


@blueprint.post("/pledges/<token>/place/take-back")
@csrf.exempt
@uncached
def take_it_back(token: str) -> ResponseReturnValue:
    """Erase a question, with the name and the note."""
    refuse_foreign_origin()
    entry = entry_of_token(token)
    take_question_back(db.session, _receipt(entry))
    db.session.commit()
    return _to_receipt(token)


@blueprint.get("/events/<public_id>/place")
@signed_in
def of_event(public_id: str) -> ResponseReturnValue:
    """Show a host who asks for the place, and what those see whom they let come."""
    event = _hosted(public_id)
    return _asked(event, _written(event), AnswersForm())


@blueprint.post("/events/<public_id>/place")
@signed_in
def write(public_id: str) -> ResponseReturnValue:
    """Keep what those see whom the host lets come."""
    event, form = _hosted(public_id), DirectionsForm()
    if not form.validate():
        return _asked(event, form, AnswersForm()), 422
    write_directions(db.session, event, form.directions.data)
    db.session.commit()
    flash(_("It is saved."), "good")
    return redirect(url_for(".of_event", public_id=public_id), 303)


@blueprint.post("/events/<public_id>/place/answers")
@signed_in
def answer(public_id: str) -> ResponseReturnValue:
    """Let those come whom a host ticked, or say no to them."""
    event, form = _hosted(public_id), AnswersForm()
    written = _written(event)
    if not form.validate() or not _answered(event, written, form):
        return _asked(event, written, form), 422
    db.session.commit()
    return redirect(url_for(".of_event", public_id=public_id), 303)


def _hosted(public_id: str) -> Event:
    """Return an event that whoever is signed in may change."""
    event = event_of_address(db.session, public_id) or abort(404)
    authorise(current_user, Act.EDIT, event)
    return event


def _written(event: Event) -> DirectionsForm:
    directions = told_place(db.session, event).directions
    return DirectionsForm(formdata=None, directions=directions)


def _answered(event: Event, written: DirectionsForm, form: AnswersForm) -> bool:
    """Answer those who are ticked; False with a sentence beside what is missing."""
    try:
        deed = Answer(request.form.get("deed", ""))
        state = Answer(form.seen.data) if form.seen.data else None
    except ValueError:
        abort(400)
    ids = _ticked(form)
    if not ids:
        form.refuse(_("Tick who you mean."))
        return False
    try:
        done = answer_questions(
            db.session, event, ids, seen=state, answer=deed, by=current_user, now=utc_now()
        )
    except NothingToTellError:
        written.refuse(_("Write down where exactly it is before you say yes."))
        return False
    _say(deed, done)
    return True


def _ticked(form: AnswersForm) -> list[int]:
    typed = (form.asked.data or [])[: MOST_WAITING + MOST_ANSWERED]
    plain = [each for each in typed if each.isascii() and each.isdigit()]
    return [int(each) for each in plain if len(each) < LONGEST_DIGITS]


def _say(deed: Answer, done: Answered) -> None:
    """Tell a host what has become of an answer."""
    if done.changed and deed is Answer.ACCEPTED:
        flash(_("The place stands on their receipt now."), "good")
    elif done.changed:
        flash(_("You said no. The place does not stand on their receipt."), "good")
    if done.missed:
        flash(
            ngettext(
                "%(num)s had been answered by somebody of your group, or had gone. Look once more.",
                "%(num)s had been answered by somebody of your group, or had gone. Look once more.",
                done.missed,
            ),
            "warning",
        )


def _asked(event: Event, written: DirectionsForm, answers: AnswersForm) -> str:
    now = utc_now()
    askers = askers_of(db.session, event.id)
    lists = [(state, [each for each in askers if each.answer is state]) for state in _STATES]
    shown = (people for state, people in lists if (state or "") == answers.seen.data)
    answers.asked.choices = [(str(each.id), each.name) for each in next(shown, [])]
    return render_template(
        "asked_places/of_event.html",
        event=event,
        place=told_place(db.session, event),
        written=written,
        answers=answers,
        lists=lists,
        all_ticked="all" in request.args,
        is_private=event.venue_type is VenueType.PRIVATE,
        is_told=is_told_still(event, now),
        last_day=last_day(event),
        user_id=current_user.id,
    )


def _receipt(entry: LedgerEntry) -> Receipt:
    return Receipt(entry.moment_id, entry.pledge)


def _place(entry: LedgerEntry) -> PlaceOnReceipt | None:
    return place_on_receipt(db.session, entry, stands(db.session, _receipt(entry)), utc_now())


def _form(entry: LedgerEntry) -> AskForm:
    form = AskForm()
    if not has_address(db.session, _receipt(entry)):
        form.ask_without_address()
    return form


def _sent(event: Event, entry: LedgerEntry, form: AskForm) -> bool:
    """Pass on what a form asks; False with a sentence above it where too many wait."""
    new = NewAsking(
        name=form.name.data, note=form.note.data or None, mail_wording=form.mail_wording
    )
    try:
        ask_for_place(db.session, event, _receipt(entry), new, utc_now())
    except TooManyAskError:
        form.refuse(_("Many wait for the host’s answer already. Try again in a day or two."))
        return False
    return True


def _ask(token: str, entry: LedgerEntry, form: AskForm) -> str:
    return _page("asked_places/ask.html", token, entry, form=form)


def _page(template: str, token: str, entry: LedgerEntry, **more: Any) -> str:
    promise = Promise.of_entry(db.session, entry, current_language(), utc_now())
    return render_template(
        template,
        token=token,
        event=promise.event,
        moment=promise.moment,
        place=_place(entry),
        demonstration=promise.is_demonstration,
        **more,
    )


def _to_receipt(token: str) -> ResponseReturnValue:
    return redirect(url_for("pledges.receipt", token=token, _anchor="place"), 303)
