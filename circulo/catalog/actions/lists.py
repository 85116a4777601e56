"""Price lists, and the prices on them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from circulo.accounts.models import User
from circulo.catalog.actions.races import refusing_the_second
from circulo.catalog.models import Price, PriceList, Product
from circulo.catalog.reading import amount as read_amount
from circulo.catalog.reading import read_list
from circulo.catalog.selectors.products import currency_of_the_firm, listed_price
from circulo.lib.errors import Invalid, RuleBroken, Stale, Text

# The product, from which quantity on, and what a unit costs then; None takes the price away.
Said = tuple[int, Decimal, Decimal | None]


@transaction.atomic
def add_price_list(said: Mapping[str, Any], *, by: User | None) -> PriceList:
    """Add a price list; one that is to be the default takes the place of the one that was."""
    values = read_list(said, by=by)
    for name in ("name", "currency"):
        if not values.get(name):
            raise Invalid({name: _("This is needed.")})
    return _saved(PriceList(), values)


@transaction.atomic
def change_price_list(
    price_list: PriceList, said: Mapping[str, Any], *, by: User | None
) -> PriceList:
    """Change a price list; its prices stay as they are."""
    one = PriceList.objects.select_for_update().get(pk=price_list.pk)
    values = read_list(said, by=by)
    if values.get("currency", one.currency) != one.currency and one.prices.exists():
        raise Invalid({"currency": _("Its prices are in %s: make another list.") % one.currency})
    return _saved(one, values)


@transaction.atomic
def retire_price_list(price_list: PriceList, *, by: User | None) -> None:
    """Take a price list out of use; its prices stay."""
    one = PriceList.objects.select_for_update().get(pk=price_list.pk)
    if one.is_default:
        raise RuleBroken(_("The default list is needed: make another the default first."))
    _saved(one, {"is_active": False})


@transaction.atomic
def set_prices(price_list: PriceList, prices: Sequence[Said], *, by: User | None) -> None:
    """Say what products cost on a list; of two that speak of the same quantity the last counts."""
    said = {(product, quantity): amount for product, quantity, amount in prices}
    gone = [key for key, amount in said.items() if amount is None]
    if gone:
        which = Q()
        for product, quantity in gone:
            which |= Q(product=product, from_quantity=quantity)
        price_list.prices.filter(which).delete()
    Price.objects.bulk_create(
        [
            Price(list=price_list, product_id=product, from_quantity=quantity, amount=amount)
            for (product, quantity), amount in said.items()
            if amount is not None
        ],
        update_conflicts=True,
        unique_fields=["list", "product", "from_quantity"],
        update_fields=["amount"],
    )


@transaction.atomic
def change_prices(
    price_list: PriceList,
    product: Product,
    *,
    shown: Mapping[Decimal, Decimal],
    said: Mapping[Decimal, Decimal],
    by: User | None,
) -> None:
    """Say by quantity what a product costs on a list, in place of what somebody was shown.

    What they left as it was is not touched; Stale where somebody else changed what they did.
    """
    changed = {q for q in {*shown, *said} if shown.get(q) != said.get(q)}
    rows = Price.objects.select_for_update().filter(list=price_list, product=product)
    now = dict(rows.values_list("from_quantity", "amount"))
    if any(now.get(q) not in (shown.get(q), said.get(q)) for q in changed):
        raise Stale({})
    set_prices(price_list, [(product.pk, q, said.get(q)) for q in changed], by=by)


@transaction.atomic
def set_listed_price(product: Product, amount: Decimal | None, *, by: User | None) -> None:
    """Say what one unit of a product costs where no other list counts; None takes that away."""
    kept = listed_price(product)
    if amount is not None:
        amount = read_amount(amount, currency=kept.list.currency if kept else "")
    where = kept.list if kept else default_list(currency_of_the_firm(), by=by)
    set_prices(where, [(product.pk, kept.from_quantity if kept else Decimal(), amount)], by=by)


@transaction.atomic
def default_list(currency: str, *, by: User | None) -> PriceList:
    """The list that counts where no other does; made where this currency has none yet."""
    found = PriceList.objects.filter(currency=currency, is_default=True).first()
    if found is not None:
        return found
    name, number = _("General prices"), 1
    while PriceList.objects.filter(name__iexact=name).exists():
        number += 1
        name = f"{_('General prices')} {currency} {number}".strip()
    return add_price_list({"name": name, "currency": currency, "is_default": True}, by=by)


def _saved(one: PriceList, values: Mapping[str, Any]) -> PriceList:
    for name, value in values.items():
        setattr(one, name, value)
    _check(one)
    with refusing_the_second():
        if one.is_default:
            others = PriceList.objects.filter(currency=one.currency, is_default=True)
            others.exclude(pk=one.pk).update(is_default=False)
        one.save()
    return one


def _check(one: PriceList) -> None:
    refused: dict[str, Text] = {}
    if PriceList.objects.filter(name__iexact=one.name).exclude(pk=one.pk).exists():
        refused["name"] = _("There is a list of this name already.")
    if one.starts_on and one.ends_on and one.ends_on < one.starts_on:
        refused["ends_on"] = _("It ends before it begins.")
    if one.is_default and (one.for_contacts or one.for_companies or one.starts_on or one.ends_on):
        refused["is_default"] = _(
            "The default list is for everybody, always: take the limits away."
        )
    if one.is_default and not one.is_active:
        refused["is_active"] = _("The default list is needed: make another the default first.")
    if refused:
        raise Invalid(refused)
