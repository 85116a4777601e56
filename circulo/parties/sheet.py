"""What a party's page says of it, in the reader's words: the facts, the line under the name."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from circulo.accounts.territory_tree import tree
from circulo.lib import emails, phones, postal, taxids
from circulo.lib import format as fmt
from circulo.lib.addresses import parted
from circulo.lib.countries import name as country_name
from circulo.parties.doubts import phone_doubt
from circulo.parties.languages import language_called
from circulo.parties.models import Party
from circulo.parties.overview import Overview
from circulo.records.models import OwnField
from circulo.records.own import links
from circulo.records.own.computed import known_to
from circulo.records.own.definitions import defined
from circulo.records.own.shown import in_words

if TYPE_CHECKING:
    from circulo.accounts.models import User


@dataclass(frozen=True)
class Fact:
    """One fact: its label and the lines of its value, perhaps with a link, a copy, a remark."""

    label: str | Promise
    lines: list[str]
    url: str = ""
    copy: str = ""
    chat: str = ""
    is_outside: bool = False
    note: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Sheet:
    """The facts of a party and its first ways to be reached."""

    facts: list[Fact]
    call: str = ""
    write: str = ""
    chips: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def ways(self) -> tuple[bool, bool]:
        """Whether the party can be called, and written to."""
        return bool(self.call), bool(self.write)


def sheet_of(seen: Overview, user: User) -> Sheet:
    """Everything that the sheet of a party says to this person."""
    party, panels = seen.party, seen.panels
    home, hidden = fmt.current().country, user.hidden_fields(party.resource)
    facts = [
        *_phones(panels.get("phones", []), _("Phone"), home),
        *_emails(panels.get("emails", [])),
        *_phones(panels.get("faxes", []), _("Fax"), home, can_chat=False),
        *_links(panels),
        *_addresses(panels.get("addresses", []), home),
        *_own(party, hidden),
        *_territory(party, panels.get("company")),
        *_defined(party, user),
    ]
    return Sheet(
        facts,
        call=_first(panels.get("phones", [])),
        write=_first(panels.get("emails", [])),
        chips=_chips(party),
    )


def _phones(points: list[Any], label: str, home: str, *, can_chat: bool = True) -> list[Fact]:
    return [
        Fact(
            _label(point, label),
            [phones.shown(point["value"], home)],
            url=f"tel:{point['value'].replace(' ', '')}",
            copy=point["value"],
            chat=phones.whatsapp(point["value"]) if can_chat and _is_mobile(point) else "",
            note=(doubt := "" if _is_whole(point["value"]) else phone_doubt(point["value"])),
            tone="spark" if doubt else "",
        )
        for point in points
    ]


@lru_cache(maxsize=8192)
def _kind_of(number: str) -> str:
    phone = phones.parse(number)
    return phone.kind if phone else ""


def _is_whole(value: str) -> bool:
    return value.startswith("+") and bool(_kind_of(value))


def _is_mobile(point: dict[str, Any]) -> bool:
    value = point["value"]
    return value.startswith("+") and _kind_of(value) in ("mobile", "phone")


def _emails(points: list[Any]) -> list[Fact]:
    return [
        Fact(
            _label(point, _("E-mail")),
            [emails.shown(point["value"])],
            url=f"mailto:{point['value']}",
            copy=point["value"],
        )
        for point in points
    ]


def _links(panels: dict[str, Any]) -> list[Fact]:
    web = [
        Fact(
            _label(point, _("Web")),
            [_site(point["value"]) or point["value"]],
            url=point["value"] if point["value"].startswith(("http://", "https://")) else "",
            is_outside=True,
        )
        for point in panels.get("websites", [])
    ]
    social = [Fact(_label(p, _("Social")), [p["value"]]) for p in panels.get("social", [])]
    return web + social


def _site(url: str) -> str:
    """An address without what goes without saying, and without a long way."""
    parts = parted(url)
    path = parts.path.rstrip("/")
    return parts.netloc.removeprefix("www.") + (path if len(path) < 30 else "")


def _addresses(rows: list[Any], home: str) -> list[Fact]:
    facts = []
    for row in rows:
        address = postal.Address(
            ", ".join(filter(None, (row["street"], row["unit"]))),
            row["district"], row["postal_code"], row["city"], row["region"], row["country"],
        )  # fmt: skip
        lines = postal.label(address, home, get_language() or "es")
        if lines:
            facts.append(
                Fact(_label(row, _("Address")), lines, url=postal.map_link(address),
                     copy=", ".join(lines), is_outside=True)
            )  # fmt: skip
    return facts


def _own(party: Party, hidden: frozenset[str]) -> list[Fact]:
    facts = [_tax_id(party)] if party.tax_id and "tax_id" not in hidden else []
    told = {
        "birthday": (_("Birthday"), fmt.day(party.birthday, "long")),
        "legal_name": (_("Legal name"), party.legal_name),
        "preferred_name": (_("Goes by"), party.preferred_name),
        "industry": (_("Industry"), party.industry),
        "size": (_("Employees"), fmt.number(party.size)),
        "annual_revenue": (_("Annual revenue"), fmt.number(party.annual_revenue, 0)),
        "founded": (_("Founded in"), str(party.founded or "")),
        "owner": (_("Owner"), party.owner.name if party.owner else _("nobody yet")),
        "source": (_("Source"), party.source),
    }
    facts += [Fact(label, [text]) for name, (label, text) in told.items()
              if text and name not in hidden]  # fmt: skip
    return facts


def _territory(party: Party, company: dict[str, Any] | None) -> list[Fact]:
    """Where it lies and why: somebody said so, its company lies there, or a rule takes it."""
    place = tree().by_key.get(party.territory_id or 0)
    if place is None:
        return []
    if party.pinned_territory_id:
        why = _("by hand")
    elif company and company["territory"] == place.public_id and party.is_person:
        why = _("like its company")
    else:
        why = _("by its rule")
    return [Fact(_("Territory"), [tree().whole_name(place)], note=why)]


def _defined(party: Party, user: User) -> list[Fact]:
    """The own fields that say something, then the plain values that no field is defined for."""
    seen = defined(party.resource).visible_to(user, party.resource)
    values = known_to(user, party.resource, vars(party))
    names = links.names_of(user, seen.values(), [values])
    facts = [
        Fact(
            one.label,
            in_words(one, values[key], names).splitlines(),
            url=_link_of(one, values, names),
        )
        for key, one in seen.items()
        if values.get(key) is not None
    ]
    loose = {key: value for key, value in values.items() if key not in seen}
    return facts + [Fact(key.replace("_", " ").capitalize(), [_own_value(value)])
                    for key, value in loose.items() if value not in (None, "")]  # fmt: skip


def _link_of(field: OwnField, values: dict[str, Any], names: links.Names) -> str:
    is_link = field.kind in (OwnField.Kind.LINK, OwnField.Kind.FILE)
    is_known = is_link and (field.target or "file", values[field.key]) in names
    return links.url_of(field, values[field.key]) if is_known else ""


def _own_value(value: object) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return fmt.number(value) if isinstance(value, int | float) else str(value)


def _tax_id(party: Party) -> Fact:
    country = party.tax_country or fmt.current().country
    shown = taxids.shown(country, party.tax_id)
    label = taxids.kind_of(country)
    if party.has_valid_tax_id is False:
        note, tone = _("check digit does not fit"), "bad"
    else:
        note, tone = (_("checked"), "good") if party.has_valid_tax_id else ("", "")
    if country != fmt.current().country:
        label = f"{label} ({country_name(country, get_language() or 'es')})"
    return Fact(label, [shown], copy=party.tax_id, note=note, tone=tone)


def _label(point: dict[str, Any], otherwise: str) -> str:
    said = str(point["label"] or otherwise)
    return said[:1].upper() + said[1:]


def _first(points: list[Any]) -> str:
    chosen = next((p for p in points if p["primary"]), points[0] if points else None)
    return chosen["value"] if chosen else ""


def _chips(party: Party) -> list[tuple[str, str, str]]:
    """What stands under the name: text, tone, icon."""
    chips = [(str(party.get_lifecycle_display()), "accent", "")]
    if party.language:
        chips.append((_language(party), "", "languages"))
    chips += [(tag, "line", "") for tag in party.tags[:8]]
    return chips


def _language(party: Party) -> str:
    text = language_called(party.language)
    how = {"formal": _("formal address"), "familiar": _("familiar address")}
    return f"{text}, {how[party.form_of_address]}" if party.form_of_address in how else text
