"""The winmail.dat that Outlook sends to those it thinks are its own: its text and its files."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

_SIGNATURE = 0x223E9F78
_BODY, _PROPERTIES = 0x800C, 0x9003
_FILE_BEGINS, _FILE_TITLE, _FILE_CONTENT = 0x9002, 0x8010, 0x800F
_PLAIN, _PAGE = 0x1000, 0x1013
_FIXED = {2: 4, 3: 4, 4: 4, 5: 8, 6: 8, 7: 8, 10: 4, 11: 4, 20: 8, 64: 8, 72: 16}
_MOST = 1_000


@dataclass
class Winmail:
    """What was found inside."""

    text: str = ""
    html: str = ""
    files: list[tuple[str, bytes]] = field(default_factory=list)
    title: str = ""


def read(data: bytes) -> Winmail | None:
    """The content of a winmail.dat, None where it is not one."""
    if len(data) < 6 or int.from_bytes(data[:4], "little") != _SIGNATURE:
        return None
    found = Winmail()
    for kind, content in islice(_attributes(data), _MOST):
        _take(found, kind, content)
    return found


def _take(found: Winmail, kind: int, content: bytes) -> None:
    if kind == _FILE_BEGINS:
        found.title = ""
    elif kind == _FILE_TITLE:
        found.title = _text(content).replace("\\", "/").rpartition("/")[2]
    elif kind == _FILE_CONTENT:
        found.files.append((found.title or "file", content))
    elif kind == _BODY:
        found.text = found.text or _text(content)
    elif kind == _PROPERTIES:
        _take_properties(found, content)


def _attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = 6
    while at + 9 <= len(data):
        name, size = struct.unpack_from("<HxxI", data, at + 1)
        yield name, data[at + 9 : at + 9 + size]
        at += size + 11


def _take_properties(found: Winmail, content: bytes) -> None:
    """The text and the page among the message's properties; broken ones end the search."""
    try:
        for name, kind, value in _properties(content):
            if name == _PLAIN and value:
                found.text = value.decode("utf-16-le", "replace") if kind == 31 else _text(value)
                found.text = found.text.rstrip("\0")
            elif name == _PAGE and value:
                found.html = value.decode("utf-16-le", "replace") if kind == 31 else _text(value)
    except (struct.error, IndexError):
        return


def _properties(content: bytes) -> Iterator[tuple[int, int, bytes]]:
    (count,) = struct.unpack_from("<I", content)
    at = 4
    for _property in range(min(count, _MOST)):
        kind, name = struct.unpack_from("<HH", content, at)
        at += 4
        if name >= 0x8000:
            at = _after_name(content, at)
        values = 1
        if kind & 0x1000 or kind in (13, 30, 31, 258):
            (values,) = struct.unpack_from("<I", content, at)
            at += 4
        for _value in range(min(values, _MOST)):
            size = _FIXED.get(kind & 0xFFF, 0)
            if not size:
                (size,) = struct.unpack_from("<I", content, at)
                at += 4
            yield name, kind, content[at : at + size]
            at += (size + 3) // 4 * 4


def _after_name(content: bytes, at: int) -> int:
    """Where a property begins whose name is spelt out before it."""
    (is_text,) = struct.unpack_from("<I", content, at + 16)
    if not is_text:
        return at + 24
    (size,) = struct.unpack_from("<I", content, at + 20)
    return int(at + 24 + (size + 3) // 4 * 4)


def _text(content: bytes) -> str:
    content = content.rstrip(b"\0")
    try:
        return content.decode()
    except ValueError:
        return content.decode("cp1252", "replace")
