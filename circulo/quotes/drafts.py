"""What somebody says of a quote, read into the columns that say the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from circulo.accounts.models import User
from circulo.accounts.selectors import day_of_the_firm
from circulo.catalog.lines import Wanted, read_lines
from circulo.catalog.selectors.pricing import is_usable
from circulo.catalog.selectors.taxes import known_withholdings
from circulo.lib import ids, money
from circulo.lib.errors import Invalid, Text
from circulo.lib.text import clean
from circulo.parties.models import Party, PartyKind
from circulo.quotes.models import Quote
from circulo.quotes.models.quotes import LANGUAGES
from circulo.records.own import noted
from circulo.records.own.definitions import defined
from circulo.records.own.said import read_own
from circulo.records.rest import reading
from circulo.sales.models import Deal

LENGTHS = {"title": 200, "coupon": 40, "withholding": 30}
TEXTS = {"addressee": 1_000, "introduction": 5_000, "terms": 20_000}
LONGEST = timedelta(days=3650)
FIELDS = (*LENGTHS, *TEXTS, "party", "contact", "deal", "language", "currency", "valid_until",
          "owner", "lines", "custom")  # fmt: skip


@dataclass
class Draft:
    """What is to be kept of a quote: its columns, and its lines where they were said.

    `lines_seen` is the stamp of the lines that somebody had before them who wrote these, if known.
    """

    columns: dict[str, Any] = field(default_factory=dict)
    lines: list[Wanted] | None = None
    lines_seen: str = ""

    @property
    def names_own_alone(self) -> bool:
        """Whether it says nothing but own fields, which are no part of what is offered."""
        return self.lines is None and set(self.columns) <= {"custom"}


def read(said: Mapping[str, Any], *, by: User, quote: Quote | None = None) -> Draft:
    """What was said, as a draft; for a `quote` that is there only what changes of it."""
    reader = _Reader(by, quote)
    for name, value in said.items():
        reader.take(name, value)
    if quote is None:
        reader.complete()
    if reader.refused:
        raise Invalid(reader.refused)
    return reader.draft


class _Reader:
    """Reads one thing after the other, and collects what is refused."""

    def __init__(self, by: User, quote: Quote | None) -> None:
        self.by, self.quote = by, quote
        self.draft = Draft()
        self.refused: dict[str, Text] = {}
        self.readers: dict[str, Callable[[Any], Any]] = {
            **{name: self._line(name, most) for name, most in LENGTHS.items()},
            "coupon": self._coupon,
            "withholding": self._withholding,
            **{name: self._text(most) for name, most in TEXTS.items()},
            "party": self._party,
            "contact": self._contact,
            "deal": self._deal,
            "language": _language,
            "currency": money.currency_of,
            "valid_until": _valid_until,
            "owner": self._owner,
            "custom": self._custom,
        }

    def take(self, name: str, value: Any) -> None:
        """Read one value by its name."""
        try:
            if name == "lines" and self.by.may("products", "view"):
                self.draft.lines = read_lines(value, kept=self._products())
            elif name in self.readers:
                column = f"{name}_id" if name in ("party", "contact", "deal", "owner") else name
                self.draft.columns[column] = self.readers[name](value)
            else:
                self.refused[reading.shown(str(name))] = _("There is no such field here.")
        except Invalid as invalid:
            if name == "custom":
                self.refused |= invalid.fields
            else:
                self.refused[name] = next(iter(invalid.fields.values()))

    def _products(self) -> set[int]:
        """What it offers already: that may go on where it is no longer sold."""
        return set(self.quote.lines.values_list("product_id", flat=True)) if self.quote else set()

    def complete(self) -> None:
        """A new quote has its own fields."""
        try:
            noted.complete(self.draft.columns, defined("quotes"))
        except Invalid as invalid:
            self.refused |= invalid.fields

    def _line(self, name: str, most: int) -> Callable[[Any], str]:
        def read(value: Any) -> str:
            text = clean(reading.word(value or ""), limit=most)
            if name == "title" and not text:
                raise Invalid({"": _("Say in a few words what is offered.")})
            return text

        return read

    def _text(self, most: int) -> Callable[[Any], str]:
        return lambda value: clean(reading.word(value or ""), limit=most, lines=True)

    def _coupon(self, value: Any) -> str:
        code = self._line("coupon", LENGTHS["coupon"])(value)
        kept = self.quote.coupon if self.quote else ""
        if code and code != kept and not is_usable(code):
            raise Invalid({"": _("No coupon “%s” can be used today.") % code})
        return code

    def _withholding(self, value: Any) -> str:
        key = self._line("withholding", LENGTHS["withholding"])(value)
        kept = self.quote.withholding if self.quote else ""
        known = known_withholdings() if key and key != kept else {}
        if key and key != kept and key not in known:
            raise Invalid({"": _("Choose one of: %s.") % ", ".join(known)})
        return key

    def _party(self, value: Any) -> int | None:
        return self._linked(value, self.quote.party_id if self.quote else None)

    def _contact(self, value: Any) -> int | None:
        key = self._linked(value, self.quote.contact_id if self.quote else None)
        if key and not Party.objects.filter(pk=key, kind=PartyKind.PERSON).exists():
            raise Invalid({"": _("A quote is for the attention of a person.")})
        return key

    def _linked(self, value: Any, kept: int | None) -> int | None:
        if value in (None, ""):
            return None
        key = _key("party", value)
        if key != kept and not Party.objects.visible_to(self.by).filter(pk=key).exists():
            raise Invalid({"": _("There is no such record.")})
        return key

    def _deal(self, value: Any) -> int | None:
        if value in (None, ""):
            return None
        key = _key("deal", value)
        kept = self.quote.deal_id if self.quote else None
        if key != kept and not Deal.objects.visible_to(self.by, "edit").filter(pk=key).exists():
            raise Invalid({"": _("There is no such record.")})
        return key

    def _custom(self, value: Any) -> dict[str, Any]:
        record = ("quote", self.quote.pk if self.quote else 0)
        return read_own("quotes", value, by=self.by, record=record)

    def _owner(self, value: Any) -> int:
        key = _key("user", value)
        if key == (self.quote.owner_id if self.quote else self.by.pk):
            return key
        owner = User.objects.select_related("team").filter(pk=key, is_active=True).first()
        if owner is None or not self.by.may_give("quotes", owner):
            raise Invalid({"": _("There is no such person whom you could give this to.")})
        return owner.pk


def _language(value: Any) -> str:
    known = dict(LANGUAGES)
    if not isinstance(value, str) or value not in known:
        raise Invalid({"": _("Choose one of: %s.") % ", ".join(known)})
    return value


def _valid_until(value: Any) -> date:
    found = value if isinstance(value, date) else reading.day(value)
    today = day_of_the_firm()
    if found is None or not today <= found <= today + LONGEST:
        raise Invalid({"": _("A quote holds until today at least, and ten years at most.")})
    return found


def _key(kind: str, value: Any) -> int:
    """The key behind an identifier; one of no record where it is none of this kind."""
    return (ids.decode(kind, value) if isinstance(value, str) else None) or 0
