"""What somebody can say “I’m in” to."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Self

from sqlalchemy.orm import Session

from webapp.events.models import Event
from webapp.events.page import EventPage
from webapp.events.queries import event_of_address, kept_of_id, merged_with
from webapp.language import Language
from webapp.moments.queries import moment_of_id, moment_of_slug
from webapp.moments.wording import WordedMoment
from webapp.pledges.models import LedgerEntry
from webapp.pledges.nonces import Nonce


@dataclass(frozen=True)
class Promise:
    """An event of a moment, or the moment at home (no event)."""

    moment: WordedMoment
    event: EventPage | None
    is_open: bool

    @classmethod
    def at_event(
        cls, session: Session, public_id: str, language: Language, now: datetime
    ) -> Self | None:
        """Return what an event’s address offers; None where there is no such public event."""
        event = event_of_address(session, public_id)
        return cls.at(event, language, now) if event is not None and event.is_public else None

    @classmethod
    def at(cls, event: Event, language: Language, now: datetime) -> Self:
        """Return what a public event offers."""
        page = EventPage.of(event, language, now)
        return cls(page.moment, page, page.takes_pledges)

    @classmethod
    def at_home(cls, session: Session, slug: str, language: Language, today: date) -> Self | None:
        """Return what a moment’s address offers; None where there is no such moment."""
        moment = moment_of_slug(session, slug)
        if moment is None:
            return None
        return cls(WordedMoment.of(moment, language), None, not moment.is_over(today))

    @classmethod
    def of_entry(
        cls, session: Session, entry: LedgerEntry, language: Language, now: datetime
    ) -> Self:
        """Return what an entry of the ledger was a promise to."""
        if entry.event_id is None:
            moment = WordedMoment.of(moment_of_id(session, entry.moment_id), language)
            return cls(moment, None, is_open=False)
        event = EventPage.of(kept_of_id(session, entry.event_id), language, now)
        # It may count towards others than when the pledge was made.
        moments = {each.id: each for each in event.moments}
        return cls(moments.get(entry.moment_id, event.moment), event, is_open=False)

    def takes_changes(self, today: date) -> bool:
        """Tell whether a pledge to it may still be changed or withdrawn: until it is over or called off."""
        if self.event is not None:
            return self.event.is_to_come
        return not self.moment.is_over(today)

    @property
    def is_demonstration(self) -> bool:
        """Whether it is made up."""
        return self.moment.is_demonstration

    @property
    def event_id(self) -> int | None:
        """The event’s id; None at home."""
        return self.event.id if self.event else None

    def accepts(self, session: Session, nonce: Nonce) -> bool:
        """Tell whether a nonce is for this.

        Also one that was made before its event got other moments, or for a listing merged into it.
        """
        if nonce.event_id == self.event_id:
            return self.event_id is not None or nonce.moment_id == self.moment.id
        if self.event_id is None or nonce.event_id is None:
            return False
        return nonce.event_id in set(session.scalars(merged_with(self.event_id)))

    def fresh_nonce(self) -> Nonce:
        """Return a nonce that is good for this alone."""
        return Nonce.fresh(self.moment.id, self.event_id, self.path)

    @property
    def path(self) -> str:
        """Where a pledge to it is posted, without a language; as in `routes.py`."""
        if self.event is not None:
            return f"/events/{self.event.public_id}/pledge"
        return f"/moments/{self.moment.slug}/pledge"
