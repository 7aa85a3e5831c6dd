"""Mail that waits to be sent: who gets which message, in which language, until it is sent.

A row is written in the transaction of what the mail is about and deleted once it is sent, given up
or too late, so that no address and no code stays here or is ever part of a job’s arguments.
"""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, Session, mapped_column

from webapp.database import Base, CreatedAt, closed_set
from webapp.jobs import enqueue
from webapp.language import Language

# Mails that come by the clock or because of what others do. Where each tells how to stop them: the page, the
# purpose of its signed link and the detail that the link is about.
STOPPED_BY = dict.fromkeys(
    ("pledge_news", "pledge_place", "pledge_reminder", "place_answered"),
    ("contacts.ask_to_stop", "pledge-contact", "contact"),
)


class OutgoingMail(Base):
    """One message to one person, not yet worded: `template` names it, `details` fill it in."""

    __tablename__ = "outgoing_mail"
    __table_args__ = (Index("ix_outgoing_mail_send_before", "send_before"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    template: Mapped[str]
    recipient: Mapped[str]
    language: Mapped[Language] = mapped_column(closed_set(Language, "language"))
    details: Mapped[dict[str, str]] = mapped_column(JSONB)
    send_before: Mapped[datetime]
    created_at: Mapped[CreatedAt]


def post_mail(
    session: Session,
    template: str,
    *,
    to: str,
    language: Language,
    send_before: datetime,
    **details: str,
) -> None:
    """Send a message once the transaction commits, unless that is only after `send_before`."""
    mail = OutgoingMail(
        id=uuid4(),
        template=template,
        recipient=to,
        language=language,
        details=details,
        send_before=send_before,
    )
    session.add(mail)
    enqueue(session, "send_mail", mail_id=str(mail.id))
