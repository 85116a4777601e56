"""The parts of a mail, taken apart with limits: no depth or number can exhaust the machine."""

import base64
import binascii
import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message

from circulo.lib.readers.charsets import text_of
from circulo.lib.readers.headers import Fields, decoded, fields_of, first

MOST_PARTS = 2_000
DEEPEST = 20
_LONGEST_HEAD = 1_000_000
_LONGEST_PARAMS = 3_000
_MOST_UU = 100
_BLANK = re.compile(rb"\r?\n[ \t]*\r?\n|\r\r")
_UU = re.compile(rb"^begin(?:-base64)? [0-7]{3,4} ([^\r\n]{1,200})\r?\n(.*?)^end\s*$", re.M | re.S)


@dataclass
class Part:
    """One part of a mail: its fields, and its body still in transfer encoding."""

    fields: Fields
    body: bytes
    depth: int = 0
    params: dict[str, str] = field(default_factory=dict)
    content_type: str = "text/plain"

    def content(self) -> bytes:
        """The body out of its transfer encoding, as much of it as can be decoded."""
        encoding = first(self.fields, "content-transfer-encoding").lower().strip(" ;\"'")
        if encoding == "base64":
            return _from_base64(self.body)
        if encoding == "quoted-printable":
            return quopri.decodestring(self.body)
        if encoding in ("x-uuencode", "uuencode", "x-uue", "uue"):
            found = _UU.search(self.body) if self.body.count(b"begin ") <= _MOST_UU else None
            return uudecoded(found[2]) if found else self.body
        return self.body

    def text(self) -> str:
        """The content as text with plain line ends."""
        text = text_of(self.content(), self.params.get("charset", ""))
        return text.replace("\r\n", "\n").replace("\r", "\n")

    def disposition(self) -> str:
        """`attachment`, `inline` or nothing."""
        return first(self.fields, "content-disposition").partition(";")[0].strip().lower()

    def filename(self) -> str:
        """The name a person sees for this file: no folders, no line ends, at most 200 letters."""
        name = decoded(self.params.get("filename") or self.params.get("name") or "")
        name = re.sub(
            r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]", "", re.split(r"[\\/]", name)[-1]
        )
        return name.strip(" .")[-200:]


def split(raw: bytes) -> tuple[Fields, bytes]:
    """The head's fields and the body."""
    start = raw[:_LONGEST_HEAD]
    if re.match(rb"\r?\n", start):
        return {}, raw
    found = _BLANK.search(start)
    if not found:
        return fields_of(start), b""
    return fields_of(raw[: found.start()]), raw[found.end() :]


def part_of(fields: Fields, body: bytes, depth: int = 0) -> Part:
    """A part with what its fields say about its type."""
    part = Part(fields, body, depth)
    message = Message()
    for name in ("content-type", "content-disposition"):
        if name in fields:
            message[name] = fields[name][0][:_LONGEST_PARAMS].replace("\n", " ").replace("\r", " ")
    part.content_type = _type(message)
    for header in ("content-type", "content-disposition"):
        part.params |= _params(message, header)
    return part


def _type(message: Message) -> str:
    if "content-type" not in message:
        return "text/plain"
    said = str(message["content-type"]).partition(";")[0].strip().lower()
    return said if re.fullmatch(r"[\w.+-]{1,60}/[\w.+-]{1,100}", said) else "text/plain"


def _params(message: Message, header: str) -> dict[str, str]:
    """The parameters of a field, out of the encodings that RFC 2231 lets them have."""
    try:
        pairs = message.get_params(failobj=[], header=header)[1:]
    except Exception:  # the standard library fails in many ways on wrong parameters
        return {}
    found = {}
    for name, value in pairs:
        if isinstance(value, tuple):
            charset, _language, text = value
            value = text_of(text.encode("latin-1", "replace"), charset or "utf-8")
        found[name.lower().strip()] = value.strip("\"'\t ")
    return found


def walk(part: Part) -> Iterator[Part]:
    """The part and all within it, containers before what they hold, up to the limits."""
    stack, count = [part], 0
    while stack and count < MOST_PARTS:
        current = stack.pop()
        count += 1
        yield current
        if current.depth < DEEPEST:
            stack.extend(reversed(_within(current)))


def _within(part: Part) -> list[Part]:
    """The parts that a container holds."""
    if not part.content_type.startswith("multipart/"):
        return []
    boundary = part.params.get("boundary", "")
    kind = "message/rfc822" if part.content_type == "multipart/digest" else ""
    found = []
    for raw in _pieces(part.body, boundary or _guessed(part.body)):
        fields, body = split(raw)
        if kind and "content-type" not in fields:
            fields["content-type"] = [kind]
        found.append(part_of(fields, body, part.depth + 1))
    return found


def _pieces(body: bytes, boundary: str) -> list[bytes]:
    """What stands between the lines of the boundary; the last may lack its end."""
    if not boundary:
        return [b"\n" + body] if body.strip() else []
    sign = re.escape(boundary.encode("utf-8", "replace"))
    marks = re.compile(rb"^--" + sign + rb"(--)?[ \t]*\r?$\n?", re.MULTILINE)
    pieces: list[bytes] = []
    at = -1
    for mark in marks.finditer(body):
        if at >= 0:
            pieces.append(body[at : mark.start()].removesuffix(b"\n").removesuffix(b"\r"))
        at = mark.end()
        if mark[1] or len(pieces) >= MOST_PARTS:
            return pieces
    if at >= 0:
        pieces.append(body[at:])
    return pieces or ([b"\n" + body] if body.strip() else [])


def _guessed(body: bytes) -> str:
    """The boundary of a mail that does not name one: the first line that looks like it."""
    found = re.search(rb"^--([^\s-][^\r\n]{3,70})\r?\n[Cc]ontent-", body[:20_000], re.MULTILINE)
    return text_of(found[1].strip(), "") if found else ""


def _from_base64(body: bytes) -> bytes:
    try:
        return base64.b64decode(body)
    except (binascii.Error, ValueError):
        letters = re.sub(rb"[^A-Za-z0-9+/]", b"", body.partition(b"=")[0])
        usable = len(letters) - (len(letters) % 4 == 1)
        return base64.b64decode(letters[:usable] + b"=" * (-usable % 4))


def files_in_text(body: bytes) -> tuple[bytes, list[tuple[str, bytes]]]:
    """A body without the uuencoded files that stand in it, and those files."""
    if not 0 < body.count(b"begin ") <= _MOST_UU:
        return body, []
    files = [(text_of(f[1].strip(), ""), uudecoded(f[2])) for f in _UU.finditer(body)]
    return (_UU.sub(b"", body), files) if files else (body, [])


def uudecoded(lines: bytes) -> bytes:
    """The bytes behind uuencoded lines, passing over those that are broken."""
    found = bytearray()
    for line in lines.splitlines():
        if not line:
            continue
        try:
            found += binascii.a2b_uu(line)
        except binascii.Error:
            octets = ((line[0] - 32) & 63) * 4 + 5
            try:
                found += binascii.a2b_uu(line[: octets // 3])
            except binascii.Error:
                continue
    return bytes(found)
