"""All that bears on the price of a basket, in five statements; a sixth for other currencies."""

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
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, JSONObject, Upper
from django.utils.functional import cached_property

from circulo.accounts.models import Firm
from circulo.accounts.selectors import day_of_the_firm, firm, house
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
from circulo.records.criteria import written
from circulo.records.resources import resource

_RATE: DecimalField[Any, Any] = DecimalField(max_digits=20, decimal_places=10)
_FINEST = Decimal("1e-16")


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

    def withheld_in(self, region: str, key: str) -> Withheld | None:
        """What is withheld there: a part of a country withholds as the country does, unless it has
        a rate of its own."""
        return self.withheld.get((region, key)) or self.withheld.get((region[:2], key))


def price_basket(asked: Asked) -> Priced:
    """The price of a basket, with its reasons."""
    return priced(*gathered(asked))


def gathered(asked: Asked) -> tuple[Basket, Terms]:
    """A basket and the terms that hold for it."""
    day = asked.day or day_of_the_firm()
    house = _house(day)
    currency = asked.currency or house.currency
    rates = _Rates(currency, day)
    lists = list(_lists(day))
    rules = list(_rules(day, asked.coupons))
    fulfilled, region = _customer(asked.party, [*lists, *rules], house.country)
    region = asked.region or region or house.country
    terms = Terms(
        _items(asked.lines, rates, day),
        [
            _list(one, rate)
            for one in lists
            if _is_for(one, asked.party, fulfilled)
            and (rate := rates.into(one.currency)) is not None
        ],
        [
            _rule(one, rate)
            for one in rules
            if _applies(one, asked.party, fulfilled)
            and (rate := rates.into(one.currency)) is not None
        ],
        region,
        house.taxes.get(region, {}),
        house.withheld_in(region, asked.withholding),
    )
    return Basket(currency, asked.lines), terms


def is_usable(code: str) -> bool:
    """Whether a coupon can be used today."""
    return Coupon.objects.usable(day_of_the_firm()).filter(code__iexact=code).exists()


def worth_at_home(currency: str) -> Decimal | None:
    """What one unit of a currency is worth today in that of the firm; None where nobody knows."""
    return _Rates(firm().currency, day_of_the_firm()).into(currency)


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


class _Rates:
    """What currencies are worth in one on a day; asked for only where there are several."""

    def __init__(self, currency: str, day: date) -> None:
        self.currency, self.day = currency, day

    def into(self, source: str) -> Decimal | None:
        """What one unit of another currency is worth; None where nobody knows."""
        return Decimal(1) if source in (self.currency, "") else self._known.get(source)

    @cached_property
    def _known(self) -> dict[str, Decimal]:
        """The latest rate of each, whichever way round it was said; said both ways on one day, the
        one into this currency."""
        rows = ExchangeRate.objects.filter(day__lte=self.day)
        rows = rows.filter(Q(target=self.currency) | Q(currency=self.currency))
        latest = rows.order_by("currency", "target", "-day").distinct("currency", "target")
        said = [
            (day, True, source, rate)
            if target == self.currency
            else (day, False, target, (1 / rate).quantize(_FINEST))
            for source, target, day, rate in latest.values_list("currency", "target", "day", "rate")
        ]
        return {name: rate for _day, _direct, name, rate in sorted(said)}


def _lists(day: date) -> QuerySet[PriceList]:
    """The lists that hold on a day, in the order that counts."""
    return PriceList.objects.on(day).order_by("is_default", "rank", "pk")


def _rules(day: date, coupons: Sequence[str]) -> QuerySet[PriceRule]:
    """The rules that hold on a day, with these coupons, in their order."""
    rows = PriceRule.objects.on(day).order_by("rank", "pk")
    if not coupons:
        return rows.filter(coupon=None)
    shown = Coupon.objects.usable(day).annotate(upper=Upper("code"))
    shown = shown.filter(upper__in=[Upper(Value(code)) for code in coupons])
    return rows.filter(Q(coupon=None) | Q(coupon__in=shown.values("pk")))


def _customer(
    party: Party | None, terms: Sequence[Any], home_country: str
) -> tuple[frozenset[str], str]:
    """Which lists and rules are for a customer by their criteria, and where the customer is: an
    address that names no country lies in that of the firm.
    """
    if party is None:
        return frozenset(), ""
    column = "for_contacts" if party.kind == PartyKind.PERSON else "for_companies"
    criteria_of = {_mark(one): getattr(one, column) for one in terms if getattr(one, column)}
    asked = {written(criterion): criterion for criterion in criteria_of.values()}
    places = {text: f"test_{place}" for place, text in enumerate(asked)}
    home = PostalAddress.objects.filter(party=OuterRef("pk"), is_primary=True)
    said = {
        "home_country": Subquery(home.values("country")[:1]),
        "home_code": Subquery(home.values("postal_code")[:1]),
    }
    tests = {places[text]: _fulfils(criterion, party) for text, criterion in asked.items()}
    found = Party.objects.filter(pk=party.pk).annotate(**said, **tests).values(*said, *tests)
    row = found.first() or {}
    code = row.get("home_code") or ""
    region = region_of(row.get("home_country") or (home_country if code else ""), code)
    fulfilled = (name for name, said in criteria_of.items() if row.get(places[written(said)]))
    return frozenset(fulfilled), region


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
    """What a list or a rule goes by among those whose conditions are fulfilled."""
    return f"{one._meta.model_name}_{one.pk}"


def _is_for(one: Any, party: Party | None, fulfilled: frozenset[str]) -> bool:
    if not (one.for_contacts or one.for_companies):
        return True
    return party is not None and _mark(one) in fulfilled


def _applies(rule: PriceRule, party: Party | None, fulfilled: frozenset[str]) -> bool:
    if rule.party_id is not None:
        return party is not None and rule.party_id == party.pk
    return _is_for(rule, party, fulfilled)


def _list(one: PriceList, rate: Decimal) -> List:
    return List(one.pk, one.name, one.currency, one.includes_tax, rate)


def _rule(one: PriceRule, rate: Decimal) -> Rule:
    return Rule(
        one.pk, one.name, one.kind, one.value or Decimal(), one.nth or 0, one.product_id,
        one.family, one.from_quantity, one.from_amount, one.is_combinable, rate,
    )  # fmt: skip


def _items(lines: Sequence[Line], rates: _Rates, day: date) -> dict[int, Item]:
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
    read = rows.values("pk", "name", "family", "tax_class", "variant_of_id", "cost",
                       "cost_currency", "offers", "held")  # fmt: skip
    return {row["pk"]: _item(row, rates) for row in read}


def _item(row: Mapping[str, Any], rates: _Rates) -> Item:
    cost = row["cost"]
    into = None if cost is None else rates.into(row["cost_currency"])
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
