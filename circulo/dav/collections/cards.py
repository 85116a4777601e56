"""A party as a card, and what a card says of a party: the same names in both directions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from circulo.lib import countries, names
from circulo.lib.readers.cards import Card, CardAddress, CardPoint
from circulo.lib.readers.vcards import write
from circulo.parties.models import PartyKind

VERSION = "3.0"
_NAMES = {"given_name", "first_surname", "second_surname", "name"}
_COMPANY = "X-ABSHOWAS:COMPANY\r\n"


def text_of(party: Mapping[str, Any], uid: str = "", department: str = "") -> str:
    """The card of a party, from what its reader may see of it."""
    text = next(iter(write([card_of(party, uid, department)], VERSION)))
    if party["kind"] == PartyKind.ORGANISATION:
        text = text.replace("END:VCARD\r\n", f"{_COMPANY}END:VCARD\r\n")
    return text


def card_of(party: Mapping[str, Any], uid: str = "", department: str = "") -> Card:
    """What a card says of a party; what is hidden from its reader is not there to be said."""
    is_person = party["kind"] == PartyKind.PERSON
    surnames = (party.get("first_surname"), party.get("second_surname"))
    return Card(
        uid=uid,
        kind="individual" if is_person else "org",
        full_name=party["name"],
        given_name=party.get("given_name", ""),
        family_name=" ".join(filter(None, surnames)),
        prefix=party.get("title", ""),
        nickname=party.get("preferred_name", ""),
        organisation=(party.get("company_name") or "") if is_person else party["name"],
        department=department if is_person and party.get("company_name") else "",
        title=party.get("job_title", ""),
        emails=_points(party.get("emails")),
        phones=_points(party.get("phones")) + _points(party.get("faxes"), "fax"),
        urls=_web(party.get("website", "")),
        addresses=tuple(_address(one) for one in party.get("addresses") or ()),
        birthday=_day(party.get("birthday")),
        note=party.get("notes", ""),
        categories=tuple(party.get("tags", ())),
    )


def _points(points: Any, *labels: str) -> tuple[CardPoint, ...]:
    return tuple(
        CardPoint(
            one["value"], (*labels, *filter(None, [one["label"].lower()])), bool(one["primary"])
        )
        for one in points or ()
    )


def _web(website: str) -> tuple[CardPoint, ...]:
    return (CardPoint(website),) if website else ()


def _address(one: Mapping[str, Any]) -> CardAddress:
    return CardAddress(
        street=one["street"],
        extended=", ".join(filter(None, (one["unit"], one["district"]))),
        city=one["city"],
        region=one["region"],
        postcode=one["postal_code"],
        country=countries.name(one["country"]) if one["country"] else "",
        labels=tuple(filter(None, [one["label"].lower()])),
        is_preferred=bool(one["primary"]),
    )


def _day(value: Any) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value


def said_of(card: Card, kind: str) -> dict[str, Any]:
    """What a card says of a party, by the names of the contract; what is blank says so."""
    said: dict[str, Any] = {
        "emails": [_point(point) for point in card.emails],
        "phones": [_point(point) for point in card.phones if "fax" not in point.labels],
        "faxes": [_point(point) for point in card.phones if "fax" in point.labels],
        "website": card.urls[0].value if card.urls else "",
        "addresses": [_postal(address) for address in card.addresses],
        "tags": [word[:50] for word in card.categories],
        "notes": card.note,
    }
    if kind == PartyKind.ORGANISATION:
        return said | {"name": card.organisation or card.display_name}
    return said | {
        "preferred_name": card.nickname,
        "title": card.prefix,
        "job_title": card.title,
        "birthday": card.birthday,
        **_named(card),
    }


def _named(card: Card) -> dict[str, str]:
    given = " ".join(filter(None, (card.given_name, card.additional_names)))
    if not (given or card.family_name):
        return {"name": card.display_name}
    parts = names.split(f"{card.family_name}, x", "ES")
    known = {"first_surname": parts.first_surname, "second_surname": parts.second_surname}
    nobody = dict.fromkeys(("first_surname", "second_surname"), "")
    return {"given_name": given} | (known if card.family_name else nobody)


def _point(point: CardPoint) -> dict[str, Any]:
    label = "" if point.label in ("fax", "internet", "voice") else point.label[:30]
    return {"value": point.value, "label": label, "primary": point.is_preferred}


def _postal(address: CardAddress) -> dict[str, Any]:
    country = countries.find(address.country) if address.country else ""
    parts = [address.region] if country else [address.region, address.country]
    return {
        "label": next(iter(address.labels), "")[:30],
        "street": " ".join((address.street or address.box).split()),
        "unit": address.extended,
        "postal_code": address.postcode,
        "city": address.city,
        "region": ", ".join(filter(None, parts)),
        "country": country,
        "primary": address.is_preferred,
    }


def changed(said: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """What a card says otherwise than the one that its program was given.

    So nothing is lost that a card has no words for, as long as nobody touches it.
    """
    found = {name: value for name, value in said.items() if value != before.get(name)}
    if _NAMES & set(found):
        found |= {name: said[name] for name in _NAMES & set(said)}
    return found


def matched(
    entries: list[dict[str, Any]], told: list[dict[str, Any]], kept: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Addresses or numbers, of which those left as they were told keep all that is known of them.

    A card is read with what it prefers first.
    """
    kept = sorted(kept, key=lambda one: not one["primary"])
    whole = (
        {_mark(a): b for a, b in zip(told, kept, strict=False)} if len(told) == len(kept) else {}
    )
    found = []
    for entry in entries:
        one = whole.get(_mark(entry))
        found.append(one | {"primary": entry["primary"]} if one else entry)
    return found


def _mark(address: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(value for name, value in sorted(address.items()) if name != "primary")
