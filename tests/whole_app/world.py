"""One of everything that has an address, so that a test can walk all routes."""

from datetime import timedelta
from functools import cached_property
from typing import Any
from uuid import uuid4

from flask import Flask
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from geo.privacy import VenueType
from tests.conftest import NOW
from tests.factories.accounts import make_user
from tests.factories.asked_places import make_asked
from tests.factories.corrections import make_decision
from tests.factories.events import make_event
from tests.factories.groups import make_group
from tests.factories.moments import make_moment
from tests.factories.pledges import make_contact, make_pledge
from tests.factories.questions import make_question
from webapp.accounts.browsers import sign_in_browser
from webapp.accounts.models import Passkey, User
from webapp.corrections.models import DecisionState
from webapp.drafts.models import EventDraft, Step
from webapp.events.co_hosts import CoHost
from webapp.events.models import Event
from webapp.events.pictures import Picture, new_key
from webapp.groups.asking import ask_to_join
from webapp.groups.invitations import Invitation
from webapp.groups.inviting import invite
from webapp.groups.models import Group, MemberRole, Standing
from webapp.groups.networks import Network
from webapp.language import Language
from webapp.networks.actions import invite_group, make_network, put_group_in
from webapp.networks.claims import Issue, make_claim_link, token_of
from webapp.outbox import OutgoingMail
from webapp.pledges.contacts import link_subject
from webapp.pledges.models import Checkpoint
from webapp.pledges.nonces import NonceSigner, Receipt
from webapp.signed_links import sign
from webapp.storage import MediaStore
from webapp.vouching.models import Purpose, SheetPlace
from webapp.vouching.sheets import enter_sheet
from webapp.vouching.windows import NewWindow, open_window

WRITTEN = {
    "title": "Soup at ours",
    "description": "Bring a bowl.",
    "starts_on": "5 June 2027",
    "starts_at": "2pm",
    "ends_at": "6pm",
    "venue_type": "public",
    "venue_name": "Deeplish Community Centre",
    "place": "Rochdale",
}
OVER = {"starts_at": NOW - timedelta(days=2, hours=2), "ends_at": NOW - timedelta(days=2)}


class World:
    """One of everything: an event whose group somebody owns, and what is around it."""

    def __init__(self, app: Flask, session: Session, host: User) -> None:
        self.session, self.host = session, host
        self.settings = app.config["SETTINGS"]
        self.secret_key = app.config["SECRET_KEY"]
        self.moment = make_moment(session, slug="neighbours-day")
        self.group = make_group(session, by=host, name="Elm Road", standing=Standing.TRUSTED)
        self.event = make_event(session, moment=self.moment, group=self.group, by=host)
        self.past = make_event(session, moment=self.moment, group=self.group, **OVER)
        home = {"venue_type": VenueType.PRIVATE, "title": "Soup at ours"}
        self.home = make_event(session, moment=self.moment, group=self.group, **home)
        self.scouts = make_network(session, "Scouts")
        self.coordinator, self.other = make_user(session), make_user(session)
        # The other owner’s group is asked to host the event too.
        self.other_group = make_group(session, by=self.other, name="Mosque")
        asked = CoHost(event=self.event, group=self.other_group, invited_at=NOW)
        session.add(asked)

    @cached_property
    def known(self) -> dict[str, str]:
        """What addresses are made of, by `endpoint.name`, `feature.name` or `name` alone."""
        return {
            "public_id": self.event.public_id,
            "slug": self.moment.slug,
            "groups.slug": self.group.slug,
            "moderation.slug": self.group.slug,
            "cohosting.slug": self.other_group.slug,
            "merging.kept_id": self.past.public_id,
            "version": "an-earlier-one",
            "filename": "css/base.css",
            "dev_mail.name": "nothing",
            **self._accounts(),
            **self._invitations(),
            **self._networks(),
            **self._around_events(),
            **self._afterwards(),
            **self._draft(),
            **self._contacts(),
            **self._decisions(),
            **self._vouched(),
        }

    def _accounts(self) -> dict[str, str]:
        browser = sign_in_browser(self.session, self.host, device="Safari, iPhone", now=NOW)
        passkey = Passkey(
            credential_id=b"a device", user_id=self.host.id, public_key=b"a key", name="Phone"
        )
        self.session.add(passkey)
        self.session.flush()
        return {"browser_id": str(browser.id), "reference": passkey.reference}

    def _invitations(self) -> dict[str, str]:
        how: dict[str, Any] = {"secret_key": self.secret_key, "now": NOW}
        editor = MemberRole.EDITOR
        invite(self.session, self.group, "new@example.org", editor, by=self.host, **how)
        request = ask_to_join(self.session, self.group, by=make_user(self.session), **how)
        posted = select(OutgoingMail).where(OutgoingMail.recipient == "new@example.org")
        token = self.session.scalars(posted).one().details["token"]
        invited = select(Invitation.id).where(Invitation.email == "new@example.org")
        return {
            "groups.token": token,
            "groups.user_id": str(self.host.id),
            "groups.number": str(request.id),
            "groups.withdraw_invitation.number": str(self.session.scalars(invited).one()),
        }

    def _networks(self) -> dict[str, str]:
        scouts, union = self.scouts, make_network(self.session, "A union")
        unclaimed = make_group(self.session, name="First Scouts")
        unclaimed.memberships.clear()
        for each in (scouts, union):
            each.coordinators.append(self.coordinator)
        for each in (self.group, unclaimed):
            put_group_in(self.session, scouts, each)
        invite_group(self.session, union, self.group, by=self.coordinator, now=NOW)
        return {
            "networks.slug": scouts.slug,
            "networks.group_slug": unclaimed.slug,
            "networks.of_group.slug": self.group.slug,
            **_both("networks.leave", scouts, self.group),
            **_both("networks.left", scouts, self.group),
            **_both("networks.answer", union, self.group),
            **_both("networks.answered", union, self.group),
            **_both("networks.withdraw", union, self.group),
            "networks.number": str(self.coordinator.id),
            "networks.token": self._claim(unclaimed),
        }

    def _claim(self, group: Group) -> str:
        issue = Issue(
            by=self.coordinator, now=NOW, language=Language.ENGLISH, secret_key=self.secret_key
        )
        make_claim_link(self.session, group, issue)
        return token_of(self.secret_key, issue.batch, group.id)

    def _around_events(self) -> dict[str, str]:
        picture = Picture(
            event_id=self.event.id, key=new_key(), width=480, height=320, alternative_text="Cakes"
        )
        MediaStore(self.settings.media_folder).save(picture.name, b"RIFF")
        self.session.add(picture)
        question = make_question(self.session, self.event, NOW)
        asked = make_asked(self.session, self.home, NOW)
        return {
            "pictures.name": picture.name,
            "questions.number": str(question.id),
            "asked_places.public_id": self.home.public_id,
            "asked_places.token": self._signed(Receipt(asked.moment_id, asked.pledge)),
            "organising.token": sign(self.secret_key, "hide-event", self.event.public_id),
            "pledges.token": self._receipt(self.event),
            "pledges.number": self._checkpoint(),
            "receipts.token": self._receipt(self.event),
            "instead.token": self._receipt(self.event),
        }

    def _contacts(self) -> dict[str, str]:
        receipt = make_pledge(self.session, self.event)
        subject = link_subject(make_contact(self.session, receipt, self.event), self.secret_key)
        return {
            "contacts.token": NonceSigner(self.secret_key).sign_receipt(receipt),
            "contacts.signed": sign(self.secret_key, "pledge-contact", subject),
            "contacts.subject": subject,
        }

    def _vouched(self) -> dict[str, str]:
        new = NewWindow(Purpose.SCHOOL, cap=30)
        window, token = open_window(self.session, self.event, new, NOW)
        sheet = uuid4()
        enter_sheet(self.session, self.past, sheet, people=14, place=SheetPlace.LIBRARY)
        return {
            "windows.number": str(window.id),
            "through.token": token,
            "through.receipt": self._receipt(self.event),
            "sheets.public_id": self.past.public_id,
            "sheets.sheet": str(sheet),
            "calls.token": self._receipt(self.event),
        }

    def _decisions(self) -> dict[str, str]:
        return {
            "decisions.number": str(make_decision(self.session, self.moment).id),
            **{
                f"decisions.{name}.number": str(
                    make_decision(
                        self.session, self.moment, state=DecisionState.DONE, done_pledges=1
                    ).id
                )
                for name in ("ask_about_undoing", "undo")
            },
        }

    def _checkpoint(self) -> str:
        values = {"number": 1, "at": NOW, "folded_below": "0", "content": "{}", "sha256": "0"}
        # Where a worker runs beside, it may have written the first one itself.
        self.session.execute(insert(Checkpoint).values(values).on_conflict_do_nothing())
        return "1"

    def _draft(self) -> dict[str, str]:
        answers: dict[str, Any] = {
            **WRITTEN,
            "moment": str(self.moment.id),
            EventDraft.SAVED: [Step.WHAT.value, Step.WHERE.value],
        }
        draft = EventDraft(user_id=self.host.id, answers=answers, changed_at=NOW)
        self.session.add(draft)
        self.session.flush()
        return {"draft_id": str(draft.id), "step": "what"}

    def _afterwards(self) -> dict[str, str]:
        return {
            "headcounts.public_id": self.past.public_id,
            "headcounts.token": sign(self.secret_key, "headcount", self.past.public_id),
            "headcounts.met_on_receipt.token": self._receipt(self.past),
        }

    def _receipt(self, event: Event) -> str:
        return self._signed(make_pledge(self.session, event))

    def _signed(self, receipt: Receipt) -> str:
        return NonceSigner(self.secret_key).sign_receipt(receipt)


def _both(endpoint: str, network: Network, group: Group) -> dict[str, str]:
    return {f"{endpoint}.slug": network.slug, f"{endpoint}.group_slug": group.slug}
