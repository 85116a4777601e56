"""What somebody says of a product (a form, a call of the API, a row of a file), read into a draft.

A draft names only what was said. Other products are meant by identifier, code or name; the actions
find them, all of a set at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from circulo.catalog.models import Product, ProductNote, ProductTie, TaxClass
from circulo.lib import format as fmt
from circulo.lib import money
from circulo.lib.decimals import decimal_of
from circulo.lib.errors import Invalid, Text
from circulo.lib.text import clean
from circulo.records.own import noted
from circulo.records.own.definitions import Defined, defined

MOST_NOTES, MOST_TIES, MOST_ITEMS, MOST_ATTRIBUTES = 100, 100, 100, 30
MOST_OF_ONE = 1_000_000_000
LANGUAGES = ("es", "en")
_LIMITS = {"code": 60, "name": 200, "unit": 30, "family": 100}


@dataclass
class Draft:
    """What was said of a product, in normal values; None where nothing was said of a part.

    `called` says by language what it is called there, and leaves its other translations.
    """

    columns: dict[str, Any] = field(default_factory=dict)
    called: dict[str, str] = field(default_factory=dict)
    variant_of: str | None = None
    items: list[tuple[str, Decimal]] | None = None
    notes: list[dict[str, Any]] | None = None
    ties: list[tuple[str, str]] | None = None

    def lay_over(self, later: Draft) -> None:
        """What a later draft says of the same product counts, value by value."""
        custom = self.columns.get("custom", {}) | later.columns.get("custom", {})
        self.columns |= later.columns | ({"custom": custom} if custom else {})
        self.called |= later.called

    @property
    def named(self) -> list[str]:
        """The other products that it speaks of, as they were written."""
        return [
            *filter(None, [self.variant_of]),
            *(name for name, _quantity in self.items or ()),
            *(name for _kind, name in self.ties or ()),
        ]


def read(
    said: Mapping[str, Any], *, currency: str, partial: bool = False, own: Defined | None = None
) -> Draft:
    """The draft of what was said; `partial` for a change. Costs without a currency are in this."""
    own = own if own is not None else defined("products")
    reader = _Reader(currency, own)
    for name, value in said.items():
        reader.take(name, value)
    draft = reader.draft
    if not partial and not draft.columns.get("name") and "name" not in reader.refused:
        reader.refused["name"] = _("This is needed.")
    if reader.refused:
        raise Invalid(reader.refused)
    if not partial:
        noted.complete(draft.columns, own)
    return draft


class _Reader:
    """Reads one mapping, collecting what it refuses."""

    def __init__(self, currency: str, own: Defined) -> None:
        self.currency, self.own = currency, own
        self.draft = Draft()
        self.refused: dict[str, Text] = {}

    def take(self, name: str, value: Any) -> None:
        """Read one value by its name."""
        reader = _READERS.get(name)
        if reader is None:
            shown = name.encode("utf-8", "replace").decode()[:60]
            self.refused[shown] = _("There is no such field here.")
            return
        try:
            reader(self, name, value)
        except Invalid as invalid:
            self.refused[name] = next(iter(invalid.fields.values()))

    def line(self, name: str, value: Any) -> None:
        self.draft.columns[name] = words(value, _LIMITS[name])
        if name == "name" and not self.draft.columns[name]:
            raise Invalid({"": _("This is needed.")})

    def description(self, name: str, value: Any) -> None:
        self.draft.columns[name] = words(value, 10_000, lines=True)

    def chosen(self, name: str, value: Any) -> None:
        known = Product.Kind.values if name == "kind" else TaxClass.values
        self.draft.columns[name] = choice(value, known)

    def flag(self, name: str, value: Any) -> None:
        if not isinstance(value, bool):
            raise Invalid({"": _("This must be true or false.")})
        self.draft.columns[name] = value

    def cost(self, name: str, value: Any) -> None:
        amount, currency = None, ""
        if value not in (None, ""):
            amount, currency = money.read(value, self.currency)
            refuse_negative(amount)
        self.draft.columns |= {"cost": amount, "cost_currency": currency}

    def translations(self, name: str, value: Any) -> None:
        if not isinstance(value, Mapping) or set(value) - set(LANGUAGES):
            raise Invalid({"": _("Give what it is called by language: es, en.")})
        found: dict[str, dict[str, str]] = {}
        for language, told in value.items():
            if not isinstance(told, Mapping) or set(told) - {"name", "description"}:
                raise Invalid({"": _("A translation has a name and a description.")})
            texts = {
                "name": words(told.get("name") or "", 200),
                "description": words(told.get("description") or "", 10_000, lines=True),
            }
            if any(texts.values()):
                found[language] = {key: text for key, text in texts.items() if text}
        self.draft.columns[name] = found

    def attributes(self, name: str, value: Any) -> None:
        if not isinstance(value, Mapping) or len(value) > MOST_ATTRIBUTES:
            raise Invalid({"": _("Attributes are names with their values, such as Size: XL.")})
        read = {words(key, 60): words(told, 120) for key, told in value.items()}
        self.draft.columns[name] = {key: told for key, told in read.items() if key and told}

    def custom(self, name: str, value: Any) -> None:
        read, refused = noted.read(value, self.own)
        self.refused |= refused
        self.draft.columns[name] = read

    def variant_of(self, name: str, value: Any) -> None:
        self.draft.variant_of = words(value or "", 200)

    def items(self, name: str, value: Any) -> None:
        self.draft.items = [
            (words(one["product"], 200), quantity(one.get("quantity", 1)))
            for one in members(value, {"product", "quantity"}, "product", MOST_ITEMS)
        ]

    def notes(self, name: str, value: Any) -> None:
        known = {"kind", "language", "text", "answer"}
        self.draft.notes = [self._note(one) for one in members(value, known, "text", MOST_NOTES)]

    def _note(self, one: Mapping[str, Any]) -> dict[str, Any]:
        note = {
            "kind": choice(one.get("kind", "note"), ProductNote.Kind.values),
            "language": choice(one.get("language") or "", ("", *LANGUAGES)),
            "text": words(one["text"], 500),
            "answer": words(one.get("answer") or "", 10_000, lines=True),
        }
        if note["kind"] == "objection" and not note["answer"]:
            raise Invalid({"": _("Say what is answered to “%s”.") % note["text"][:60]})
        if note["kind"] in ("benefit", "note") and note["answer"]:
            raise Invalid({"": _("Only objections and competitors have an answer.")})
        return note

    def ties(self, name: str, value: Any) -> None:
        found = [
            (choice(one.get("kind", "compatible"), ProductTie.Kind.values),
             words(one["product"], 200))
            for one in members(value, {"kind", "product"}, "product", MOST_TIES)
        ]  # fmt: skip
        self.draft.ties = list(dict.fromkeys(found))


_READERS: dict[str, Callable[[_Reader, str, Any], None]] = {
    **dict.fromkeys(("code", "name", "unit", "family"), _Reader.line),
    **dict.fromkeys(("kind", "tax_class"), _Reader.chosen),
    "description": _Reader.description,
    "is_active": _Reader.flag,
    "cost": _Reader.cost,
    "translations": _Reader.translations,
    "attributes": _Reader.attributes,
    "custom": _Reader.custom,
    "variant_of": _Reader.variant_of,
    "items": _Reader.items,
    "notes": _Reader.notes,
    "ties": _Reader.ties,
}
SAID = frozenset(_READERS)


def words(value: Any, limit: int, *, lines: bool = False) -> str:
    """A text; Invalid where it is none."""
    if not isinstance(value, str):
        raise Invalid({"": _("This must be text.")})
    return clean(value, limit=limit, lines=lines)


def choice(value: Any, known: Any) -> str:
    """One of the words that are known."""
    if not isinstance(value, str) or value not in known:
        raise Invalid({"": _("Choose one of: %s.") % ", ".join(filter(None, known))})
    return value


def quantity(value: Any) -> Decimal:
    """More than nothing, in thousandths at most."""
    number = decimal_of(value)
    if number >= MOST_OF_ONE:
        raise Invalid({"": _("This quantity is too large: it must be below %s.")
                       % fmt.number(MOST_OF_ONE)})  # fmt: skip
    if number <= 0 or number != round(number, 3):
        raise Invalid({"": _("A quantity is more than 0 and has at most 3 decimals.")})
    return number


def refuse_negative(amount: Decimal) -> None:
    """Invalid for an amount below zero, or larger than is kept."""
    if not 0 <= amount < 100_000_000_000_000:
        raise Invalid({"": _("An amount cannot be negative.")})


def members(value: Any, known: set[str], needed: str, most: int) -> list[Mapping[str, Any]]:
    """A list of objects with these keys."""
    if not isinstance(value, list) or len(value) > most:
        raise Invalid({"": _("This must be a list of at most %d.") % most})
    for one in value:
        if not isinstance(one, Mapping) or set(one) - known or not one.get(needed):
            raise Invalid({"": _("Each needs %(needed)s, and may have: %(known)s.")
                           % {"needed": needed, "known": ", ".join(sorted(known))}})  # fmt: skip
    return value
