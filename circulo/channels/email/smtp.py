"""Talking to the mail server, each recipient by itself, and knowing what the talk has settled.

Django's own `send` tells neither which of several recipients were refused nor whether the text had
been handed over when a connection broke; so only its connection is used here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from smtplib import SMTP, SMTPResponseException

from django.conf import settings
from django.core.mail.backends.smtp import EmailBackend
from django.utils.translation import gettext as _

from circulo.lib.text import salvage

MOST_SAID = 400
_DOT = re.compile(rb"^\.", re.MULTILINE)


@dataclass
class Outcome:
    """What became of a mail: for each recipient taken, refused or waiting, and the words for it.

    `is_in_doubt`: the text was handed over, and no answer came.
    """

    readers: dict[str, tuple[str, str]] = field(default_factory=dict)
    error: str = ""
    is_in_doubt: bool = False


class NoServer(Exception):
    """There is no talking to the mail server now: nothing was handed over."""


@contextmanager
def connected() -> Iterator[SMTP]:
    """A connection to the mail server of the settings, which is closed whatever happens."""
    if not settings.EMAIL_HOST:
        raise NoServer(_("Mail is switched off here."))
    backend = EmailBackend()
    try:
        backend.open()
        assert backend.connection is not None
        backend.connection.ehlo_or_helo_if_needed()
    except OSError as error:
        with suppress(OSError):
            backend.close()
        raise NoServer(f"{backend.host}:{backend.port}: {words_of(error)}") from error
    try:
        yield backend.connection
    finally:
        with suppress(OSError):  # what was said before holds, however the talk ends
            backend.close()


def deliver(
    line: SMTP, sender: str, readers: Sequence[str], content: bytes, may_go: Callable[[], bool]
) -> Outcome | None:
    """Hand a mail over; None where `may_go`, asked at the last moment, says that it may not."""
    try:
        outcome = _announce(line, sender, readers, len(content))
        taken = [one for one, (state, _said) in outcome.readers.items() if state == "taken"]
        if not taken:
            return outcome
        if not may_go():
            return None
        _settle(outcome, taken, *line.docmd("DATA"), is_ready=354)
        if outcome.readers[taken[0]][0] != "taken":
            return outcome
        line.send(_stuffed(content))
    except OSError as error:
        # Without its last line no server takes a text: that was not handed over yet.
        return Outcome({one: ("waiting", "") for one in readers}, words_of(error))
    try:
        code, said = line.getreply()
    except OSError as error:
        return _doubtful(outcome, taken, words_of(error))
    if not 200 <= code < 600:
        return _doubtful(outcome, taken, words(code, said))
    _settle(outcome, taken, code, said, is_ready=code if code < 300 else 250)
    return outcome


def words_of(error: Exception) -> str:
    """An error in the words of the server, or of the system."""
    if isinstance(error, SMTPResponseException):
        return words(error.smtp_code, error.smtp_error)
    return salvage(str(error) or type(error).__name__, limit=MOST_SAID)


def words(code: int, said: bytes | str) -> str:
    """What a server answered, on one line."""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return salvage(f"{code} {text}", limit=MOST_SAID)


def _announce(line: SMTP, sender: str, readers: Sequence[str], size: int) -> Outcome:
    """Say who writes to whom: what the server thinks of each."""
    options = [f"size={size}"] if line.has_extn("size") else []
    options += ["body=8bitmime"] if line.has_extn("8bitmime") else []
    code, said = line.mail(sender, options)
    if not 200 <= code < 300:
        state = _state(code)
        return Outcome(dict.fromkeys(readers, (state, words(code, said))), words(code, said))
    outcome = Outcome()
    for one in readers:
        code, said = line.rcpt(one)
        outcome.readers[one] = (_state(code), words(code, said))
        if not 200 <= code < 300:
            outcome.error = words(code, said)
    return outcome


def _settle(
    outcome: Outcome, taken: Sequence[str], code: int, said: bytes, *, is_ready: int
) -> None:
    """Note what the server answered for all whom it had taken."""
    if code == is_ready:
        return
    outcome.error = words(code, said)
    outcome.readers |= dict.fromkeys(taken, (_state(code, least="waiting"), outcome.error))


def _doubtful(outcome: Outcome, taken: Sequence[str], error: str) -> Outcome:
    outcome.readers |= dict.fromkeys(taken, ("waiting", ""))
    outcome.error, outcome.is_in_doubt = error, True
    return outcome


def _state(code: int, *, least: str = "taken") -> str:
    if 200 <= code < 300:
        return least
    return "refused" if 500 <= code < 600 else "waiting"


def _stuffed(content: bytes) -> bytes:
    """The text as it goes over the line, with the dot that ends it."""
    end = b"" if content.endswith(b"\r\n") else b"\r\n"
    return _DOT.sub(b"..", content) + end + b".\r\n"
