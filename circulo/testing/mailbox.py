"""A mail server for tests: it answers as it is told, and keeps what it takes."""

from __future__ import annotations

import asyncio
import email
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

OK = "250 OK"
Answer = str | Callable[[], str | None]


@dataclass
class Mailbox:
    """What the server took, and what it answers: to addresses each, and to texts in turn.

    It can answer by doing something too; where that gives nothing, the line is cut.
    """

    letters: list[EmailMessage] = field(default_factory=list)
    taken_for: list[list[str]] = field(default_factory=list)
    readers: dict[str, list[Answer]] = field(default_factory=dict)
    texts: list[Answer] = field(default_factory=list)

    def empty(self) -> None:
        """Forget all letters and answers."""
        for kept in (self.letters, self.taken_for, self.readers, self.texts):
            kept.clear()

    async def handle_RCPT(  # noqa: N802  # the server's own name and shape
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        answers = self.readers.get(address)
        said = answers.pop(0) if answers else OK
        answer = (await asyncio.to_thread(said) if callable(said) else said) or OK
        if answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(  # noqa: N802  # the server's own name
        self, server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        said = self.texts.pop(0) if self.texts else OK
        answer = await asyncio.to_thread(said) if callable(said) else said
        if answer is None or answer.startswith("2"):
            content = envelope.content
            assert isinstance(content, bytes)
            self.letters.append(email.message_from_bytes(content, policy=policy.default))
            self.taken_for.append(list(envelope.rcpt_tos))
        if answer is None:
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
        return answer or OK


@contextmanager
def open_mailbox() -> Iterator[tuple[Mailbox, int]]:
    """A mail server on this machine, and its port, as long as the block lasts."""
    box = Mailbox()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    try:
        yield box, port
    finally:
        server.stop()


@contextmanager
def mail_server(settings: Any) -> Iterator[Mailbox]:
    """A mail server that the settings name, as long as the block lasts."""
    with open_mailbox() as (box, port):
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        yield box
