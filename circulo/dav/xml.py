"""XML as WebDAV speaks it: bodies from outside read safely, answers written as text.

Entities and document types are refused, so that nothing outside is ever fetched and nothing grows
while it is read. Names are written `{namespace}local` inside, with a known prefix outside.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException
from django.utils.translation import gettext as _

from circulo.dav.refusals import Refused

DAV, CAL, CARD = "DAV:", "urn:ietf:params:xml:ns:caldav", "urn:ietf:params:xml:ns:carddav"
CS, APPLE = "http://calendarserver.org/ns/", "http://apple.com/ns/ical/"
PREFIXES = {DAV: "D", CAL: "C", CARD: "CR", CS: "CS", APPLE: "A"}
MOST_ELEMENTS, DEEPEST = 20_000, 20
_HEAD = '<?xml version="1.0" encoding="utf-8"?>\n'
_SPACES = " ".join(f'xmlns:{prefix}="{space}"' for space, prefix in PREFIXES.items())
_SIGNS = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\r": "&#13;"}
_SIGN = re.compile('[&<>"\r]')
# What XML 1.0 cannot say at all, not even as a number.
_UNSPEAKABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def d(local: str) -> str:
    """A name of WebDAV."""
    return f"{{{DAV}}}{local}"


def c(local: str) -> str:
    """A name of CalDAV."""
    return f"{{{CAL}}}{local}"


def cr(local: str) -> str:
    """A name of CardDAV."""
    return f"{{{CARD}}}{local}"


def read(body: bytes) -> Element | None:
    """The root of a body; None where there is none. Refused where it is not XML we read."""
    if not body.strip():
        return None
    parser = ElementTree.XMLParser(target=_Careful(), forbid_dtd=True)
    try:
        parser.feed(body)
        root: Element = parser.close()
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise Refused(400, _("The body is not XML that we read.")) from error
    return root


class _Careful(TreeBuilder):
    """Stops at once where there are more elements, or more inside of each other, than anybody
    needs.
    """

    def __init__(self) -> None:
        super().__init__()
        self.count = self.depth = 0

    def start(self, tag: str, attrs: dict[str, str], /) -> Element:
        self.count, self.depth = self.count + 1, self.depth + 1
        if self.count > MOST_ELEMENTS or self.depth > DEEPEST:
            raise Refused(400, _("The body says too much at once."))
        return super().start(tag, attrs)

    def end(self, tag: str, /) -> Element:
        self.depth -= 1
        return super().end(tag)


def name_of(name: str) -> tuple[str, str]:
    """Namespace and local part of a name."""
    space, _brace, local = name.removeprefix("{").rpartition("}")
    return space, local


def text(value: object) -> str:
    """Text as it stands between two tags."""
    return _SIGN.sub(lambda sign: _SIGNS[sign[0]], _UNSPEAKABLE.sub("", str(value)))


def tag(named: str, /, *inside: str, **attributes: str) -> str:
    """An element; what is inside is written already."""
    space, local = name_of(named)
    prefix = PREFIXES.get(space)
    said = "".join(f' {key}="{text(value)}"' for key, value in attributes.items())
    if prefix:
        label = f"{prefix}:{local}"
    else:
        label = f"X:{local}" if space else local
        said = (f' xmlns:X="{text(space)}"' if space else "") + said
    content = "".join(inside)
    return f"<{label}{said}>{content}</{label}>" if content else f"<{label}{said}/>"


def href(path: str) -> str:
    """An address of ours, quoted already."""
    return tag(d("href"), text(path))


def document(root: str, parts: Iterable[str]) -> Iterator[str]:
    """A whole document, part by part."""
    space, local = name_of(root)
    label = f"{PREFIXES[space]}:{local}"
    yield f"{_HEAD}<{label} {_SPACES}>"
    yield from parts
    yield f"</{label}>"


def children(element: Element | None, name: str) -> list[Element]:
    """Every child of a name."""
    return [] if element is None else element.findall(name)


def child(element: Element | None, name: str) -> Element | None:
    """The first child of a name."""
    return None if element is None else element.find(name)


def words(element: Element | None) -> str:
    """The text of an element."""
    return (element.text or "").strip() if element is not None else ""
