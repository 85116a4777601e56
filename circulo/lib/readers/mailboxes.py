"""Mailboxes: many mails in one file, taken out one after the other."""

import re
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext as _

from circulo.lib.readers.mail import LARGEST
from circulo.lib.readers.refusal import Unreadable

_LINE = 1 << 20
_HEADER = re.compile(rb"([A-Za-z][A-Za-z0-9-]*):[ \t\r\n]")
_KNOWN = frozenset(
    b"return-path received delivered-to from to cc date subject message-id mime-version "
    b"content-type reply-to sender x-original-to dkim-signature".split()
)


def are_mails(start: bytes) -> bool:
    """Whether a file that begins so holds mails: an mbox, or a mail as it travels."""
    if start.startswith(b"From "):
        return True
    lines = [line for line in start.split(b"\n") if line[:1] not in (b" ", b"\t")]
    headers = [_HEADER.match(line + b"\n") for line in lines[:3]]
    names = [header[1].lower() for header in headers if header]
    return len(names) == 3 and not _KNOWN.isdisjoint(names)


def raw_mails(path: Path | str) -> Iterator[bytes]:
    """The bytes of each mail in an mbox file or of the one in an .eml; only one is in memory.

    A mail too large to read is cut, which its reader then tells.
    """
    with Path(path).open("rb") as file:
        start = file.read(5)
        file.seek(0)
        if not start:
            raise Unreadable(_("The file is empty. Choose a file that has at least one mail."))
        if start != b"From ":
            yield file.read(LARGEST + 1)
            return
        mail: list[bytes] = []
        size, is_after_blank = 0, True
        while line := file.readline(_LINE):
            if is_after_blank and line.startswith(b"From "):
                if mail:
                    yield b"".join(mail)
                mail, size = [], 0
                continue
            size += len(line)
            if size <= LARGEST + _LINE:
                mail.append(_unquoted(line))
            is_after_blank = line in (b"\n", b"\r\n")
        if mail:
            yield b"".join(mail)


def _unquoted(line: bytes) -> bytes:
    """A line that was marked so as not to look like the beginning of a mail, without the mark."""
    is_marked = line.startswith(b">") and line.lstrip(b">").startswith(b"From ")
    return line[1:] if is_marked else line
