"""Taxes and exchange rates as screens show them."""

from __future__ import annotations

from itertools import groupby

from django.utils import timezone

from circulo.accounts.selectors import day_of_the_firm, firm
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


def known_withholdings() -> dict[str, str]:
    """What can be withheld today, by key its name: where several regions have it, the firm's."""
    country = firm().country
    rows = Withholding.objects.on(day_of_the_firm()).order_by("rate", "pk")
    said = rows.values_list("region", "key", "name")
    return {key: name for _here, key, name in
            sorted(((place[:2] == country, key, name) for place, key, name in said),
                   key=lambda one: one[0])}  # fmt: skip


def exchange_rates() -> list[ExchangeRate]:
    """The latest exchange rates."""
    return list(ExchangeRate.objects.order_by("-day", "currency", "target")[:MOST_SHOWN])
