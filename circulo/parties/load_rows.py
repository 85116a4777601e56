"""Rows of a table and cards of an address book, read as parties; no row asks the database."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from circulo.lib import countries, ids, names, postal
from circulo.lib.errors import Invalid, Text
from circulo.lib.readers import values
from circulo.lib.readers.cards import Card
from circulo.lib.text import salvage
from circulo.parties.drafts import ADDRESS_FIELDS, Draft, read
from circulo.parties.load_cards import left_over, moved_to_notes, told_by
from circulo.parties.load_words import ADDRESSED, KINDS, LABELS, LANGUAGES, LIFECYCLES
from circulo.parties.models import RESOURCES, Party, PartyKind
from circulo.records.load_types import RefusedRow, Said, Task
from circulo.records.mapping import folded
from circulo.records.models import OWN
from circulo.records.own.cells import CellReader
from circulo.records.own.definitions import defined

MOST_NOTES = 20_000
_REGIONAL = re.compile(r"[a-z]{2}-[a-z]{2}")
_SEVERAL = re.compile(r"[;|\n]| / | ::: ")
_POINTS = ("emails", "phones", "faxes", "social", "website")
_OTHER_KIND = {
    PartyKind.PERSON: gettext_lazy("This is a person: bring it in with the contacts."),
    PartyKind.ORGANISATION: gettext_lazy("This is a company: bring it in with the companies."),
}
_ADDRESS = ("street", "unit", "district", "postal_code", "city", "region", "country", "location")


@dataclass
class PartyRow:
    """What one row says of a party, with all that tells whether it is there already.

    The `remark` says what of it was not taken over; what is `left_over` is noted of a new party,
    and of one that is there nobody's notes are touched for it.
    """

    draft: Draft
    key: int | None = None
    remark: str = ""
    left_over: str = ""
    company: str = ""
    tax_id: str = ""
    emails: list[str] = field(default_factory=list)
    phones: list[str] = field(default_factory=list)
    sort_key: str = ""

    def note_what_is_left(self) -> None:
        """Put what has no place of its own into the notes."""
        if self.left_over:
            said = filter(None, (self.draft.columns.get("notes", ""), self.left_over))
            notes = salvage("\n".join(said), limit=MOST_NOTES, lines=True)
            self.draft.columns["notes"] = notes


class RowReader:
    """Reads rows and cards of one load."""

    def __init__(self, kind: str, task: Task, owners: Mapping[str, int]) -> None:
        self.kind = kind
        self.task = task
        self.owners = owners
        resource = RESOURCES[PartyKind(kind)]
        self.own = defined(resource)
        people = {name: ids.encode("user", key) for name, key in owners.items()}
        self.own_cells = CellReader(self.own, task, people)
        self.hidden = task.by.hidden_fields(resource) if task.by else frozenset()
        self.words = {
            "lifecycle": LIFECYCLES | _choices(Party.Lifecycle.choices),
            "form_of_address": ADDRESSED | _choices(Party.Address.choices),
        }
        self.cells: dict[str, Callable[[str], Any]] = {
            "birthday": lambda cell: values.day(cell, task.date_order),
            "size": lambda cell: values.whole(cell, task.decimal),
            "founded": lambda cell: values.whole(cell, task.decimal),
            "annual_revenue": self._amount,
            "language": _language,
            "lifecycle": lambda cell: self.words["lifecycle"].get(folded(cell), cell),
            "form_of_address": lambda cell: self.words["form_of_address"].get(folded(cell), cell),
            "tags": values.words,
        }

    def row(self, said: Said) -> PartyRow:
        """The party of a table's row. A blank cell says nothing.

        Invalid tells of every column that cannot be read, and not of the first alone.
        """
        refused: dict[str, Text] = {}
        told = self._told_of_all(said, refused)
        if "surnames" in said:
            told |= self._surnames(said)
        if "middle_name" in said and told.get("given_name"):
            told["given_name"] += f" {_one(said, 'middle_name')}"
        addresses = _addresses(said)
        if addresses:
            self._gather(
                refused, told, "addresses", lambda: [self._address(one) for one in addresses]
            )
        own = {name: said[name][0][0] for name in said if name.startswith(OWN)}
        if own:
            told["custom"] = self._own(own, refused)
        known: dict[str, Any] = {}
        self._gather(refused, known, "id", lambda: self._key(said))
        self._gather(refused, known, "kind", lambda: self._refuse_other_kind(_one(said, "kind")))
        try:
            row = self._made(told, _one(said, "company") or _one(said, "parent"))
        except Invalid as invalid:
            raise Invalid(refused | invalid.fields) from invalid
        if refused:
            raise Invalid(refused)
        row.key = known["id"]
        self._own_it(row, _one(said, "owner"))
        return row

    def _told_of_all(self, said: Said, refused: dict[str, Text]) -> dict[str, Any]:
        """What the cells of all fields tell that stand for themselves."""
        told: dict[str, Any] = {}
        for name in said:
            if name not in _APART and not name.startswith(OWN):
                try:
                    value = self._told(name, said)
                    if value not in (None, []):
                        told[name] = value
                except Invalid as invalid:
                    refused |= invalid.fields
        return told

    def _gather(
        self, refused: dict[str, Text], told: dict[str, Any], name: str, read: Callable[[], Any]
    ) -> None:
        """Keep what is read, or why it cannot be."""
        try:
            told[name] = read()
        except Invalid as invalid:
            refused |= invalid.fields

    def _own(self, cells: Mapping[str, str], refused: dict[str, Text]) -> dict[str, Any]:
        """What the cells of own fields say, but for those that the role does not see."""
        read: dict[str, Any] = {}
        for name, cell in cells.items():
            key = name.removeprefix(OWN)
            if key in self.own.stored and name not in self.hidden:
                try:
                    read[key] = self.own_cells.read(key, cell)
                except Invalid as invalid:
                    refused[name] = invalid.fields[""]
        return read

    def _told(self, name: str, said: Said) -> Any:
        """What the cells of one field tell."""
        cells = said[name]
        if name in _POINTS:
            points = self._points(cells, said.get(f"{name}_labels", ()))
            return points[0]["value"] if name == "website" else points
        if name == "tags":
            tags = [tag for cell, _label in cells for tag in values.words(cell)]
            return [tag for tag in tags if not tag.startswith("* ")]  # groups of Google's own
        if name == "notes":
            return "\n".join(cell for cell, _label in cells)
        return self._read(name, cells[0][0]) if name in self.cells else cells[0][0]

    def card(self, card: Card) -> PartyRow:
        """The party of a card; what cannot be read of it stands in the notes."""
        if self.kind == PartyKind.PERSON and card.is_organisation:
            raise RefusedRow(_OTHER_KIND[PartyKind.ORGANISATION])
        told = told_by(card, self.kind, self.task.country)
        notes = [card.note] if card.note else []
        for _attempt in range(6):
            about = salvage("\n".join(notes), limit=MOST_NOTES, lines=True)
            try:
                row = self._made(told | ({"notes": about} if about else {}), card.organisation)
                row.left_over = "" if "notes" in self.hidden else "\n".join(left_over(card))
                return row
            except Invalid as invalid:
                notes += moved_to_notes(told, invalid)
        raise RefusedRow(_("This card cannot be read."))

    def _made(self, told: dict[str, Any], company: str) -> PartyRow:
        if self.kind == PartyKind.ORGANISATION and told.get("name") == company:
            company = ""
        if self.hidden:
            told = {name: value for name, value in told.items() if name not in self.hidden}
        draft = read(told, self.kind, country=self.task.country, partial=True, own=self.own)
        if draft.addresses == [] and told["addresses"][:1] and told["addresses"][0].get("country"):
            draft.addresses = [_bare_country(told["addresses"][0]["country"])]
        row = PartyRow(draft, company=company.strip()[:200])
        row.tax_id = draft.columns.get("tax_id", "")
        row.emails = [point["value"] for point in draft.points.get("email", ())]
        row.phones = [point["value"] for point in draft.points.get("phone", ())]
        row.sort_key = _sort_key(draft)
        return row

    def _key(self, said: Said) -> int | None:
        written = _one(said, "id")
        key = ids.decode("party", written) if written else None
        if written and key is None:
            raise Invalid({"id": _("“%s” is not an identifier of ours.") % written[:30]})
        return key

    def _own_it(self, row: PartyRow, written: str) -> None:
        """Give it to whom the row names, where somebody of that name works here."""
        owner = self.owners.get(written.lower()) or self.owners.get(folded(written))
        if owner:
            row.draft.columns["owner_id"] = owner
        elif written:
            row.remark = (
                _("Nobody called “%s” works here: the owner was not taken over.") % written[:60]
            )

    def _refuse_other_kind(self, written: str) -> None:
        """Some programs keep people and companies in one table."""
        kind = KINDS.get(folded(written), self.kind)
        if kind != self.kind:
            raise Invalid({"kind": str(_OTHER_KIND[PartyKind(kind)])})

    def _read(self, name: str, cell: str) -> Any:
        try:
            return self.cells[name](cell)
        except values.Refused as refused:
            raise Invalid({name: str(refused)}) from refused

    def _amount(self, cell: str) -> str:
        found = values.money(cell, self.task.decimal)
        return str(found[0]) if found else ""

    def _points(
        self, cells: Sequence[tuple[str, str]], labels: Sequence[tuple[str, str]]
    ) -> list[dict[str, str]]:
        """Every value in the cells, with the label of its column or of the column of labels."""
        written = labels[0][0].split(";") if labels else []
        found: list[dict[str, str]] = []
        for cell, label in cells:
            for value in _SEVERAL.split(cell) if _SEVERAL.search(cell) else (cell,):
                if value.strip():
                    at = len(found)
                    said = label or (written[at].strip() if at < len(written) else "")
                    found.append({"value": value.strip(), "label": _label(said)})
        return found

    def _surnames(self, said: Said) -> dict[str, str]:
        """Surnames that stand together, parted as is usual in the country."""
        surnames = " ".join(_one(said, "surnames").split())
        parts = names.split(f"{surnames}, x", self.task.country)
        second = _one(said, "second_surname")
        if second:
            return {"first_surname": surnames, "second_surname": second}
        return {"first_surname": parts.first_surname, "second_surname": parts.second_surname}

    def _address(self, parts: dict[str, str]) -> dict[str, str]:
        location = parts.pop("location", "")
        if location:
            is_country = bool(countries.find(location))
            parts.setdefault("country" if is_country else "city", location)
        country = parts.get("country", "")
        if country:
            code = countries.find(country)
            if not code:
                raise Invalid({"country": _("“%s” is not a country we know.") % country[:60]})
            parts["country"] = code
        self._place(parts)
        if "street" in parts:
            parts["street"] = " ".join(parts["street"].split())
        return parts

    def _place(self, parts: dict[str, str]) -> None:
        """Write the post code as its country does; an address without a country whose code is one
        of ours lies in the country of the house: no list of customers at home names it."""
        home, country = self.task.country, parts.get("country", "")
        code = postal.normal_postcode(country or home, parts.get("postal_code", ""))
        if code:
            parts["postal_code"] = code
            if not country and postal.is_written_as_in(home, code):
                parts["country"] = home


_APART = frozenset(
    ("id", "kind", "middle_name", "surnames", "company", "parent", "owner", "emails_labels",
     "phones_labels", *_ADDRESS)
)  # fmt: skip


def _addresses(said: Said) -> list[dict[str, str]]:
    """The parts of each address of a row: those of one label make one."""
    found: dict[str, dict[str, str]] = {}
    for name in _ADDRESS:
        for cell, label in said.get(name, ()):
            found.setdefault(label, {"label": label} if label else {}).setdefault(name, cell)
    return list(found.values())


def _label(written: str) -> str:
    """A label as we write it; what Google marks with a star is the same."""
    label = written.removeprefix("* ")
    return LABELS.get(folded(label), label)


def _bare_country(code: str) -> dict[str, Any]:
    """An address of which no more than the country is known."""
    blank: dict[str, Any] = dict.fromkeys(ADDRESS_FIELDS, "")
    return blank | {"country": code, "is_primary": True, "position": 0}


def _one(said: Said, name: str) -> str:
    return said[name][0][0] if name in said else ""


def _sort_key(draft: Draft) -> str:
    """The key that lists sort by and that names are compared by, as the database makes it."""
    columns = draft.columns
    trade = columns.get("trade_name", "")
    parts = (columns.get(name, "") for name in ("first_surname", "second_surname", "given_name"))
    key = trade or "\t".join(parts)
    return names.sort_key(key) if key.strip() else ""


def _choices(pairs: Sequence[tuple[str, str | Promise]]) -> dict[str, str]:
    """The value of a choice by what it is called in every language of ours."""
    known = {folded(value): value for value, _label in pairs}
    for language in ("es", "en"):
        with override(language):
            known |= {folded(str(label)): value for value, label in pairs}
    return known


def _language(cell: str) -> str:
    """The code of a language: with its region as we write it (`es-mx`), without the one that
    programs have of the machine's settings (`es_ES`).
    """
    bare = folded(cell).replace(" ", "-")
    if _REGIONAL.fullmatch(code := cell.strip().lower()):
        return code
    return LANGUAGES.get(bare, bare[:2] if _REGIONAL.fullmatch(bare) else bare)
