"""One line of a vCard taken apart: its name, what is said about it, its value decoded."""

import base64
import binascii
import quopri
import re
from dataclasses import dataclass, field

from circulo.lib.readers.charsets import text_of

_LEFT_OUT = frozenset(("PHOTO", "LOGO", "SOUND", "KEY", "X-MS-CARDPICTURE", "AGENT"))
_HEAD = re.compile(
    r'(?:(?P<group>[\w.-]{1,60})\.)?(?P<name>[A-Za-z0-9-]{1,60})(?P<params>(?:;(?:[^":]|"[^"]*")*)?):'
)
_PARAM = re.compile(r';\s*(?:([A-Za-z0-9-]+)\s*=)?((?:"[^"]*"|[^;"])*)')
_ESCAPE = re.compile(r"\\([nN,;:\\])")
_CARET = re.compile(r"\^([n'^])")


@dataclass
class Property:
    """One line of a card: its name, what is said about it, and its value still escaped."""

    name: str
    value: str
    group: str = ""
    version: str = ""
    params: dict[str, list[str]] = field(default_factory=dict)

    def text(self) -> str:
        """The value as one text."""
        return " ".join(self.parts(";", "")) if self.name == "ORG" else self._plain(self.value)

    def parts(self, sign: str = ";", within: str = ",") -> list[str]:
        """The value's parts; lists inside a part, where the version has them, are joined."""
        found = _split(self.value, sign)
        if within and self.version != "2.1":
            return [" ".join(map(self._plain, _split(part, within))).strip() for part in found]
        return [self._plain(part).strip() for part in found]

    def labels(self) -> tuple[str, ...]:
        """What kind of point this is, in lower case, without the words that say nothing."""
        said = (
            word.strip().lower() for text in self.params.get("TYPE", ()) for word in text.split(",")
        )
        return tuple(dict.fromkeys(word for word in said if word and word not in _SAY_NOTHING))

    def is_preferred(self) -> bool:
        """Whether the card puts this one first."""
        words = ",".join(self.params.get("TYPE", ())).lower().split(",")
        return "pref" in words or self.params.get("PREF", [""])[0] == "1"

    def _plain(self, text: str) -> str:
        if "\\" not in text:
            return text
        if self.version == "2.1":
            return re.sub(r"\\([,;:\\])", r"\1", text)
        return _ESCAPE.sub(lambda found: "\n" if found[1] in "nN" else found[1], text)


_SAY_NOTHING = frozenset(("internet", "pref", "voice", "x400", "postal", "parcel", "dom", "intl"))


def property_of(line: str, version: str) -> Property | None:
    """One line taken apart, its value decoded; None where it is no property or is left out."""
    found = _HEAD.match(line[:4_000].lstrip())
    if not found:
        return None
    name = found["name"].upper()
    params = _params(found["params"])
    if name in _LEFT_OUT:
        return Property(name, "", params=params, version=version)
    raw = line.lstrip()[found.end() :]
    return Property(name, _decoded(raw, params), found["group"] or "", version, params)


def _params(text: str) -> dict[str, list[str]]:
    """The parameters by name; a bare word, as 2.1 writes them, is an encoding or a type."""
    params: dict[str, list[str]] = {}
    for found in _PARAM.finditer(text):
        name, value = (found[1] or "").upper(), found[2].strip().strip('"')
        if not name:
            is_encoding = value.upper() in ("QUOTED-PRINTABLE", "BASE64", "8BIT", "7BIT", "B")
            name = "ENCODING" if is_encoding else "TYPE"
        value = _CARET.sub(lambda sign: {"n": "\n", "'": '"', "^": "^"}[sign[1]], value)
        params.setdefault(name, []).append(value)
    return params


def _decoded(raw: str, params: dict[str, list[str]]) -> str:
    """The value as text, out of its transfer encoding and its charset."""
    data = raw.encode("latin-1", "replace")
    encoding = params.get("ENCODING", [""])[0].upper()
    if encoding == "QUOTED-PRINTABLE":
        data = quopri.decodestring(data)
    elif encoding in ("B", "BASE64"):
        try:
            data = base64.b64decode(data)
        except (binascii.Error, ValueError):
            return ""
    return text_of(data, params.get("CHARSET", ["utf-8"])[0]).replace("\r\n", "\n")


def _split(value: str, sign: str) -> list[str]:
    """Parts between signs that are not escaped."""
    if "\\" not in value:
        return value.split(sign)
    return re.findall(rf"((?:[^\\{sign}]|\\.|\\$)*)(?:{sign}|$)", value, re.DOTALL)[
        : value.count(sign) + 1
    ]
