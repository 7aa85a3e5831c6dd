"""The addresses of people who want a mail about their pledge, kept apart from the ledger.

A row is erased when somebody withdraws or stops the mails, two days after it was asked for unless it
was confirmed, and two weeks after the event or the moment (`events/keeping.py` tells when that is).
Hosts and staff are shown none of it.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import Uuid

from webapp.database import Base, PrimaryKey, closed_set
from webapp.language import Language


class PledgeContact(Base):
    """Where to write about one pledge, and about what; nothing is sent before it is confirmed.

    `wording` is the version of the words beside the boxes that were ticked (`contact_forms.py`), `told`
    stands for what the event’s page said when they were last told of it.
    """

    __tablename__ = "pledge_contact"
    __table_args__ = (
        CheckConstraint("wants_reminder OR wants_news OR wants_place", name="wants_something"),
        Index("ix_pledge_contact_event_id", "event_id"),
    )

    moment_id: Mapped[int] = mapped_column(
        ForeignKey("moment.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    pledge: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    email: Mapped[str]
    language: Mapped[Language] = mapped_column(closed_set(Language, "language"))
    wants_reminder: Mapped[bool]
    wants_news: Mapped[bool]
    wants_place: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    wording: Mapped[str]
    asked_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    told: Mapped[str | None]
    reminded_at: Mapped[datetime | None]
    # When they were moved up from the waiting list, the latest time that they were told of it.
    place_told_at: Mapped[datetime | None]


class ContactTry(Base):
    """One time that a mail to an address was asked for, by keyed hashes alone; erased after a day."""

    __tablename__ = "contact_try"
    __table_args__ = (
        Index("ix_contact_try_client_hash", "client_hash"),
        Index("ix_contact_try_address_hash", "address_hash"),
    )

    id: Mapped[PrimaryKey]
    client_hash: Mapped[bytes] = mapped_column(LargeBinary)
    address_hash: Mapped[bytes] = mapped_column(LargeBinary)
    tried_at: Mapped[datetime]


class EventNews(Base):
    """An event of which there is something to tell, and since when."""

    __tablename__ = "event_news"

    event_id: Mapped[int] = mapped_column(
        ForeignKey("event.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    since: Mapped[datetime]
