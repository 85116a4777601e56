"""Taxes and exchange rates as screens show them."""

from __future__ import annotations

from itertools import groupby

from django.utils import timezone

from circulo.accounts.selectors import firm
from circulo.catalog.models import ExchangeRate, TaxRate, Withholding

MOST_SHOWN = 50


def rates_by_region() -> list[tuple[str, list[TaxRate]]]:
    """Rates by the region where they hold, those of the past behind those of today."""
    rows = TaxRate.objects.order_by("region", "ends_on", "-rate", "tax_class", "-starts_on")
    today = timezone.localdate()
    found = sorted(
        rows, key=lambda rate: (rate.region, bool(rate.ends_on and rate.ends_on < today))
    )
    return [(region, list(rates)) for region, rates in groupby(found, key=lambda r: r.region)]


def withholdings() -> list[Withholding]:
    """What is withheld today."""
    return list(Withholding.objects.on(timezone.localdate()))


def withheld_here() -> dict[str, str]:
    """What can be withheld where the firm is, by key the name of the highest rate."""
    rows = Withholding.objects.filter(region__startswith=firm().country).order_by("rate", "pk")
    return dict(rows.values_list("key", "name"))


def exchange_rates() -> list[ExchangeRate]:
    """The latest exchange rates."""
    return list(ExchangeRate.objects.order_by("-day", "currency", "target")[:MOST_SHOWN])
