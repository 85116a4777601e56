"""The steps of a price, in words and in the language of who reads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from circulo.catalog.models import PriceRule
from circulo.catalog.pricing import Step
from circulo.catalog.regions import region_in_words
from circulo.catalog.selectors.whom import is_for_some
from circulo.lib import format as fmt
from circulo.lib import money

Values = Mapping[str, Any]


def step_in_words(step: Step, currency: str) -> str:
    """What a step did, as one says it."""
    return _SAY[step.kind](step.values, currency)


def sum_in_words(amount: Decimal, currency: str) -> str:
    """An amount with all its decimals: unit prices may have more than their currency has."""
    return fmt.money(amount, currency, max(_decimals_of(amount), money.decimals_of(currency)))


def percent_in_words(percent: Decimal) -> str:
    """A percentage with all its decimals."""
    return fmt.percent(percent / 100, _decimals_of(percent))


def _decimals_of(number: Decimal) -> int:
    exponent = number.normalize().as_tuple().exponent
    assert isinstance(exponent, int), "an amount is a finite number"
    return max(0, -exponent)


def _list(values: Values, currency: str) -> str:
    said = {
        "list": values["list"],
        "price": sum_in_words(values["price"], values["currency"]),
        "quantity": fmt.number(values["from_quantity"]),
        "product": values.get("product", ""),
    }
    if values.get("product") and values["from_quantity"]:
        return _("%(list)s, as %(product)s, from %(quantity)s on: %(price)s") % said
    if values.get("product"):
        return _("%(list)s, as %(product)s: %(price)s") % said
    if values["from_quantity"]:
        return _("%(list)s, from %(quantity)s on: %(price)s") % said
    return _("%(list)s: %(price)s") % said


def _parts(values: Values, currency: str) -> str:
    said = {
        "list": values["list"],
        "price": sum_in_words(values["price"], values["currency"]),
        "number": values["parts"],
    }
    return (
        ngettext(
            "%(list)s, its one part: %(price)s",
            "%(list)s, its %(number)s parts: %(price)s",
            values["parts"],
        )
        % said
    )


def _converted(values: Values, currency: str) -> str:
    return _("1 %(currency)s is %(rate)s %(into)s: %(price)s") % {
        "currency": values["currency"],
        "into": values["into"],
        "rate": fmt.number(values["rate"], _decimals_of(values["rate"])),
        "price": sum_in_words(values["price"], values["into"]),
    }


def _given(values: Values, currency: str) -> str:
    return _("Price by hand: %s") % sum_in_words(values["price"], currency)


def _rule(values: Values, currency: str) -> str:
    text: str
    off = fmt.money(-values["off"], currency)
    if values["does"] == "nth_free":
        free = values["free"]
        text = ngettext("%(free)s unit free", "%(free)s units free", free) % {"free": free}
    elif values["does"] == "percent":
        text = percent_in_words(values["value"])
    elif values["does"] == "amount":
        text = _("%s off each unit") % sum_in_words(values["value"], currency)
    else:
        text = _("%s a unit") % sum_in_words(values["value"], currency)
    return f"{values['rule']}: {text} ({off})"


def _discount(values: Values, currency: str) -> str:
    percent, off = percent_in_words(values["percent"]), fmt.money(-values["off"], currency)
    return _("Discount by hand: %(percent)s") % {"percent": percent} + f" ({off})"


def tax_in_words(name: str, rate: Decimal, tax_class: str) -> str:
    """A tax with its rate, such as IVA 21 %; what is exempt says so."""
    if tax_class == "exempt":
        return _("%s, exempt") % name
    return f"{name} {percent_in_words(rate)}"


def _tax(values: Values, currency: str) -> str:
    text = tax_in_words(values["tax"], values["rate"], values["tax_class"])
    of_it = fmt.money(values["of_it"], currency)
    if values["included"]:
        return _("%(tax)s (included: %(of_it)s)") % {"tax": text, "of_it": of_it}
    return f"{text} (+{of_it})"


def _no_tax(values: Values, currency: str) -> str:
    return _("No tax is known for the region %s") % region_in_words(str(values["region"]))


def _no_price(values: Values, currency: str) -> str:
    return _("No list says what it costs")


_SAY: dict[str, Callable[[Values, str], str]] = {
    "list": _list,
    "parts": _parts,
    "converted": _converted,
    "given": _given,
    "rule": _rule,
    "discount": _discount,
    "tax": _tax,
    "no_tax": _no_tax,
    "no_price": _no_price,
}


def rule_in_words(rule: PriceRule) -> str:
    """What a rule does, of what and for whom, in one line."""
    return " · ".join(filter(None, [_does(rule), _of_what(rule), _for_whom(rule)]))


def _does(rule: PriceRule) -> str:
    value = rule.value or Decimal()
    if rule.kind == PriceRule.Kind.NTH_FREE:
        return _("unit number %d free") % (rule.nth or 0)
    if rule.kind == PriceRule.Kind.PERCENT:
        return percent_in_words(-value)
    text = sum_in_words(value, rule.currency)
    off = rule.kind == PriceRule.Kind.AMOUNT
    return _("%s off each unit") % text if off else _("%s a unit") % text


def _of_what(rule: PriceRule) -> str:
    said = [rule.product.shown_name if rule.product else rule.family or _("all products")]
    if rule.from_quantity:
        said.append(_("from %s units on") % fmt.number(rule.from_quantity.normalize()))
    if rule.from_amount:
        said.append(_("from a total of %s on") % sum_in_words(rule.from_amount, rule.currency))
    return ", ".join(said)


def _for_whom(rule: PriceRule) -> str:
    """Whom exactly is not told: who may change prices need not see that contact."""
    if rule.party_id is not None:
        return _("for one customer")
    return _("for some") if is_for_some(rule) else ""
