"""All that bears on the price of a basket, gathered in at most five statements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    BooleanField,
    Case,
    CharField,
    DecimalField,
    Expression,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, JSONObject, Upper
from django.utils import timezone

from circulo.accounts.models import Firm
from circulo.accounts.selectors import house
from circulo.catalog.models import (
    BundleItem,
    Coupon,
    ExchangeRate,
    Price,
    PriceList,
    PriceRule,
    Product,
    TaxRate,
    Withholding,
)
from circulo.catalog.pricing import (
    Basket,
    Item,
    Line,
    List,
    Offer,
    Part,
    Priced,
    Rule,
    Tax,
    Terms,
    Withheld,
    priced,
)
from circulo.catalog.regions import region_of
from circulo.parties.models import Party, PartyKind, PostalAddress
from circulo.records import criteria
from circulo.records.resources import resource

_RATE: DecimalField[Any, Any] = DecimalField(max_digits=20, decimal_places=10)


@dataclass(frozen=True)
class Asked:
    """What somebody wants the price of, and for whom; what is not said follows from the firm."""

    lines: Sequence[Line]
    party: Party | None = None
    currency: str = ""
    day: date | None = None
    coupons: Sequence[str] = ()
    region: str = ""
    withholding: str = ""


@dataclass
class _House:
    """The firm's country and currency, and the taxes of a day by region."""

    country: str = "ES"
    currency: str = "EUR"
    taxes: dict[str, dict[str, Tax]] = field(default_factory=dict)
    withheld: dict[tuple[str, str], Withheld] = field(default_factory=dict)


def price_basket(asked: Asked) -> Priced:
    """The price of a basket, with its reasons."""
    return priced(*gathered(asked))


def gathered(asked: Asked) -> tuple[Basket, Terms]:
    """A basket and the terms that hold for it."""
    day = asked.day or timezone.localdate()
    house = _house(day)
    currency = asked.currency or house.currency
    lists = list(_lists(currency, day))
    rules = list(_rules(currency, day, asked.coupons))
    fulfilled, region = _customer(asked.party, [*lists, *rules])
    region = asked.region or region or house.country
    known = [one for one in lists if _is_for(one, asked.party, fulfilled) and one.into is not None]
    terms = Terms(
        _items(asked.lines, currency, day),
        [_list(one) for one in known],
        [_rule(one) for one in rules if _applies(one, asked.party, fulfilled)],
        region,
        house.taxes.get(region, {}),
        house.withheld.get((region, asked.withholding)),
    )
    return Basket(currency, asked.lines), terms


def _house(day: date) -> _House:
    """The firm and the taxes of a day, in one statement."""
    text = CharField()
    firm = Firm.objects.values_list(
        Value("firm"), "country", "currency", Value("", text), Value(0, _RATE)
    )
    taxes = TaxRate.objects.on(day).order_by()
    withheld = Withholding.objects.on(day).order_by()
    rows = firm.union(
        taxes.values_list(Value("tax"), "region", "tax_class", "tax", Cast("rate", _RATE)),
        withheld.values_list(Value("held"), "region", "key", "name", Cast("rate", _RATE)),
        all=True,
    )
    house = _House()
    for kind, place, key, name, rate in rows:
        if kind == "firm":
            house.country, house.currency = place, key
        elif kind == "tax":
            house.taxes.setdefault(place, {})[key] = Tax(name, rate.normalize())
        else:
            house.withheld[place, key] = Withheld(name, rate.normalize())
    return house


def _into(currency: str, day: date, source: str = "currency") -> Expression:
    """What the currency of a row is worth in another on a day; NULL where nobody knows."""
    known = ExchangeRate.objects.filter(day__lte=day).order_by("-day")
    there = known.filter(currency=OuterRef(source), target=currency).values("rate")[:1]
    back = known.filter(currency=currency, target=OuterRef(source)).values(
        back=Cast(Value(Decimal(1)), _RATE) / F("rate")
    )[:1]
    return Case(
        When(**{f"{source}__in": (currency, "")}, then=Value(Decimal(1), _RATE)),
        default=Coalesce(Subquery(there), Subquery(back), output_field=_RATE),
        output_field=_RATE,
    )


def _lists(currency: str, day: date) -> QuerySet[Any]:
    """The lists that hold on a day, in the order that counts."""
    rows = PriceList.objects.on(day).annotate(into=_into(currency, day))
    return rows.order_by("is_default", "rank", "pk")


def _rules(currency: str, day: date, coupons: Sequence[str]) -> QuerySet[Any]:
    """The rules that hold on a day, with these coupons, in their order."""
    shown = Coupon.objects.on(day).annotate(upper=Upper("code"))
    shown = shown.filter(upper__in=[Upper(Value(code)) for code in coupons])
    rows = PriceRule.objects.on(day).filter(Q(coupon=None) | Q(coupon__in=shown.values("pk")))
    return rows.annotate(into=_into(currency, day)).order_by("rank", "pk")


def _customer(party: Party | None, terms: Sequence[Any]) -> tuple[frozenset[str], str]:
    """Which lists and rules are for a customer by their criteria, and where the customer is."""
    if party is None:
        return frozenset(), ""
    column = "for_contacts" if party.kind == PartyKind.PERSON else "for_companies"
    asked = {_mark(one): getattr(one, column) for one in terms if getattr(one, column)}
    home = PostalAddress.objects.filter(party=OuterRef("pk"), is_primary=True)
    said = {
        "home_country": Subquery(home.values("country")[:1]),
        "home_code": Subquery(home.values("postal_code")[:1]),
    }
    tests = {name: _fulfils(criterion, party) for name, criterion in asked.items()}
    found = Party.objects.filter(pk=party.pk).annotate(**said, **tests).values(*said, *tests)
    row = found.first() or {}
    region = region_of(row.get("home_country") or "", row.get("home_code") or "")
    return frozenset(name for name in asked if row.get(name)), region


def _fulfils(criterion: Any, party: Party) -> Case:
    """Whether the customer fulfils a criterion, as the house sees it whoever asks.

    One that is not understood any more, such as that of a field which is gone, nobody fulfils.
    """
    try:
        condition = criteria.compile_for(resource(party.resource), criterion, house())
    except criteria.BadCriteria:
        return Case(default=Value(False), output_field=BooleanField())
    if not condition:
        return Case(default=Value(True), output_field=BooleanField())
    return Case(When(condition, then=Value(True)), default=Value(False))


def _mark(one: Any) -> str:
    """What the test of a list or a rule is called in the statement that asks for all."""
    return f"{one._meta.model_name}_{one.pk}"


def _is_for(one: Any, party: Party | None, fulfilled: frozenset[str]) -> bool:
    if not (one.for_contacts or one.for_companies):
        return True
    return party is not None and _mark(one) in fulfilled


def _applies(rule: Any, party: Party | None, fulfilled: frozenset[str]) -> bool:
    if rule.into is None:
        return False
    if rule.party_id is not None:
        return party is not None and rule.party_id == party.pk
    return _is_for(rule, party, fulfilled)


def _list(one: Any) -> List:
    return List(one.pk, one.name, one.currency, one.includes_tax, one.into)


def _rule(one: Any) -> Rule:
    return Rule(
        one.pk, one.name, one.kind, one.value or Decimal(), one.nth or 0, one.product_id,
        one.family, one.from_quantity, one.from_amount, one.is_combinable, one.into,
    )  # fmt: skip


def _items(lines: Sequence[Line], currency: str, day: date) -> dict[int, Item]:
    """The products of a basket with their prices, what they are variants of, and what they hold."""
    bought = Product.objects.filter(pk__in={line.product for line in lines})
    parts = Product.objects.filter(in_bundles__bundle__in=bought.values("pk"))
    whole = Product.objects.filter(
        Q(pk__in=bought.values("pk"))
        | Q(pk__in=parts.values("pk"))
        | Q(pk__in=bought.values("variant_of"))
        | Q(pk__in=parts.values("variant_of"))
    )
    rows = whole.annotate(
        cost_into=_into(currency, day, "cost_currency"),
        offers=ArraySubquery(
            Price.objects.filter(product=OuterRef("pk"), list__in=PriceList.objects.on(day)).values(
                said=JSONObject(
                    list="list_id",
                    quantity=Cast("from_quantity", TextField()),
                    amount=Cast("amount", TextField()),
                )
            )
        ),
        held=ArraySubquery(
            BundleItem.objects.filter(bundle=OuterRef("pk")).values(
                said=JSONObject(product="item_id", quantity=Cast("quantity", TextField()))
            )
        ),
    )
    read = rows.values("pk", "name", "family", "tax_class", "variant_of_id", "cost", "cost_into",
                       "offers", "held")  # fmt: skip
    return {row["pk"]: _item(row) for row in read}


def _item(row: Mapping[str, Any]) -> Item:
    cost, into = row["cost"], row["cost_into"]
    return Item(
        row["pk"],
        row["name"],
        row["family"],
        row["tax_class"],
        row["variant_of_id"],
        tuple(Part(one["product"], Decimal(one["quantity"])) for one in row["held"]),
        tuple(
            Offer(one["list"], Decimal(one["quantity"]), Decimal(one["amount"]))
            for one in row["offers"]
        ),
        None if cost is None or into is None else cost * into,
    )
