"""The catalogue as other programs are shown it."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from circulo.catalog.models import (
    Coupon,
    ExchangeRate,
    Price,
    PriceList,
    PriceRule,
    Product,
    TaxRate,
    Withholding,
)
from circulo.catalog.pricing import Priced, PricedLine, Step
from circulo.catalog.selectors.whom import criteria_told, is_for_some, is_understood, parties_seen
from circulo.catalog.words import step_in_words
from circulo.lib import ids, money
from circulo.records.own import links
from circulo.records.own.computed import known_to
from circulo.records.own.definitions import defined

if TYPE_CHECKING:
    from circulo.accounts.models import User

_PLAIN = ("code", "name", "kind", "unit", "family", "description", "translations", "tax_class",
          "is_active", "attributes", "version", "created_at", "updated_at")  # fmt: skip


def products_shown(user: User, products: Sequence[Product]) -> list[dict[str, Any]]:
    """Products whole (`selectors.products.whole`), without what the role does not see."""
    hidden = user.hidden_fields("products")
    shown = [_product(user, product) for product in products]
    links.hide_unseen(user, defined("products"), [one["custom"] for one in shown])
    return [{name: v for name, v in one.items() if name not in hidden} for one in shown]


def _product(user: User, product: Product) -> dict[str, Any]:
    return {
        "id": product.public_id,
        **{name: getattr(product, name) for name in _PLAIN},
        "cost": None if product.cost is None else money.told(product.cost, product.cost_currency),
        "variant_of": product.variant_of.public_id if product.variant_of else None,
        "items": [
            {"product": one.item.public_id, "name": one.item.name, "quantity": number(one.quantity)}
            for one in product.items.all()
        ],
        "notes": [
            {"kind": one.kind, "language": one.language, "text": one.text, "answer": one.answer}
            for one in product.notes.all()
        ],
        "ties": [
            {"kind": one.kind, "product": one.other.public_id, "name": one.other.name}
            for one in product.ties.all()
        ],
        "custom": known_to(user, "products", vars(product)),
    }


def lists_shown(user: User, lists: Sequence[PriceList]) -> list[dict[str, Any]]:
    """Price lists without their prices."""
    return [list_shown(user, one) for one in lists]


def list_shown(user: User, one: PriceList) -> dict[str, Any]:
    """A price list without its prices."""
    names = ("name", "currency", "includes_tax", "starts_on", "ends_on", "rank", "is_default",
             "is_active")  # fmt: skip
    said = {name: getattr(one, name) for name in names}
    return {"id": one.public_id, **said, **_whom(user, one)}


def _whom(user: User, one: PriceList | PriceRule) -> dict[str, Any]:
    return {
        **criteria_told(user, one),
        "is_for_everybody": not is_for_some(one),
        "is_understood": is_understood(one),
    }


def price_shown(price: Price, currency: str) -> dict[str, Any]:
    """What a product costs on a list, from a quantity on."""
    return {
        "product": price.product.public_id,
        "name": price.product.name,
        "from_quantity": number(price.from_quantity),
        "price": money.told(price.amount, currency),
    }


def rules_shown(user: User, rules: Sequence[PriceRule]) -> list[dict[str, Any]]:
    """Price rules; for which party one is only where this person sees that party."""
    seen = parties_seen(user, rules)
    return [_rule(user, rule, seen) for rule in rules]


def rule_shown(user: User, rule: PriceRule) -> dict[str, Any]:
    """A price rule, as this person may know it."""
    return rules_shown(user, [rule])[0]


def _rule(user: User, rule: PriceRule, seen: Container[int]) -> dict[str, Any]:
    names = ("name", "kind", "nth", "currency", "family", "starts_on", "ends_on", "rank",
             "is_combinable", "is_active")  # fmt: skip
    return {
        "id": rule.public_id,
        **{name: getattr(rule, name) for name in names},
        **{name: number(getattr(rule, name)) for name in ("value", "from_quantity", "from_amount")},
        "product": rule.product and rule.product.public_id,
        "party": ids.encode("party", rule.party_id or 0) if rule.party_id in seen else None,
        "is_for_one_customer": rule.party_id is not None,
        **_whom(user, rule),
        "coupon": rule.coupon and rule.coupon.code,
    }


def coupon_shown(coupon: Coupon) -> dict[str, Any]:
    """A coupon, and how often it was used."""
    names = ("code", "starts_on", "ends_on", "is_active", "most_uses", "uses")
    return {"id": coupon.public_id, **{name: getattr(coupon, name) for name in names}}


def tax_rate_shown(rate: TaxRate) -> dict[str, Any]:
    """A tax rate."""
    names = ("region", "tax", "tax_class", "starts_on", "ends_on")
    said = {name: getattr(rate, name) for name in names}
    return {"id": rate.public_id, **said, "rate": number(rate.rate)}


def withholding_shown(rate: Withholding) -> dict[str, Any]:
    """What is withheld under a key."""
    names = ("region", "key", "name", "starts_on", "ends_on")
    said = {name: getattr(rate, name) for name in names}
    return {"id": rate.public_id, **said, "rate": number(rate.rate)}


def exchange_rate_shown(rate: ExchangeRate) -> dict[str, Any]:
    """What a currency is worth in another from a day on."""
    said = {name: getattr(rate, name) for name in ("currency", "target", "day")}
    return {"id": rate.public_id, **said, "rate": number(rate.rate)}


def priced_shown(user: User, priced: Priced) -> dict[str, Any]:
    """A priced basket; what it costs the firm only where the role sees it."""
    currency = priced.currency
    shown = {
        "currency": currency,
        "lines": [_line(line, currency, sees_cost=_sees_cost(user)) for line in priced.lines],
        "taxes": [
            {
                "tax": total.name,
                "tax_class": total.tax_class,
                "rate": number(total.rate),
                "base": money.told(total.base, currency),
                "amount": money.told(total.amount, currency),
            }
            for total in priced.taxes
        ],
        **_sums(priced, ("net", "tax", "gross", "withheld", "due"), currency),
    }
    return shown | (_sums(priced, ("cost", "margin"), currency) if _sees_cost(user) else {})


def _sees_cost(user: User) -> bool:
    return "cost" not in user.hidden_fields("products")


def _line(line: PricedLine, currency: str, *, sees_cost: bool) -> dict[str, Any]:
    shown = {
        "product": ids.encode("product", line.product),
        "quantity": number(line.quantity),
        "is_priced": line.is_priced,
        "includes_tax": line.includes_tax,
        **_sums(line, ("unit_price", "listed", "net", "tax", "gross"), currency),
        "steps": [_step(step, currency) for step in line.steps],
    }
    return shown | (_sums(line, ("cost", "margin"), currency) if sees_cost else {})


def _step(step: Step, currency: str) -> dict[str, Any]:
    values = {k: number(v) if isinstance(v, Decimal) else v for k, v in step.values.items()}
    return {
        "kind": step.kind,
        "text": step_in_words(step, currency),
        "amount": money.told(step.amount, currency),
        "values": values,
    }


def _sums(thing: Any, names: Iterable[str], currency: str) -> dict[str, Any]:
    found = {name: getattr(thing, name) for name in names}
    return {n: None if v is None else money.told(v, currency) for n, v in found.items()}


def number(value: Decimal | None) -> str | None:
    """A number as a text, exact and without zeros behind it."""
    return None if value is None else f"{value.normalize():f}"
