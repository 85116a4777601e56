"""What somebody says about a party, read into checked values: one reader for all entrances.

Forms, the API and imports hand in a mapping by the names of the contract (`given_name`, `emails`,
…); they get a `Draft` that names only what was said, or `Invalid` with a reason for each field.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from circulo.lib import emails, names, phones, taxids
from circulo.lib.countries import is_code
from circulo.lib.errors import Invalid, Text
from circulo.lib.text import clean
from circulo.parties.models import RESOURCES, Party, PartyKind, Point
from circulo.records.own import noted
from circulo.records.own.definitions import Defined, defined

MOST_POINTS, MOST_TAGS, MOST_LABEL = 30, 50, 30
POINT_KINDS = {
    "emails": Point.Kind.EMAIL,
    "phones": Point.Kind.PHONE,
    "faxes": Point.Kind.FAX,
    "social": Point.Kind.SOCIAL,
    "website": Point.Kind.WEB,
}
TEXT_FIELDS = {
    "preferred_name": 100, "title": 30, "legal_name": 200, "job_title": 120, "industry": 100,
    "source": 100,
}  # fmt: skip
PERSON_NAMES = ("given_name", "first_surname", "second_surname")
ADDRESS_FIELDS = {
    "label": 30, "street": 200, "unit": 100, "district": 100, "postal_code": 12, "city": 100,
    "region": 100,
}  # fmt: skip
_NOWHERE = dict.fromkeys(ADDRESS_FIELDS, "")
_IN_ADDRESS = {*ADDRESS_FIELDS, "country", "primary"}
_MOST_UNREAD = 200  # of a code: what is wrong with a longer one is not its length
_IN_POINT = {"value", "label", "primary"}


@dataclass
class Draft:
    """What was said of a party: only the columns, points and addresses that were named."""

    kind: str
    columns: dict[str, Any] = field(default_factory=dict)
    points: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    addresses: list[dict[str, Any]] | None = None

    @property
    def reach(self) -> str:
        """The ways to reach the party, as search finds them."""
        return " ".join(
            point["value"].lstrip("+")
            for kind in sorted(self.points)
            for point in self.points[kind]
        )


_READERS = {
    "name": "name", "notes": "notes", "tax_id": "tax_id", "tax_country": "tax_country",
    "birthday": "day", "language": "language", "lifecycle": "lifecycle",
    "form_of_address": "form_of_address", "tags": "tags", "custom": "custom", "size": "whole",
    "founded": "whole", "annual_revenue": "amount", "addresses": "addresses",
}  # fmt: skip


_NAMING = {"name", "legal_name", *PERSON_NAMES, *POINT_KINDS}


class _Refused(Exception):
    """One value that cannot be accepted."""


def read(
    said: Mapping[str, Any],
    kind: str,
    *,
    country: str = "ES",
    partial: bool = False,
    own: Defined | None = None,
    demands: bool = True,
) -> Draft:
    """The draft of what was said; `partial` leaves out what was not (a change, not a new party).

    Keys that no party has are refused. `company`, `parent` and `owner` are not read here: whoever
    calls resolves them within the rights of the person who speaks. `own` are the own fields of
    the kind, for who has them at hand; without `demands` the required ones may be missing.
    """
    own = own if own is not None else defined(RESOURCES[PartyKind(kind)])
    reader = _Reader(said, kind, country, own)
    draft = reader.read()
    if not partial:
        reader.complete(demands=demands)
    if reader.refused:
        raise Invalid(reader.refused)
    return draft


def name_it(draft: Draft) -> None:
    """A party without a name goes by its first address or phone until somebody knows better."""
    named = draft.columns
    if any(named.get(name) for name in ("given_name", "first_surname", "trade_name")):
        return
    is_person = draft.kind == PartyKind.PERSON
    known = [p["value"] for points in draft.points.values() for p in points]
    if not known:
        needed = _("A name is needed, or at least an e-mail address or a phone.")
        raise Invalid({"given_name" if is_person else "name": needed})
    named["given_name" if is_person else "trade_name"] = known[0][:100]


class _Reader:
    """Reads one mapping, collecting what it refuses."""

    def __init__(self, said: Mapping[str, Any], kind: str, country: str, own: Defined) -> None:
        self.said, self.kind, self.country, self.own = said, kind, country, own
        self.refused: dict[str, Text] = {}
        self.draft = Draft(kind)

    def read(self) -> Draft:
        for key, value in self.said.items():
            read = self.reader_of(key)
            try:
                if read is None:
                    raise _Refused(_("There is no such field here."))
                read(key, value)
            except _Refused as refused:
                self.refused[named(key)] = str(refused)
            except Invalid as invalid:
                self.refused[named(key)] = next(iter(invalid.fields.values()))
        return self.draft

    def complete(self, *, demands: bool) -> None:
        """What a new party must have; what was said of it, but cannot be read, is not missing."""
        if not self.refused.keys() & _NAMING:
            self.note(lambda: name_it(self.draft))
        if not any(name.startswith("custom") for name in self.refused):
            self.note(lambda: noted.complete(self.draft.columns, self.own, demands=demands))

    def note(self, act: Callable[[], None]) -> None:
        """Do it, and keep what it refuses beside the rest."""
        try:
            act()
        except Invalid as invalid:
            self.refused = dict(invalid.fields) | self.refused

    def reader_of(self, key: str) -> Callable[[str, Any], None] | None:
        if key in TEXT_FIELDS or (key in PERSON_NAMES and self.kind == PartyKind.PERSON):
            return self.text
        if key in POINT_KINDS:
            return self.points
        name = _READERS.get(key)
        return getattr(self, name) if name else None

    def words(self, value: Any, most: int, *, lines: bool = False) -> str:
        if value is None:
            return ""
        if not isinstance(value, str):
            raise _Refused(_("This must be text."))
        return clean(value, limit=most, lines=lines)

    def text(self, key: str, value: Any) -> None:
        self.draft.columns[key] = self.words(value, TEXT_FIELDS.get(key, 100))

    def notes(self, key: str, value: Any) -> None:
        self.draft.columns[key] = self.words(value, 20_000, lines=True)

    def name(self, key: str, value: Any) -> None:
        text = self.words(value, 200)
        if self.kind == PartyKind.ORGANISATION:
            self.draft.columns["trade_name"] = text
            return
        if any(self.said.get(part) for part in PERSON_NAMES):
            return
        parts = names.split(text, self.country)
        self.draft.columns |= {
            "given_name": parts.given[:100],
            "first_surname": parts.first_surname[:100],
            "second_surname": parts.second_surname[:100],
        }
        if parts.title and not self.said.get("title"):
            self.draft.columns["title"] = parts.title[:30]

    def tax_id(self, key: str, value: Any) -> None:
        country = self.country_of_tax_id() or self.country
        text = self.words(value, 30)
        if not text:
            self.draft.columns |= {"tax_id": "", "tax_country": "", "has_valid_tax_id": None}
            return
        checked = taxids.check(country, text)
        self.draft.columns |= {
            "tax_id": checked.value[:30],
            "tax_country": country if is_code(country) else "",
            "has_valid_tax_id": checked.is_valid,
        }

    def country_of_tax_id(self) -> str:
        """What was said of it; nothing where that cannot be read, which is told where it stands."""
        try:
            return self.words(self.said.get("tax_country"), 2).upper()
        except (_Refused, Invalid):
            return ""

    def tax_country(self, key: str, value: Any) -> None:
        """Refused where it is no code; what it means is read together with the tax id."""
        if len(self.words(value, _MOST_UNREAD)) > 2:
            raise _Refused(_("A country is two letters (ISO 3166), such as ES or MX."))

    def day(self, key: str, value: Any) -> None:
        if value in (None, ""):
            self.draft.columns[key] = None
            return
        try:
            day = value if isinstance(value, date) else date.fromisoformat(self.words(value, 10))
        except ValueError as error:
            raise _Refused(_("This is not a date: write it as 1980-02-14.")) from error
        if not date(1850, 1, 1) <= day <= timezone.localdate():
            raise _Refused(_("This date cannot be right: it lies before 1850 or in the future."))
        self.draft.columns[key] = day

    def language(self, key: str, value: Any) -> None:
        text = self.words(value, _MOST_UNREAD).lower()
        if text and not re.fullmatch(r"[a-z]{2}(-[a-z]{2})?", text):
            raise _Refused(_("This is not a language code such as es or en."))
        self.draft.columns[key] = text

    def lifecycle(self, key: str, value: Any) -> None:
        self.choice(key, value or Party.Lifecycle.CONTACT, Party.Lifecycle.values)

    def form_of_address(self, key: str, value: Any) -> None:
        self.choice(key, value or "", ["", *Party.Address.values])

    def choice(self, key: str, value: Any, known: list[str]) -> None:
        if value not in known:
            raise _Refused(_("Choose one of: %s.") % ", ".join(filter(None, known)))
        self.draft.columns[key] = value

    def tags(self, key: str, value: Any) -> None:
        if isinstance(value, str):
            value = value.split(",")
        if not isinstance(value, list) or len(value) > MOST_TAGS:
            raise _Refused(_("This must be a list of at most %d tags.") % MOST_TAGS)
        tags = [self.words(tag, 50) for tag in value]
        self.draft.columns[key] = list(dict.fromkeys(filter(None, tags)))

    def custom(self, key: str, value: Any) -> None:
        read, refused = noted.read(value, self.own)
        self.refused |= refused
        self.draft.columns[key] = read

    def whole(self, key: str, value: Any) -> None:
        if value in (None, ""):
            self.draft.columns[key] = None
            return
        most = 32_767 if key == "founded" else 2_000_000_000
        text = str(value).strip()
        if (
            isinstance(value, bool)
            or not text.isascii()
            or not text.isdigit()
            or int(text[:12]) > most
        ):
            raise _Refused(_("This must be a whole number."))
        self.draft.columns[key] = int(text)

    def amount(self, key: str, value: Any) -> None:
        if value in (None, ""):
            self.draft.columns[key] = None
            return
        try:
            amount = Decimal(str(value)[:40]) if not isinstance(value, bool) else Decimal("NaN")
        except InvalidOperation as error:
            raise _Refused(_("This must be a number.")) from error
        if not amount.is_finite() or abs(amount) >= Decimal(10) ** 15:
            raise _Refused(_("This must be a number."))
        self.draft.columns[key] = str(round(amount, 2))

    def points(self, key: str, value: Any) -> None:
        kind = POINT_KINDS[key]
        if key == "website" and not isinstance(value, list):
            value = [value] if value else []
        if not isinstance(value, list) or len(value) > MOST_POINTS:
            raise _Refused(_("This must be a list of at most %d entries.") % MOST_POINTS)
        found: dict[str, dict[str, Any]] = {}
        for entry in filter(None, value):
            point = self.point(kind, entry if isinstance(entry, dict) else {"value": entry})
            if point:
                found.setdefault(point["value"], point)
        points = list(found.values())
        if points:
            first = next((p for p in points if p["is_primary"]), points[0])
            for position, point in enumerate(points):
                point |= {"is_primary": point is first, "position": position}
        self.draft.points[kind] = points

    def point(self, kind: str, entry: dict[str, Any]) -> dict[str, Any] | None:
        if not entry.keys() <= _IN_POINT:
            raise _Refused(_("An entry has a value, a label and whether it is primary."))
        value = self.words(entry.get("value"), 320)
        if not value:
            return None
        label = "" if entry.get("label") == "" else self.words(entry.get("label"), MOST_LABEL)
        if kind in (Point.Kind.PHONE, Point.Kind.FAX):
            label = _with_extension(label, value, self.country)
        return {
            "kind": kind,
            "value": self.normal(kind, value),
            "label": label,
            "is_primary": _is_primary(entry),
        }

    def normal(self, kind: str, value: str) -> str:
        if kind == Point.Kind.EMAIL:
            return emails.normalise(value)
        if kind in (Point.Kind.PHONE, Point.Kind.FAX):
            return _phone(value, self.country)
        if kind == Point.Kind.WEB:
            return _web(value)
        if len(value) > 254:
            raise _Refused(_("This is too long: at most %d characters.") % 254)
        return value

    def addresses(self, key: str, value: Any) -> None:
        if not isinstance(value, list) or len(value) > MOST_POINTS:
            raise _Refused(_("This must be a list of at most %d entries.") % MOST_POINTS)
        found = [self.address(entry) for entry in value]
        kept = [entry for entry in found if any(entry[name] for name in ADDRESS_FIELDS)]
        if kept:
            first = next((entry for entry in kept if entry["is_primary"]), kept[0])
            for position, entry in enumerate(kept):
                entry |= {"is_primary": entry is first, "position": position}
        self.draft.addresses = kept

    def address(self, entry: Any) -> dict[str, Any]:
        if not isinstance(entry, dict) or not entry.keys() <= _IN_ADDRESS:
            raise _Refused(
                _("An address has: %s.") % ", ".join([*ADDRESS_FIELDS, "country", "primary"])
            )
        country = self.words(entry.get("country"), _MOST_UNREAD).upper()
        if country and not is_code(country):
            raise _Refused(_("A country is two letters, such as ES or MX."))
        said = {
            name: self.words(text, ADDRESS_FIELDS[name])
            for name, text in entry.items()
            if name in ADDRESS_FIELDS
        }
        primary = _is_primary(entry)
        return {**_NOWHERE, **said, "country": country, "is_primary": primary}


def _is_primary(entry: Mapping[str, Any]) -> bool:
    """Whether an entry is said to be the first one to try."""
    said = entry.get("primary")
    if said is not None and not isinstance(said, bool):
        raise _Refused(_("“primary” is true or false."))
    return bool(said)


def _with_extension(label: str, value: str, country: str) -> str:
    """The label of a number, with the extension: E.164 has no place for it, and it is not lost."""
    tail = f"ext. {phones.extension_in(value, country)}"
    if tail == "ext. " or label.endswith(tail):
        return label
    return f"{label[: MOST_LABEL - len(tail) - 1]} {tail}".strip()


def _phone(value: str, country: str) -> str:
    """A number in E.164 where it can be one; else as it was written, if it has digits at all."""
    phone = phones.parse(value, country)
    if phone is not None:
        return phone.e164
    if len(value) > 40 or not any(letter.isdigit() for letter in value):
        raise _Refused(_("This is not a phone number."))
    return value


def named(key: object) -> str:
    """A key as an answer can name it, whatever somebody sent."""
    return str(key).encode("utf-8", "replace").decode()[:60]


def _web(value: str) -> str:
    """A web address with its scheme; only http and https ever become links."""
    text = value if re.match(r"https?://", value, re.IGNORECASE) else f"https://{value}"
    host = re.match(
        r"https?://([^\s/?#@:[\]]+\.[^\s/?#@:[\]]+)(:\d{1,5})?([/?#]\S*)?$", text, re.IGNORECASE
    )
    if host is None or len(text) > 254:
        raise _Refused(_("This is not a web address such as www.example.com."))
    return text
