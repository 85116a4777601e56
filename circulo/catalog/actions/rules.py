"""Price rules and their coupons."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from circulo.accounts.models import User
from circulo.catalog.models import Coupon, PriceRule
from circulo.catalog.reading import read_rule
from circulo.catalog.selectors.finding import products_called
from circulo.lib import ids
from circulo.lib.errors import Invalid, Text
from circulo.parties.models import Party

Kind = PriceRule.Kind


@transaction.atomic
def add_price_rule(said: Mapping[str, Any], *, by: User | None) -> PriceRule:
    """Add a rule that changes prices; a coupon that is not known yet is made."""
    missing: dict[str, Text] = {
        name: _("This is needed.") for name in ("name", "kind") if not said.get(name)
    }
    if missing:
        raise Invalid(missing)
    one = PriceRule()
    return _saved(one, read_rule(said, one, by=by), by)


@transaction.atomic
def change_price_rule(rule: PriceRule, said: Mapping[str, Any], *, by: User | None) -> PriceRule:
    """Change a rule; what was priced with it stays as it was."""
    one = PriceRule.objects.select_for_update().get(pk=rule.pk)
    return _saved(one, read_rule(said, one, by=by), by)


def _saved(one: PriceRule, values: dict[str, Any], by: User | None) -> PriceRule:
    refused: dict[str, Text] = {}
    for name, find in (("product", _product), ("party", _party), ("coupon", _coupon)):
        if name in values:
            try:
                values[f"{name}_id"] = find(values.pop(name), by)
            except Invalid as invalid:
                refused[name] = invalid.fields[""]
    for name, value in values.items():
        setattr(one, name, value)
    refused |= _faults(one)
    if refused:
        raise Invalid(refused)
    one.save()
    return one


def _product(said: str, by: User | None) -> int | None:
    found = products_called([said]) if said else {}
    if said and said not in found:
        raise Invalid({"": _("There is no product “%s”, or more than one.") % said[:60]})
    return found.get(said)


def _party(said: str, by: User | None) -> int | None:
    if not said:
        return None
    key = ids.decode("party", said) or 0
    rows = Party.objects.visible_to(by) if by else Party.objects.kept()
    if not rows.filter(pk=key).exists():
        raise Invalid({"": _("There is no such record.")})
    return key


def _coupon(said: str, by: User | None) -> int | None:
    if not said:
        return None
    Coupon.objects.bulk_create([Coupon(code=said)], ignore_conflicts=True)
    return Coupon.objects.get(code__iexact=said).pk


def _faults(one: PriceRule) -> dict[str, Text]:
    """What the database would refuse, in words."""
    refused = _faults_of_value(one)
    has_amounts = one.kind in (Kind.AMOUNT, Kind.PRICE) or one.from_amount is not None
    if has_amounts and not one.currency:
        refused["currency"] = _("Say in which currency.")
    one.currency = one.currency if has_amounts else ""
    if one.product_id and one.family:
        refused["family"] = _("A rule is about one product, one family, or all.")
    if one.party_id and (one.for_contacts or one.for_companies):
        refused["party"] = _("A rule is for one contact, or for those who fulfil conditions.")
    if one.starts_on and one.ends_on and one.ends_on < one.starts_on:
        refused["ends_on"] = _("It ends before it begins.")
    return refused


def _faults_of_value(one: PriceRule) -> dict[str, Text]:
    """Each kind has a value or says which unit is free; what belongs to another kind is let go."""
    if one.kind == Kind.NTH_FREE:
        one.value = None
        return {} if one.nth else {"nth": _("Say which unit is free, from the second on.")}
    one.nth = None
    if one.value is None or (not one.value and one.kind != Kind.PRICE):
        return {"value": _("Say how much.")}
    if one.kind == Kind.PERCENT and not 0 < one.value <= 100:
        return {"value": _("A percentage lies between 0 and 100.")}
    if one.value < 0:
        return {"value": _("An amount cannot be negative.")}
    if one.value >= 10**12 or one.value != round(one.value, 4):
        return {"value": _("This number is out of range.")}
    return {}
