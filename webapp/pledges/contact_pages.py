"""Leaving an address with a pledge: asked for on its receipt, confirmed and stopped from a mail.

What a mail’s link opens asks first and does nothing: programs that look at mails open links too.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.accounts.addresses import client_bucket, normalise_email
from webapp.database import utc_now
from webapp.events.models import EventStatus
from webapp.extensions import csrf, db
from webapp.filters import local
from webapp.language import current_language
from webapp.pledges.contact_forms import WORDING, ReminderForm
from webapp.pledges.contact_models import PledgeContact
from webapp.pledges.contacts import Wish, ask_to_confirm, confirm, contact_of, stop
from webapp.pledges.locks import lock_pledge
from webapp.pledges.models import LedgerEntry
from webapp.pledges.nonces import Receipt
from webapp.pledges.places import Stands, stands
from webapp.pledges.promises import Promise
from webapp.pledges.queries import is_being_checked, pledge_of_receipt
from webapp.pledges.releasing import CONFIRMED, release
from webapp.pledges.tokens import entry_of_token
from webapp.security import refuse_foreign_origin, uncached
from webapp.signed_links import read

blueprint = Blueprint("contacts", __name__)

LINK = "pledge-contact"


@dataclass(frozen=True)
class _Asking:
    """A pledge whose receipt somebody holds, who may leave an address with it."""

    token: str
    entry: LedgerEntry
    promise: Promise
    stands: Stands
    is_held: bool

    @classmethod
    def of(cls, token: str) -> Self:
        """Read a receipt’s address; it is not found where there is no such pledge."""
        entry = entry_of_token(token)
        found = stands(db.session, Receipt(entry.moment_id, entry.pledge))
        return cls(
            token, entry, _promise(entry), found, is_being_checked(db.session, entry, utc_now())
        )

    @property
    def is_open(self) -> bool:
        """Whether there is something to write about: a pledge in force, to what is still to come.

        Whoever reads that theirs is held may say until the end that they read their mail.
        """
        event, now, today = self.promise.event, utc_now(), local(utc_now()).date()
        if event is None:
            is_ahead = self.promise.moment.starts_on > today
        else:
            has_no_day = event.status is EventStatus.POSTPONED
            is_ahead = event.is_public and (has_no_day or event.starts_at > now)
        if self.is_held and self.promise.takes_changes(today):
            is_ahead = True
        return is_ahead and self.stands.wanted > 0

    def form(self) -> ReminderForm:
        """Return the form, without what cannot happen."""
        form = ReminderForm()
        form.leave_out(news=self.promise.event is None, place=not self.stands.waiting)
        return form

    def page(self, form: ReminderForm) -> str:
        """Return the page that asks."""
        return render_template(
            "pledges/contact_ask.html",
            token=self.token,
            form=form,
            event=self.promise.event,
            moment=self.promise.moment,
            is_open=self.is_open,
            is_held=self.is_held,
            demonstration=self.promise.is_demonstration,
        )


@blueprint.get("/pledges/<token>/reminder")
@uncached
def ask(token: str) -> ResponseReturnValue:
    """Ask which mails somebody would like, and where."""
    asking = _Asking.of(token)
    return asking.page(asking.form())


@blueprint.post("/pledges/<token>/reminder")
@csrf.exempt
@uncached
def send(token: str) -> ResponseReturnValue:
    """Send a mail to confirm an address; the answer is the same whether one is sent or not."""
    refuse_foreign_origin()
    entry = entry_of_token(token)
    lock_pledge(db.session, Receipt(entry.moment_id, entry.pledge))
    asking = _Asking.of(token)
    form = asking.form()
    if not form.is_from_a_program:
        if not form.validate() or not asking.is_open:
            return asking.page(form), 422
        _ask_to_confirm(asking.entry, form)
        db.session.commit()
    return redirect(url_for("contacts.asked", token=token), 303)


@blueprint.get("/pledges/<token>/reminder/asked")
@uncached
def asked(token: str) -> ResponseReturnValue:
    """Say that one more step is to be done, in the mailbox."""
    entry_of_token(token)
    return render_template("pledges/contact_asked.html", token=token)


@blueprint.get("/reminders/<signed>")
@uncached
def check(signed: str) -> ResponseReturnValue:
    """Ask whether an address is to be used; opening this page does nothing."""
    contact = _contact(signed)
    promise = _promise(_entry_of(contact)) if contact else None
    page = render_template(
        "pledges/contact_confirm.html",
        contact=contact,
        signed=signed,
        event=promise and promise.event,
        moment=promise and promise.moment,
        demonstration=promise is not None and promise.is_demonstration,
    )
    return page, 404 if contact is None else 200


@blueprint.post("/reminders/<signed>")
@csrf.exempt
@uncached
def confirmed(signed: str) -> ResponseReturnValue:
    """Use an address from now on."""
    return _acted(signed, _confirm, ".check")


@blueprint.get("/reminders/<signed>/stop")
@uncached
def ask_to_stop(signed: str) -> ResponseReturnValue:
    """Ask whether the mails are to stop; opening this page does nothing."""
    return render_template("pledges/contact_stop.html", contact=_contact(signed), signed=signed)


@blueprint.post("/reminders/<signed>/stop")
@csrf.exempt
@uncached
def stopped(signed: str) -> ResponseReturnValue:
    """Erase an address; for a mail program’s own button (RFC 8058) without leading anywhere."""
    if request.form.get("List-Unsubscribe") == "One-Click":
        # Sent by the mail’s provider or program, from wherever it is: the link alone tells who asks.
        _act(signed, lambda contact, _now: stop(db.session, contact))
        return ask_to_stop(signed)
    return _acted(signed, lambda contact, _now: stop(db.session, contact), ".ask_to_stop")


def _acted(
    signed: str, act: Callable[[PledgeContact, datetime], None], page: str
) -> ResponseReturnValue:
    """Do something with an address, if it is still there, and lead to the page that says so."""
    refuse_foreign_origin()
    _act(signed, act)
    return redirect(url_for(page, signed=signed), 303)


def _act(signed: str, act: Callable[[PledgeContact, datetime], None]) -> None:
    contact = _contact(signed)
    if contact is not None:
        act(contact, utc_now())
        db.session.commit()


def _confirm(contact: PledgeContact, now: datetime) -> None:
    """Write to an address from now on; whoever reads its mail is no program, so a held pledge counts."""
    is_news = contact.confirmed_at is None
    confirm(db.session, contact, now)
    if is_news:
        release(db.session, [Receipt(contact.moment_id, contact.pledge)], CONFIRMED)


def _contact(signed: str) -> PledgeContact | None:
    secret_key = current_app.config["SECRET_KEY"]
    subject = read(secret_key, LINK, signed) or abort(404)
    return contact_of(db.session, subject, secret_key)


def _entry_of(contact: PledgeContact) -> LedgerEntry:
    receipt = Receipt(contact.moment_id, contact.pledge)
    return pledge_of_receipt(db.session, receipt) or abort(404)


def _promise(entry: LedgerEntry) -> Promise:
    return Promise.of_entry(db.session, entry, current_language(), utc_now())


def _ask_to_confirm(entry: LedgerEntry, form: ReminderForm) -> None:
    wish = Wish(
        email=normalise_email(form.email.data or ""),
        language=current_language(),
        reminder=bool(form.wants_reminder.data),
        news=form.news,
        place=form.place,
        wording=WORDING,
    )
    client, secret_key = client_bucket(request.remote_addr), current_app.config["SECRET_KEY"]
    ask_to_confirm(db.session, entry, wish, client=client, secret_key=secret_key, now=utc_now())
