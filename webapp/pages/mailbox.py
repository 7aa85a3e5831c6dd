"""The mail that a developer’s site keeps as files instead of sending it."""

import base64
import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Self

STYLE_ELEMENT = re.compile(r"<style>(.*?)</style>", re.DOTALL)


@dataclass(frozen=True)
class KeptMail:
    """One message, read back from its file."""

    name: str
    subject: str
    to: str
    sent_at: datetime
    text: str
    html: str

    @classmethod
    def read(cls, file: Path) -> Self:
        """Read a message as a mail program would."""
        email = message_from_bytes(file.read_bytes(), policy=policy.default)
        plain, rich = email.get_body(("plain",)), email.get_body(("html",))
        return cls(
            name=file.stem,
            subject=str(email["Subject"]),
            to=str(email["To"]),
            sent_at=parsedate_to_datetime(str(email["Date"])),
            text=plain.get_content() if plain else "",
            html=rich.get_content() if rich else "",
        )

    @property
    def paragraphs(self) -> list[str]:
        """Its plain text, as far as it is set apart by empty lines."""
        return [part.strip() for part in self.text.split("\n\n") if part.strip()]

    @property
    def content_security_policy(self) -> str:
        """A policy that lets its own style through and nothing else, not even links out."""
        hashes = [
            base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
            for style in STYLE_ELEMENT.findall(self.html)
        ]
        styles = " ".join(f"'sha256-{each}'" for each in hashes) or "'none'"
        return (
            f"default-src 'none'; style-src {styles}; base-uri 'none'; form-action 'none'; sandbox"
        )


def newest_mail(folder: Path, limit: int) -> list[KeptMail]:
    """Return the newest messages first; their files are named by time."""
    return [KeptMail.read(file) for file in sorted(folder.glob("*.eml"), reverse=True)[:limit]]


def mail_named(folder: Path, name: str) -> KeptMail | None:
    """Return one message; only names that the folder lists are ever opened."""
    found = {file.stem: file for file in folder.glob("*.eml")}.get(name)
    return KeptMail.read(found) if found else None
