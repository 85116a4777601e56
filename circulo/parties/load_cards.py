"""Cards of an address book, read as parties."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from circulo.lib import countries, names
from circulo.lib.errors import Invalid
from circulo.lib.readers.cards import Card, CardAddress, CardPoint
from circulo.parties.drafts import ADDRESS_FIELDS, read
from circulo.parties.models import PartyKind


def told_by(card: Card, kind: str, country: str) -> dict[str, Any]:
    """What a card tells of a party of this kind, in the words of the API."""
    told: dict[str, Any] = {
        "emails": [_point(point) for point in card.emails],
        "phones": [_point(p) for p in card.phones if "fax" not in p.labels],
        "faxes": [_point(p) for p in card.phones if "fax" in p.labels],
        "website": card.urls[0].value if card.urls else "",
        "social": [_point(point) for point in card.handles],
        "addresses": [_postal(address) for address in card.addresses],
        "tags": [word[:50] for word in card.categories][:50],
    }
    if kind == PartyKind.ORGANISATION:
        return told | {"name": (card.organisation or card.display_name)[:200]}
    told |= {
        "preferred_name": card.nickname[:100],
        "title": card.prefix[:30],
        "job_title": (card.title or card.role)[:120],
        "birthday": card.birthday,
        "language": card.language.lower(),
    }
    return {key: value for key, value in told.items() if value} | _names_on(card, country)


def _names_on(card: Card, country: str) -> dict[str, str]:
    given = " ".join(filter(None, (card.given_name, card.additional_names)))
    if not (given and card.family_name):
        named = card.full_name or card.family_name or given or card.organisation
        return {"name": " ".join(named.split())[:200]} if named else {}
    parts = names.split(f"{card.family_name}, x", country)
    return {
        "given_name": given[:100],
        "first_surname": parts.first_surname[:100],
        "second_surname": parts.second_surname[:100],
    }


def left_over(card: Card) -> list[str]:
    """What a card says that no party has a place for, as lines of a note: a birthday without its
    year, a department, a second role or page, what follows a name."""
    is_role_left = card.role and card.title and card.role != card.title
    said = (
        (_("Birthday: %s"), "" if card.birthday else card.birthday_text),
        (_("Department: %s"), card.department),
        (_("Role: %s"), card.role if is_role_left else ""),
        (_("After the name: %s"), card.suffix),
        *((_("Web: %s"), page.value) for page in card.urls[1:]),
    )
    return [line % text for line, text in said if text]


def moved_to_notes(told: dict[str, Any], invalid: Invalid) -> list[str]:
    """Take the fields that are refused out of what is told, and give them as lines of a note."""
    lines = []
    for name in invalid.fields:
        value = told.pop(name, None)
        if value is None:
            raise invalid
        kept: list[Any] = []
        entries = value if isinstance(value, list) else [value]
        for entry in entries:
            text = entry.get("value", "") if isinstance(entry, dict) else str(entry)
            if isinstance(value, list) and _stands(name, entry):
                kept.append(entry)
            elif text:
                lines.append(f"{name}: {text}")
        if kept:
            told[name] = kept
    return lines


def _stands(name: str, entry: Any) -> bool:
    try:
        read({name: [entry]}, PartyKind.PERSON, partial=True)
    except Invalid:
        return False
    return True


def _point(point: CardPoint) -> dict[str, Any]:
    label = "" if point.label in ("fax", "internet") else point.label[:30]
    return {"value": point.value, "label": label, "primary": point.is_preferred}


def _postal(address: CardAddress) -> dict[str, Any]:
    country = countries.find(address.country) if address.country else ""
    region = address.region if country or not address.country else (
        ", ".join(filter(None, (address.region, address.country)))
    )  # fmt: skip
    said = {
        "label": next(iter(address.labels), ""),
        "street": " ".join((address.street or address.box).split()),
        "unit": address.extended,
        "postal_code": address.postcode,
        "city": address.city,
        "region": region,
    }
    cut = {name: text[: ADDRESS_FIELDS[name]] for name, text in said.items()}
    return cut | {"country": country, "primary": address.is_preferred}
