"""Word a message in the reader’s language and hand it to a mail server, or to a folder.

Each message is a job of its own, however many are posted at once: what becomes of one neither stops
another nor sends it again. A message is sent at least once: a worker that is killed after the server
took it and before that was noted sends it again, under the same Message-ID, so that most mail
programs show it once.
"""

import logging
import smtplib
import ssl
from dataclasses import dataclass
from datetime import timedelta
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from flask import current_app
from procrastinate.job_context import JobContext
from sqlalchemy import delete

from webapp.config import MailBackend, Settings
from webapp.database import utc_now
from webapp.extensions import db
from webapp.jobs import MAX_ATTEMPTS, RETRY, queue
from webapp.language import Language, in_language
from webapp.outbox import STOPPED_BY, OutgoingMail
from webapp.signed_links import sign

SMTP_TIMEOUT_SECONDS = 10
KEEP_FILES = 200
# An address in a header that is broken over several lines would be written in words that no program reads.
HEADERS_IN_ONE_LINE = policy.default.clone(max_line_length=990)

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Message:
    """One worded message to one person; `id` stays the same however often it is sent."""

    id: UUID
    to: str
    subject: str
    text: str
    html: str
    language: Language
    stop_address: str = ""

    def as_email(self, sender: str, host: str) -> EmailMessage:
        """Return it in the form that mail travels in."""
        email = EmailMessage(HEADERS_IN_ONE_LINE)
        email["Subject"] = self.subject
        email["From"] = sender
        email["To"] = Address(addr_spec=self.to)
        email["Date"] = format_datetime(utc_now())
        email["Message-ID"] = f"<{self.id}@{host}>"
        email["Auto-Submitted"] = "auto-generated"
        if self.stop_address:
            # RFC 8058: a button of the mail program itself, which sends one post.
            email["List-Unsubscribe"] = f"<{self.stop_address}>"
            email["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        email.set_content(self.text)
        email.add_alternative(self.html, subtype="html")
        # Set earlier it would have gone to the text with the other Content- headers.
        email["Content-Language"] = self.language.value
        return email


def worded(mail: OutgoingMail) -> Message:
    """Word a message that waits, as text and as HTML, in its reader’s language.

    The first line of the text’s template is the subject.
    """
    settings: Settings = current_app.config["SETTINGS"]
    with in_language(mail.language):
        details = {
            **mail.details,
            "mail_language": mail.language.value,
            "site_origin": settings.site_origin,
            "operator_contact": settings.operator_contact,
            "link": partial(_link, settings.site_origin, mail.language),
            "signed": partial(sign, settings.secret_key),
        }
        first, _, text = _rendered(f"emails/{mail.template}.txt", details).partition("\n")
        # A title may stand in it, and a header is one line.
        subject = " ".join(first.split())
        html = _rendered(f"emails/{mail.template}.html", {**details, "subject": subject})
        text = text.lstrip("\n")
        stop_address = _stop_address(mail, settings)
        return Message(mail.id, mail.recipient, subject, text, html, mail.language, stop_address)


def deliver(message: Message, settings: Settings) -> None:
    """Hand a message over, the way that MAIL_BACKEND says; raises where that fails."""
    host = settings.site_origin.split("://", 1)[1].split(":", 1)[0]
    email = message.as_email(settings.mail_sender, host)
    if settings.mail_backend is MailBackend.FOLDER:
        _write_file(email, message, mail_folder(settings))
    else:
        _send_by_smtp(email, settings)


def mail_folder(settings: Settings) -> Path:
    """Return where messages land that are kept as files."""
    return settings.local_folder / "mail"


@queue.task(name="send_mail", retry=RETRY, pass_context=True)
def send_mail(context: JobContext, mail_id: str) -> None:
    """Send one waiting message and forget it; a mail that is gone was sent before."""
    mail = db.session.get(OutgoingMail, UUID(mail_id))
    # No transaction stays open while a mail server takes its time.
    db.session.close()
    if mail is None:
        return
    if mail.send_before > utc_now():
        try:
            deliver(worded(mail), current_app.config["SETTINGS"])
        except Exception as error:
            if not _is_final(error) and context.job.attempts < MAX_ATTEMPTS - 1:
                raise
            # Its text may hold the address, so only its kind is told.
            logger.error("mail %s is given up: %s", mail_id, type(error).__name__)
    _forget(UUID(mail_id))


@queue.periodic(cron="17 * * * *")
@queue.task(name="forget_stale_mail")
def forget_stale_mail(timestamp: int) -> None:  # noqa: ARG001 -- given to all periodic tasks
    """Delete messages whose time has passed, whatever became of their jobs."""
    an_hour_ago = utc_now() - timedelta(hours=1)
    db.session.execute(delete(OutgoingMail).where(OutgoingMail.send_before < an_hour_ago))
    db.session.commit()


def _link(origin: str, language: Language, endpoint: str, **values: str) -> str:
    """Return a page’s full address; a worker has no request that could tell the site’s name."""
    scheme, _, host = origin.partition("://")
    addresses = current_app.url_map.bind(host, script_name=language.prefix, url_scheme=scheme)
    return addresses.build(endpoint, values, force_external=True)


def _stop_address(mail: OutgoingMail, settings: Settings) -> str:
    """Return where mails like this one are stopped; empty for those that were asked for by themselves."""
    if mail.template not in STOPPED_BY:
        return ""
    endpoint, purpose, detail = STOPPED_BY[mail.template]
    signed = sign(settings.secret_key, purpose, mail.details[detail])
    return _link(settings.site_origin, mail.language, endpoint, signed=signed)


def _rendered(template: str, details: dict[str, Any]) -> str:
    # Not by Flask’s render_template: what it adds to pages needs a request, and a worker has none.
    return current_app.jinja_env.get_template(template).render(details)


def _forget(mail_id: UUID) -> None:
    db.session.execute(delete(OutgoingMail).where(OutgoingMail.id == mail_id))
    db.session.commit()


def _is_final(error: Exception) -> bool:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _reason in error.recipients.values())
    return False


def _write_file(email: EmailMessage, message: Message, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{utc_now():%Y%m%dT%H%M%S%f}-{message.id.hex[:8]}.eml"
    partial = folder / f".{name}"
    partial.write_bytes(email.as_bytes())
    partial.rename(folder / name)
    for old in sorted(folder.glob("*.eml"))[:-KEEP_FILES]:
        old.unlink(missing_ok=True)


def _send_by_smtp(email: EmailMessage, settings: Settings) -> None:
    with smtplib.SMTP(
        settings.mail_server, settings.mail_port, timeout=SMTP_TIMEOUT_SECONDS
    ) as server:
        if settings.mail_use_tls:
            server.starttls(context=ssl.create_default_context())
        if settings.mail_username:
            server.login(settings.mail_username, settings.mail_password)
        server.send_message(email)
