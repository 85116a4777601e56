"""A calendar program in tests: it speaks WebDAV to us with somebody's address and token."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element, fromstring

from django.test import Client

from circulo.accounts.actions import add_token
from circulo.accounts.models import User
from circulo.dav.xml import c, cr, d

SPACES = (
    'xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"'
    ' xmlns:CR="urn:ietf:params:xml:ns:carddav" xmlns:CS="http://calendarserver.org/ns/"'
)


@dataclass
class Told:
    """One response of a multistatus."""

    status: str
    there: dict[str, Element]
    missing: list[str]

    def text(self, name: str) -> str:
        return "".join(self.there[name].itertext())


class Program:
    """Asks with the rights of a user."""

    def __init__(self, user: User, *, may_write: bool = True) -> None:
        self.user = user
        secret = add_token(user, may_write=may_write)
        said = base64.b64encode(f"{user.email}:{secret}".encode()).decode()
        self.client = Client(headers={"Authorization": f"Basic {said}"})
        self.home = f"/dav/{user.opaque}/"

    def ask(self, method: str, path: str, body: str | bytes = "", **headers: str) -> Any:
        if not path.startswith("/"):
            path = self.home + path
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        kind = named.pop("Content-Type", "text/calendar")
        answer: Any = self.client.generic(method, path, body, content_type=kind, headers=named)
        if answer.streaming:
            answer.content_whole = b"".join(answer.streaming_content)
        return answer

    def told(self, method: str, path: str, body: str = "", **headers: str) -> dict[str, Told]:
        answer = self.ask(method, path, body, **headers)
        assert answer.status_code == 207, (answer.status_code, answer.content)
        return responses(answer.content_whole)

    def props(self, path: str, *names: str, depth: str = "0", **headers: str) -> dict[str, Told]:
        inside = "".join(f"<{name}/>" for name in names)
        body = f"<D:propfind {SPACES}><D:prop>{inside}</D:prop></D:propfind>"
        return self.told("PROPFIND", path, body, Depth=depth, **headers)

    def report(self, path: str, name: str, inside: str) -> dict[str, Told]:
        return self.told("REPORT", path, f"<{name} {SPACES}>{inside}</{name}>", Depth="1")

    def etag(self, path: str) -> str:
        answer = self.ask("GET", path)
        return answer.headers["ETag"] if answer.status_code == 200 else ""

    def sync(self, collection: str, token: str = "") -> tuple[dict[str, str], str]:
        """What changed since a token: the status or ETag by address, and the next token."""
        inside = (
            f"<D:sync-token>{token}</D:sync-token><D:sync-level>1</D:sync-level>"
            "<D:prop><D:getetag/></D:prop>"
        )
        body = f"<D:sync-collection {SPACES}>{inside}</D:sync-collection>"
        answer = self.ask("REPORT", collection, body)
        assert answer.status_code == 207, answer.content
        found = {
            path: one.text(d("getetag")) if one.there else one.status
            for path, one in responses(answer.content_whole).items()
        }
        root = fromstring(answer.content_whole)
        return found, root.findtext(d("sync-token")) or ""


def responses(content: bytes) -> dict[str, Told]:
    """The responses of a multistatus by address."""
    found = {}
    for one in fromstring(content).findall(d("response")):
        there: dict[str, Element] = {}
        missing: list[str] = []
        for part in one.findall(d("propstat")):
            props = part.find(d("prop"))
            is_there = " 200 " in (part.findtext(d("status")) or "")
            for prop in props if props is not None else ():
                if is_there:
                    there[prop.tag] = prop
                else:
                    missing.append(prop.tag)
        status = one.findtext(d("status")) or ""
        found[one.findtext(d("href")) or ""] = Told(status, there, missing)
    return found


def event(uid: str = "one@phone", *lines: str, title: str = "Cata") -> str:
    """An appointment as a phone writes it."""
    said = [f"UID:{uid}", f"SUMMARY:{title}", *lines]
    if not any(line.startswith("DTSTART") for line in lines):
        said += ["DTSTART;TZID=Europe/Madrid:20270310T100000",
                 "DTEND;TZID=Europe/Madrid:20270310T110000"]  # fmt: skip
    return calendar("VEVENT", said)


def todo(uid: str = "two@phone", *lines: str, title: str = "Llamar") -> str:
    """A task as a phone writes it."""
    return calendar("VTODO", [f"UID:{uid}", f"SUMMARY:{title}", *lines])


def calendar(component: str, *components: list[str]) -> str:
    """A calendar with these components."""
    parts = [
        line
        for lines in components
        for line in (f"BEGIN:{component}", "DTSTAMP:20260101T000000Z", *lines, f"END:{component}")
    ]
    whole = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Phone//EN", *parts, "END:VCALENDAR", ""]
    return "\r\n".join(whole)


def card(uid: str = "three@phone", *lines: str, name: str = "García;Ana;;;") -> str:
    """A contact as a phone writes it."""
    family, given, *_rest = name.split(";")
    said = ["BEGIN:VCARD", "VERSION:3.0", f"UID:{uid}", f"N:{name}", f"FN:{given} {family}"]
    return "\r\n".join([*said, *lines, "END:VCARD", ""])


__all__ = ["Program", "SPACES", "c", "calendar", "card", "cr", "d", "event", "todo"]
