"""Tax rates and exchange rates, by day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from circulo.accounts.models import User
from circulo.catalog.actions.races import refusing_the_second
from circulo.catalog.models import ExchangeRate, TaxRate, Withholding
from circulo.catalog.reading import read_tax_rate, read_withholding
from circulo.lib import money
from circulo.lib.errors import Invalid

Held = TypeVar("Held", TaxRate, Withholding)
# So that a rate and its inverse can both be kept.
LEAST_RATE = Decimal("0.000001")


@transaction.atomic
def add_tax_rate(said: Mapping[str, Any], *, by: User | None) -> TaxRate:
    """Say what a class is taxed with from a day on; the rate before it ends the day before.

    Where the new rate has an end, the one before it holds again from the day after.
    """
    rate = TaxRate(**read_tax_rate(said))
    if rate.ends_on and rate.ends_on < rate.starts_on:
        raise Invalid({"ends_on": _("It ends before it begins.")})
    if rate.tax_class in ("zero", "exempt") and rate.rate:
        raise Invalid({"rate": _("This class is not taxed: its rate is 0.")})
    return _held(rate, TaxRate.objects.filter(region=rate.region, tax_class=rate.tax_class))


@transaction.atomic
def add_withholding(said: Mapping[str, Any], *, by: User | None) -> Withholding:
    """Say what is withheld under a key from a day on; the rate before it ends the day before."""
    rate = Withholding(**read_withholding(said))
    if rate.ends_on and rate.ends_on < rate.starts_on:
        raise Invalid({"ends_on": _("It ends before it begins.")})
    return _held(rate, Withholding.objects.filter(region=rate.region, key=rate.key))


def _held(rate: Held, same: QuerySet[Any]) -> Held:
    """Keep a rate: one of the same that holds then ends the day before, and goes on after it."""
    same = same.select_for_update()
    before = same.filter(starts_on__lt=rate.starts_on).filter(
        Q(ends_on=None) | Q(ends_on__gte=rate.starts_on)
    )
    interrupted = before.first()
    before.update(ends_on=rate.starts_on - timedelta(days=1))
    later = same.filter(starts_on__gte=rate.starts_on)
    if rate.ends_on:
        later = later.filter(starts_on__lte=rate.ends_on)
    if later.exists():
        raise Invalid({"starts_on": _("There is a rate of this class from that day or later.")})
    with refusing_the_second():
        rate.save()
    if interrupted is not None and rate.ends_on is not None:
        _resume(interrupted, rate.ends_on + timedelta(days=1))
    return rate


def _resume(rate: Any, day: date) -> None:
    """A rate that was interrupted holds again from a day on, as long as it would have held."""
    if rate.ends_on is None or rate.ends_on >= day:
        rate.pk, rate.starts_on = None, day
        rate.save(force_insert=True)


@transaction.atomic
def set_exchange_rates(
    rates: Sequence[tuple[str, str, date, Decimal]], *, by: User | None
) -> list[ExchangeRate]:
    """Say what currencies are worth on a day; a second telling of the same day counts."""
    said = {(money.currency_of(a), money.currency_of(b), day): rate for a, b, day, rate in rates}
    for (currency, target, _day), rate in said.items():
        if currency == target:
            raise Invalid({"target": _("Choose two different currencies.")})
        if not LEAST_RATE <= rate <= 1 / LEAST_RATE or rate != round(rate, 10):
            raise Invalid({"rate": _("A rate lies between 0.000001 and 1,000,000, with at most 10"
                                     " decimals.")})  # fmt: skip
    return ExchangeRate.objects.bulk_create(
        [
            ExchangeRate(currency=currency, target=target, day=day, rate=rate)
            for (currency, target, day), rate in said.items()
        ],
        update_conflicts=True,
        unique_fields=["currency", "target", "day"],
        update_fields=["rate"],
    )
