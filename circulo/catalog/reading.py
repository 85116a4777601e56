"""What somebody says of lists, rules and rates, read into the values of their columns.

Forms give days and numbers, other programs texts: both are read here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from circulo.accounts.models import User
from circulo.catalog.drafts import choice, quantity, refuse_negative, words
from circulo.catalog.models import PriceRule, TaxClass
from circulo.lib import money
from circulo.lib.decimals import decimal_of
from circulo.lib.errors import Invalid, Text
from circulo.lib.text import slug
from circulo.records import criteria
from circulo.records.resources import resource
from circulo.records.rest import reading

Read = Callable[[Any], Any]
MOST_RANK, MOST_USES = 1000, 1_000_000
FIRST_YEAR, LAST_YEAR = 1900, 2999


def read_list(said: Mapping[str, Any], *, by: User | None) -> dict[str, Any]:
    """The columns of a price list that were said."""
    readers: dict[str, Read] = {
        "name": needed(100), "currency": money.currency_of, "includes_tax": reading.flag,
        "is_default": reading.flag, "is_active": reading.flag, "rank": rank,
        "starts_on": day, "ends_on": day, **criteria_readers(by),
    }  # fmt: skip
    return read(said, readers)


def read_rule(said: Mapping[str, Any], one: PriceRule, *, by: User | None) -> dict[str, Any]:
    """The columns of a price rule that were said; product, contact and coupon as they were written.

    An amount without a currency is in that of the rule, and a rule without one takes that of its
    amounts.
    """
    currency = _currency_of_rule(said, one)
    is_percent = said.get("kind", one.kind) == PriceRule.Kind.PERCENT
    plain = decimal_of if is_percent else partial(amount, currency=currency)
    if currency and not said.get("currency") and not one.currency:
        said = {**said, "currency": currency}
    readers: dict[str, Read] = {
        "name": needed(100), "kind": lambda v: choice(v, PriceRule.Kind.values),
        "value": lambda v: optional(v, plain), "nth": lambda v: optional(v, nth),
        "currency": lambda v: money.currency_of(v) if v else "",
        "product": lambda v: words(v or "", 200), "family": lambda v: words(v or "", 100),
        "party": lambda v: words(v or "", 10), "coupon": lambda v: words(v or "", 40),
        "from_quantity": lambda v: optional(v, quantity),
        "from_amount": lambda v: optional(v, partial(amount, currency=currency)), "rank": rank,
        "is_combinable": reading.flag, "is_active": reading.flag,
        "starts_on": day, "ends_on": day, **criteria_readers(by),
    }  # fmt: skip
    return read(said, readers)


def _currency_of_rule(said: Mapping[str, Any], one: PriceRule) -> str:
    """The currency that the amounts of a rule are in; empty where nobody said one."""
    told = [said.get("currency"), one.currency]
    told += [v.get("currency") for name in ("value", "from_amount")
             if isinstance(v := said.get(name), Mapping)]  # fmt: skip
    first = next(filter(None, told), "")
    return first.strip().upper() if isinstance(first, str) else ""


def read_edit(name: str, value: str) -> dict[str, Any]:
    """What many products are given at once: a family, a unit or a tax class."""
    readers: dict[str, Read] = {
        "family": lambda v: words(v, 100), "unit": lambda v: words(v, 30),
        "tax_class": lambda v: choice(v, TaxClass.values),
    }  # fmt: skip
    return read({name: value}, readers)


def read_coupon(said: Mapping[str, Any]) -> dict[str, Any]:
    """How long and how often a coupon counts."""
    readers: dict[str, Read] = {
        "starts_on": day, "ends_on": day, "is_active": reading.flag,
        "most_uses": lambda v: optional(v, uses),
    }  # fmt: skip
    return read(said, readers)


def read_tax_rate(said: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of a tax rate."""
    readers: dict[str, Read] = {
        "region": region, "tax": needed(20), "tax_class": lambda v: choice(v, TaxClass.values),
        "rate": percent, "starts_on": needed_day, "ends_on": day,
    }  # fmt: skip
    return read(said, readers, needed=("region", "tax", "tax_class", "rate", "starts_on"))


def read_withholding(said: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of a rate that is withheld."""
    readers: dict[str, Read] = {
        "region": region, "key": key, "name": needed(60), "rate": withheld,
        "starts_on": needed_day, "ends_on": day,
    }  # fmt: skip
    return read(said, readers, needed=("region", "key", "name", "rate", "starts_on"))


def read_exchange_rate(said: Mapping[str, Any]) -> tuple[str, str, date, Decimal]:
    """What one currency is worth in another on a day."""
    readers: dict[str, Read] = {
        "currency": money.currency_of, "target": money.currency_of, "day": needed_day,
        "rate": decimal_of,
    }  # fmt: skip
    found = read(said, readers, needed=("currency", "target", "day", "rate"))
    return found["currency"], found["target"], found["day"], found["rate"]


def read(
    said: Mapping[str, Any], readers: Mapping[str, Read], *, needed: tuple[str, ...] = ()
) -> dict[str, Any]:
    """Every value by its reader; Invalid with all that was refused."""
    known = reading.known(said, readers)
    missing: dict[str, Text] = {
        name: _("This is needed.") for name in needed if known.get(name) in (None, "")
    }
    if missing:
        raise Invalid(missing)
    with reading.collecting() as take:
        found = {name: take(name, readers[name], value) for name, value in known.items()}
    return found


def criteria_readers(by: User | None) -> dict[str, Read]:
    """Readers of for whom something is."""
    return {
        "for_contacts": lambda value: criterion(value, "contacts", by),
        "for_companies": lambda value: criterion(value, "companies", by),
    }


def criterion(value: Any, name: str, by: User | None) -> Any:
    """A criterion that can be understood by whoever says it; None for nobody in particular."""
    if value in (None, "", {}):
        return None
    try:
        if by is not None:
            criteria.compile_for(resource(name), value, by)
    except criteria.BadCriteria as bad:
        raise Invalid({"": str(bad)}) from bad
    return value


def needed(limit: int) -> Read:
    """A text that must not be empty."""

    def read(value: Any) -> str:
        text = words(value, limit)
        if not text:
            raise Invalid({"": _("This is needed.")})
        return text

    return read


def day(value: Any) -> date | None:
    """A day, or none; not one so far away that there is none before or after it."""
    found = value if isinstance(value, date) else reading.day(value)
    if found is not None and not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise Invalid({"": _("Choose a day between the years %(first)d and %(last)d.")
                       % {"first": FIRST_YEAR, "last": LAST_YEAR}})  # fmt: skip
    return found


def needed_day(value: Any) -> date:
    """A day."""
    found = day(value)
    if found is None:
        raise Invalid({"": _("Choose a day.")})
    return found


def rank(value: Any) -> int:
    """The place in an order: what is lower comes first."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MOST_RANK:
        raise Invalid({"": _("A rank is a whole number from 0 to %d.") % MOST_RANK})
    return value


def uses(value: Any) -> int:
    """How often at most."""
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= MOST_USES:
        raise Invalid({"": _("Say how often, from once on.")})
    return value


def nth(value: Any) -> int:
    """Which unit is free."""
    if isinstance(value, bool) or not isinstance(value, int) or not 2 <= value <= 1000:
        raise Invalid({"": _("Say which unit is free, from the second on.")})
    return value


def amount(value: Any, *, currency: str = "") -> Decimal:
    """An amount in this currency that is not negative, with four decimals at most.

    Where no currency is known yet a number says an amount, and what is missing is told elsewhere.
    """
    read, said = money.read(value, currency or "EUR")
    if currency and said != currency:
        raise Invalid({"": _("Amounts are in %s here.") % currency})
    refuse_negative(read)
    return read


def percent(value: Any) -> Decimal:
    """From 0 to 100, in thousandths at most."""
    read = decimal_of(value)
    if not 0 <= read <= 100 or read != round(read, 3):
        raise Invalid({"": _("A percentage lies between 0 and 100.")})
    return read


def withheld(value: Any) -> Decimal:
    """A percentage that is more than nothing."""
    read = percent(value)
    if not read:
        raise Invalid({"": _("Say how much.")})
    return read


def key(value: Any) -> str:
    """A short word by which something is named: small letters, digits and hyphens."""
    text = words(value, 30)
    if slug(text, 30) != text or not text:
        raise Invalid({"": _("A key has small letters, digits and hyphens.")})
    return text


def region(value: Any) -> str:
    """The code of a region that taxes for itself."""
    text = words(value, 6).upper()
    country, _sign, part = text.partition("-")
    if not (len(country) == 2 and country.isalpha() and country.isascii()):
        raise Invalid({"": _("A region is a country or a part of one: ES, ES-CN, MX.")})
    if _sign and not (2 <= len(part) <= 3 and part.isalpha() and part.isascii()):
        raise Invalid({"": _("A region is a country or a part of one: ES, ES-CN, MX.")})
    return text


def optional(value: Any, reader: Read) -> Any:
    """What the reader says, or None for nothing."""
    return None if value in (None, "") else reader(value)
