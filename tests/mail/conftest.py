"""A mail server of the tests’ own, on the loopback address."""

import socketserver
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from threading import Thread

import pytest


@dataclass
class MailSink:
    """What the server was given, and how it answers to recipients it should refuse."""

    port: int = 0
    answers: dict[str, str] = field(default_factory=dict)
    messages: list[EmailMessage] = field(default_factory=list)


class _Conversation(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        sink: MailSink = self.server.sink
        self._say("220 the tests’ mail server")
        for raw in self.rfile:
            line = raw.decode().strip()
            verb = line[:4].upper()
            if verb == "QUIT":
                self._say("221 bye")
                return
            if verb == "DATA":
                self._say("354 go on")
                sink.messages.append(self._message())
                self._say("250 taken")
            else:
                refused = [answer for part, answer in sink.answers.items() if part in line]
                self._say(refused[0] if refused and verb == "RCPT" else "250 fine")

    def _message(self) -> EmailMessage:
        lines = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        return message_from_bytes(b"".join(lines), policy=policy.default)

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


@pytest.fixture
def mail_sink() -> Iterator[MailSink]:
    """A real SMTP server that keeps what it is given."""
    sink = MailSink()
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Conversation) as server:
        server.daemon_threads = True
        server.sink = sink
        sink.port = server.server_address[1]
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield sink
        server.shutdown()
        thread.join()
