"""Asking a host, and answering: neither side sees the other’s address."""

from uuid import UUID, uuid4

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from webapp.accounts.addresses import client_bucket, normalise_email
from webapp.accounts.forms import EmptyForm
from webapp.database import utc_now
from webapp.events.leading import public_event
from webapp.events.models import Event
from webapp.events.page import EventPage
from webapp.events.queries import event_of_address
from webapp.extensions import csrf, db
from webapp.groups.queries import Addressee, addressees_of
from webapp.language import current_language
from webapp.questions.actions import (
    AnsweredError,
    NewQuestion,
    TooManyQuestionsError,
    answer_question,
    ask_host,
    discard_question,
)
from webapp.questions.forms import AnswerForm, AskForm
from webapp.questions.models import Question
from webapp.questions.queries import question_of_number, questions_of
from webapp.security import Act, authorise, refuse_foreign_origin, signed_in, uncached

blueprint = Blueprint("questions", __name__)

# No address holds a number that the database cannot: it leads nowhere.
NUMBER = f"<int(max={2**63 - 1}):number>"


@blueprint.get("/events/<public_id>/ask")
@uncached
def ask(public_id: str) -> ResponseReturnValue:
    """Ask what somebody would like to know of a host."""
    event = public_event(public_id)
    return _ask(event, AskForm(), uuid4())


@blueprint.post("/events/<public_id>/ask")
@csrf.exempt
@uncached
def send(public_id: str) -> ResponseReturnValue:
    """Pass a question on."""
    refuse_foreign_origin()
    event, form = public_event(public_id), AskForm()
    nonce = _nonce()
    if not form.is_from_a_program:
        is_valid, to = form.validate(), _readers(event)
        if not is_valid or not to or not _sent(event, form, nonce, to):
            return _ask(event, form, nonce), 422
        db.session.commit()
    return redirect(url_for("questions.asked", public_id=public_id), 303)


@blueprint.get("/events/<public_id>/asked")
@uncached
def asked(public_id: str) -> ResponseReturnValue:
    """Say what happens with a question that was sent."""
    page = EventPage.of(public_event(public_id), current_language(), utc_now())
    return render_template("questions/asked.html", event=page, moment=page.moment)


@blueprint.get("/events/<public_id>/questions")
@signed_in
def of_event(public_id: str) -> ResponseReturnValue:
    """List what was asked about an event, for its hosts."""
    event = event_of_address(db.session, public_id) or abort(404)
    authorise(current_user, Act.EDIT, event)
    rows = questions_of(db.session, event.id)
    return render_template("questions/of_event.html", event=event, questions=rows)


@blueprint.get(f"/questions/{NUMBER}")
@signed_in
def answer(number: int) -> ResponseReturnValue:
    """Show a question to those who may answer it."""
    return _show(_question_or_404(number), AnswerForm())


@blueprint.post(f"/questions/{NUMBER}")
@signed_in
def send_answer(number: int) -> ResponseReturnValue:
    """Send the answer to whoever asked."""
    question, form = _question_or_404(number), AnswerForm()
    if not form.validate():
        return _show(question, form), 422
    try:
        answer_question(db.session, question, form.answer.data, by=current_user, now=utc_now())
    except AnsweredError:
        form.refuse(_("Somebody of your group has answered this already. Yours was not sent."))
        return _show(question, form), 422
    db.session.commit()
    flash(_("Your answer is on its way."))
    return redirect(url_for("questions.answer", number=number), 303)


@blueprint.get(f"/questions/{NUMBER}/spam")
@signed_in
def spam(number: int) -> ResponseReturnValue:
    """Ask whether a question is to be deleted."""
    question = _question_or_404(number)
    return render_template("questions/spam.html", question=question, form=EmptyForm())


@blueprint.post(f"/questions/{NUMBER}/spam")
@signed_in
def delete(number: int) -> ResponseReturnValue:
    """Delete a question that is none."""
    question = _question_or_404(number)
    public_id = question.event.public_id
    discard_question(db.session, question)
    db.session.commit()
    flash(_("The question is deleted."))
    return redirect(url_for("questions.of_event", public_id=public_id), 303)


def _question_or_404(number: int) -> Question:
    question = question_of_number(db.session, number) or abort(404)
    authorise(current_user, Act.EDIT, question)
    return question


def _nonce() -> UUID:
    """Return the form’s nonce; a new one where it is odd, which costs nobody but its sender."""
    try:
        return UUID(request.form.get("nonce", ""))
    except ValueError:
        return uuid4()


def _readers(event: Event) -> list[Addressee]:
    """Return who is written to; nobody where questions are not taken."""
    is_open = event.may_be_asked_about(utc_now())
    return addressees_of(db.session, event.group) if is_open else []


def _sent(event: Event, form: AskForm, nonce: UUID, to: list[Addressee]) -> bool:
    """Pass on what a form asks; False with a sentence above it where there were too many."""
    new = NewQuestion(
        nonce=nonce,
        name=form.name.data or None,
        email=normalise_email(form.email.data),
        text=form.question.data,
        language=current_language(),
        client=client_bucket(request.remote_addr),
    )
    secret_key = current_app.config["SECRET_KEY"]
    try:
        ask_host(db.session, event, new, to=to, secret_key=secret_key, now=utc_now())
    except TooManyQuestionsError:
        form.refuse(_("Too many questions came in a short time. Wait an hour and send it again."))
        return False
    return True


def _ask(event: Event, form: AskForm, nonce: UUID) -> str:
    page = EventPage.of(event, current_language(), utc_now())
    return render_template(
        "questions/ask.html",
        form=form,
        nonce=nonce,
        event=page,
        moment=page.moment,
        is_open=bool(_readers(event)),
        demonstration=page.is_demonstration,
    )


def _show(question: Question, form: AnswerForm) -> str:
    return render_template("questions/question.html", question=question, form=form)
