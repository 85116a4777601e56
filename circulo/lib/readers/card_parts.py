"""From the lines of a vCard to the card they describe."""

import re
from collections.abc import Sequence
from datetime import date
from itertools import zip_longest
from urllib.parse import unquote

from circulo.lib.readers.card_lines import Property
from circulo.lib.readers.cards import Card, CardAddress, CardPoint

_MOST_POINTS = 50
_BIRTHDAY = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})(?:T.*)?")
_LABEL = re.compile(r"_\$!<(.*)>!\$_")
_HANDLES = {
    "IMPP": "",
    "X-SKYPE": "skype",
    "X-SKYPE-USERNAME": "skype",
    "X-JABBER": "jabber",
    "X-MSN": "msn",
    "X-AIM": "aim",
    "X-ICQ": "icq",
    "X-YAHOO": "yahoo",
    "X-TWITTER": "twitter",
    "X-SOCIALPROFILE": "",
    "X-MS-IMADDRESS": "",
}


def card_of(properties: Sequence[Property]) -> Card:
    """The card that these properties describe."""
    labels = _labels(properties)
    birthday = _first(properties, "BDAY")
    org = _parts(properties, "ORG", 2)
    family, given, additional, prefix, suffix = _parts(properties, "N", 5)
    return Card(
        version=_first(properties, "VERSION"),
        kind=(_first(properties, "KIND") or _apple_kind(properties)).lower(),
        uid=_first(properties, "UID"),
        full_name=" ".join(_first(properties, "FN").split()),
        given_name=given,
        additional_names=additional,
        family_name=family,
        prefix=prefix,
        suffix=suffix,
        nickname=_first(properties, "NICKNAME"),
        organisation=org[0],
        department=org[1],
        title=_first(properties, "TITLE"),
        role=_first(properties, "ROLE"),
        emails=_points(properties, labels, "EMAIL", "mailto:"),
        phones=_points(properties, labels, "TEL", "tel:"),
        urls=_points(properties, labels, "URL"),
        handles=_handles(properties),
        addresses=_addresses(properties, labels),
        birthday=_day(birthday),
        birthday_text=birthday,
        language=_first(properties, "LANG"),
        note="\n\n".join(p.text().strip() for p in properties if p.name == "NOTE").strip(),
        categories=_categories(properties),
    )


def _first(properties: Sequence[Property], name: str) -> str:
    return next((p.text().strip() for p in properties if p.name == name and p.value.strip()), "")


def _apple_kind(properties: Sequence[Property]) -> str:
    is_company = _first(properties, "X-ABSHOWAS").upper() == "COMPANY"
    return "org" if is_company else "individual"


def _parts(properties: Sequence[Property], name: str, count: int) -> list[str]:
    """The first `count` parts of a structured value, always that many."""
    found: list[str] = next((p.parts() for p in properties if p.name == name), [])
    return [
        " ".join(part.split())
        for part, _at in zip_longest(found[:count], range(count), fillvalue="")
    ]


def _labels(properties: Sequence[Property]) -> dict[str, str]:
    """The labels that Apple and Google keep in a line of their own, by group."""
    found = {}
    for line in properties:
        if line.name == "X-ABLABEL" and line.group:
            text = line.text().strip()
            apple = _LABEL.fullmatch(text)
            found[line.group] = (apple[1] if apple else text).lower()
    return found


def _points(
    properties: Sequence[Property], labels: dict[str, str], name: str, scheme: str = ""
) -> tuple[CardPoint, ...]:
    points: dict[str, CardPoint] = {}
    for line in properties:
        if line.name != name or len(points) >= _MOST_POINTS:
            continue
        value = line.text().strip()
        if scheme and value.lower().startswith(scheme):
            value = unquote(value[len(scheme) :]).replace(";ext=", " ext. ")
        if value:
            points.setdefault(value, CardPoint(value, _said(line, labels), line.is_preferred()))
    return tuple(sorted(points.values(), key=lambda point: not point.is_preferred))


def _said(line: Property, labels: dict[str, str]) -> tuple[str, ...]:
    own = labels.get(line.group, "") if line.group else ""
    return (*line.labels(), own) if own else line.labels()


def _handles(properties: Sequence[Property]) -> tuple[CardPoint, ...]:
    found = []
    for line in properties:
        if line.name in _HANDLES and line.value.strip():
            network = _HANDLES[line.name] or next(iter(line.params.get("X-SERVICE-TYPE", ())), "")
            labels = (network.lower(),) if network else line.labels()
            found.append(CardPoint(line.text().strip(), labels))
    return tuple(found[:_MOST_POINTS])


def _addresses(properties: Sequence[Property], labels: dict[str, str]) -> tuple[CardAddress, ...]:
    found = []
    for line in properties:
        if line.name == "ADR":
            given = zip_longest(line.parts()[:7], range(7), fillvalue="")
            parts = [str(part) for part, _at in given]
            box, extended, street, city, region, postcode, country = parts
            if not street:
                street, extended = extended, ""
            said = _said(line, labels)
            address = CardAddress(
                street, extended, box, city, region, postcode, country, said, line.is_preferred()
            )
            if not address.is_empty:
                found.append(address)
    found.sort(key=lambda address: not address.is_preferred)
    return tuple(found[:_MOST_POINTS])


def _categories(properties: Sequence[Property]) -> tuple[str, ...]:
    lists = (p.parts(",", "") for p in properties if p.name == "CATEGORIES")
    words = (word.strip() for parts in lists for part in parts for word in part.split(","))
    return tuple(dict.fromkeys(word for word in words if word))[:100]


def _day(text: str) -> date | None:
    """The day of birth, None where the card leaves out the year or writes no day."""
    found = _BIRTHDAY.fullmatch(text)
    try:
        return date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None
