"""What a template may say of a recipient: the fields there are, and their values for one person.

The fields are those of the resources, within the rights of whoever merges: what a role does not
see has no name here, so a template that asks for it is refused with its place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from circulo.accounts.models import Firm, User
from circulo.accounts.selectors import firm as the_firm
from circulo.documents.salutation import salutation
from circulo.lib import countries, ids, postal
from circulo.lib import format as fmt
from circulo.lib.format import REGIONS, Locale
from circulo.lib.merge import Group, Leaf, Rows
from circulo.lib.merge.checking import Known
from circulo.lib.merge.filters import Kind
from circulo.parties.shown import parties_shown
from circulo.records.resources import Field, Type, resource

_KINDS = {
    Type.NUMBER: Kind.NUMBER,
    Type.DATE: Kind.DAY,
    Type.MOMENT: Kind.MOMENT,
    Type.LIST: Kind.TEXTS,
    Type.YES_NO: Kind.YES_NO,
}
_OTHERWISE = {"emails": Kind.TEXTS, "phones": Kind.TEXTS, "annual_revenue": Kind.MONEY}
_IN_ADDRESS = ("street", "unit", "district", "postal_code", "city", "region", "country")
_CHOICES = ("lifecycle", "form_of_address")
_BOTH = ("contacts", "companies")


@dataclass(frozen=True)
class Recipient:
    """Somebody a text is merged for: the values, the way they read, where a letter goes."""

    key: int
    name: str
    world: dict[str, Any]
    locale: Locale
    language: str
    window: list[str]


def known_fields(user: User) -> Group:
    """Every field that a template may name, as far as this person's role sees it."""
    company = _party_fields(user, ("companies",))
    contact = _party_fields(user, _BOTH) | {
        "company": Group(company, _("Company")),
    }
    return Group(
        {
            "contact": Group(contact, _("Contact")),
            "sender": Group({"name": Leaf(_("Name")), "email": Leaf(_("E-mail"))}, _("Sender")),
            "firm": Group({"name": Leaf(_("Name"))}, _("Firm")),
            "today": Leaf(_("Today"), Kind.DAY),
        }
    )


def recipients(
    user: User, keys: Sequence[int], offered: Sequence[str], *, language: str = ""
) -> list[Recipient]:
    """The visible ones among these parties, each with the language of the template they read."""
    people = parties_shown(user, keys)
    companies = {row["id"]: row for row in parties_shown(user, _companies_of(people))}
    firm = the_firm()
    found = []
    for row in people:
        spoken = language or language_for(row.get("language") or "", offered, firm)
        with translation.override(spoken):
            found.append(_recipient(row, companies, user, firm, spoken))
    return found


def language_for(wanted: str, offered: Sequence[str], firm: Firm) -> str:
    """The language of the recipient where a text is there in it, else the firm's, else any."""
    for language in (wanted[:2], firm.language[:2]):
        if language in offered or (not offered and language in ("es", "en")):
            return language
    return offered[0] if offered else "es"


def _party_fields(user: User, kinds: Sequence[str]) -> dict[str, Known]:
    fields: dict[str, Known] = {}
    for kind in kinds:
        for name, one in resource(kind).fields_for(user).items():
            if name not in ("company", "parent"):
                fields.setdefault(name, Leaf(one.label, _kind_of(one)))
        if "addresses" not in user.hidden_fields(kind):
            address = _address_fields()
            fields |= {
                "address": Group(address, _("Address")),
                "addresses": Rows(Group(address), _("Addresses")),
            }
    first = {"email": "emails", "phone": "phones"}
    fields |= {one: Leaf(fields[of].label) for one, of in first.items() if of in fields}
    fields["salutation"] = Leaf(_("Salutation"))
    return fields


def _address_fields() -> dict[str, Known]:
    labels = (_("Street and number"), _("Floor, door"), _("District"), _("Postal code"), _("City"),
              _("Province or state"), _("Country"))  # fmt: skip
    fields: dict[str, Known] = {
        name: Leaf(label) for name, label in zip(_IN_ADDRESS, labels, strict=True)
    }
    return fields | {"label": Leaf(_("As on an envelope"))}


def _kind_of(field: Field) -> Kind:
    return _OTHERWISE.get(field.name) or _KINDS.get(field.type, Kind.TEXT)


def _companies_of(people: list[dict[str, Any]]) -> list[int]:
    named = {row.get("company") or row.get("parent") for row in people}
    return [key for one in named if one and (key := ids.decode("party", one))]


def _recipient(
    row: dict[str, Any], companies: dict[str, Any], user: User, firm: Firm, language: str
) -> Recipient:
    locale = _locale(row, firm, language)
    company = companies.get(row.get("company") or row.get("parent") or "")
    contact = _values(row, firm, language)
    contact["company"] = _values(company, firm, language) if company else {}
    world = {
        "contact": contact,
        "sender": {"name": user.name, "email": user.email},
        "firm": {"name": firm.name},
        "today": locale.today(),
    }
    return Recipient(
        ids.decode("party", row["id"]) or 0,
        row["name"],
        world,
        locale,
        language,
        _window(row, firm, language),
    )


def _values(row: dict[str, Any], firm: Firm, language: str) -> dict[str, Any]:
    values = {name: _value(name, value) for name, value in row.items()}
    values |= {"owner": row.get("owner_name"), "salutation": salutation(row, language)}
    for one, many in (("email", "emails"), ("phone", "phones")):
        if row.get(many) is not None:
            values[many] = [point["value"] for point in row[many]]
            values[one] = _first(row[many]).get("value")
    if row.get("addresses") is not None:
        addresses = [_address(one, firm, language) for one in row["addresses"]]
        first = _address(_first(row["addresses"]), firm, language) if addresses else {}
        values |= {name: first.get(name) for name in _IN_ADDRESS}
        values |= {"address": first, "addresses": addresses}
    return values


def _value(name: str, value: Any) -> Any:
    if name in _CHOICES and value:
        choices = resource("contacts").fields[name].choices
        return str(choices().get(value, value)) if choices else value
    if isinstance(value, dict) and "amount" in value:
        return {"amount": Decimal(value["amount"]), "currency": value["currency"]}
    if name == "birthday" and isinstance(value, str):
        return date.fromisoformat(value)
    return value


def _first(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """The one that is marked as the first, or the one that stands first."""
    return next((row for row in rows if row.get("primary")), rows[0]) if rows else {}


def _address(row: dict[str, Any], firm: Firm, language: str) -> dict[str, Any]:
    shown = {name: row.get(name) or "" for name in _IN_ADDRESS}
    code = shown["country"]
    shown["label"] = "\n".join(_lines(row, firm, language))
    return shown | {"country": countries.name(code, language) if code else ""}


def _lines(row: dict[str, Any], firm: Firm, language: str) -> list[str]:
    street = "\n".join(filter(None, (row.get("street"), row.get("unit"))))
    address = postal.Address(
        street,
        row.get("district") or "",
        row.get("postal_code") or "",
        row.get("city") or "",
        row.get("region") or "",
        row.get("country") or "",
    )
    return postal.label(address, firm.country, language)


def _window(row: dict[str, Any], firm: Firm, language: str) -> list[str]:
    """What the window of the envelope shows; nothing where there is no address to send to."""
    address = _lines(_first(row.get("addresses") or []), firm, language)
    if not address:
        return []
    is_person = row["kind"] == "person"
    name = " ".join(filter(None, (row.get("title"), row["name"]))) if is_person else row["name"]
    company = [row["company_name"]] if is_person and row.get("company_name") else []
    return [name, *company, *address]


def _locale(row: dict[str, Any], firm: Firm, language: str) -> Locale:
    """The region of the recipient: their language as their country writes it."""
    country = _first(row.get("addresses") or []).get("country") or firm.region[-2:]
    region = f"{language}-{country}"
    if region not in REGIONS:
        region = firm.region if firm.region.startswith(language) else f"{language}-GB"
        region = region if region in REGIONS else fmt.DEFAULT_REGION
    return fmt.get(region, language, firm.time_zone)
