"""A mail server of the tests’ own, on the loopback address."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from flask import Flask

from tests.live import free_port
from webapp.config import MailBackend


@dataclass
class MailSink:
    """What the server was given, how it answers to recipients it should refuse, and how slowly."""

    port: int
    answers: dict[str, str] = field(default_factory=dict)
    delay_seconds: float = 0
    messages: list[EmailMessage] = field(default_factory=list)
    conversations: int = 0

    @property
    def settings(self) -> dict[str, Any]:
        """What a site is set to that sends here."""
        return {
            "mail_backend": MailBackend.SMTP,
            "mail_server": "127.0.0.1",
            "mail_port": self.port,
            "mail_use_tls": False,
        }

    # The names are those by which aiosmtpd calls what handles its conversations.

    async def handle_RCPT(  # noqa: N802 -- aiosmtpd’s own name
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: list[str]
    ) -> str:
        """Take a recipient, unless the test says otherwise."""
        self.conversations += 1
        await asyncio.sleep(self.delay_seconds)
        if refusal := self.answers.get(address):
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 fine"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 -- aiosmtpd’s own name
        """Keep a message as a mail program would read it."""
        message = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.messages.append(message)
        return "250 taken"


@contextmanager
def running_sink() -> Iterator[MailSink]:
    """Run a mail server that keeps what it is given."""
    sink = MailSink(free_port())
    controller = Controller(sink, hostname="127.0.0.1", port=sink.port)
    controller.start()
    try:
        yield sink
    finally:
        controller.stop()


@pytest.fixture
def mail_sink() -> Iterator[MailSink]:
    """A real SMTP server that keeps what it is given."""
    with running_sink() as sink:
        yield sink


@pytest.fixture
def by_smtp(app: Flask, mail_sink: MailSink, monkeypatch: pytest.MonkeyPatch) -> MailSink:
    """A site that sends to the tests’ mail server."""
    settings = app.config["SETTINGS"].model_copy(update=mail_sink.settings)
    monkeypatch.setitem(app.config, "SETTINGS", settings)
    return mail_sink
