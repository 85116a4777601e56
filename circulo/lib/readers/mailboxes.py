"""Mailboxes: many mails in one file, taken out one after the other."""

from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext as _

from circulo.lib.readers.mail import LARGEST
from circulo.lib.readers.refusal import Unreadable

_LINE = 1 << 20


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
