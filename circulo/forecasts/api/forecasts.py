"""Forecasts, and how wrong they were, over the API."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from circulo.forecasts import schemas
from circulo.forecasts.api.quotas import refuse_who_sees_none
from circulo.forecasts.periods import Span, period_called, period_of
from circulo.forecasts.selectors import accuracy
from circulo.forecasts.selectors.accuracy import PERSON, TEAM, Judged
from circulo.forecasts.selectors.page import CATEGORIES
from circulo.forecasts.selectors.places import forecast_by_territory
from circulo.forecasts.selectors.sums import reckoning
from circulo.forecasts.selectors.tree import Figures, Node, forecast_for, told
from circulo.lib import ids, money
from circulo.records.rest.answers import answer
from circulo.records.rest.operations import Call, Operation, Parameter, offer
from circulo.records.rest.refusals import bad_parameter, forbidden
from circulo.records.rest.schemas import choice
from circulo.sales.models import ForecastAs

WITHIN = Parameter("period", schemas.PERIOD, "This month unless said")
FIGURES = {"quota": "quota", "won": "won", "weighted": "weighted", "forecast": "called",
           "gap": "gap"}  # fmt: skip

_TREES = {"people": forecast_for, "territory": forecast_by_territory}
BY = Parameter("by", choice(list(_TREES)), "By who sells, unless said, or by where")


def forecast(call: Call) -> HttpResponse:
    """The forecast of a period: the firm and its people or territories, as far as one sees them."""
    refuse_who_sees_none(call, "forecasts")
    by = reckoning()
    today = timezone.localdate(timezone=by.zone)
    written = call.parameters.get("period", "")
    period = period_called(written, by.begins) if written else period_of(today, Span.MONTH)
    if period is None:
        raise bad_parameter("period", _("Write a period as 2026-11, 2026-q4 or 2026."))
    read = _TREES.get(call.parameters.get("by", "people"))
    if read is None:
        raise bad_parameter("by", _("Choose one of: %s.") % ", ".join(_TREES))
    said = read(call.user, [period], today=today, by=by)
    if said is None:
        raise forbidden(_("Your role does not allow this."))
    items = list(_items(said.root, None, str(period), by.currency))
    return answer({"items": items, "currency": by.currency})


def how_wrong(call: Call) -> HttpResponse:
    """How wrong the forecasts of the last twelve months were, by whom and by how far ahead."""
    refuse_who_sees_none(call, "forecasts")
    by = reckoning()
    record = accuracy.record_for(call.user, today=timezone.localdate(timezone=by.zone), by=by)
    if record is None:
        raise forbidden(_("Your role does not allow this."))
    items = []
    for key, said in sorted(record.told.items()):
        whole = accuracy.judged(said)
        if whole is not None:
            named = _named(key, record.names.get(key))
            items.append(named | {"weeks_ahead": None} | _judged(whole, by.currency))
            for weeks, one in accuracy.by_horizon(said).items():
                items.append(named | {"weeks_ahead": weeks} | _judged(one, by.currency))
    stages = [
        {"name": one.name, "count": one.count, "won_count": one.won_count,
         "expected": _money(one.amount, by.currency), "promised": _money(one.promised, by.currency),
         "won": _money(one.came, by.currency)}
        for one in accuracy.stages_for(call.user, record)
    ]  # fmt: skip
    return answer({"items": items, "stages": stages})


def _items(node: Node, above: str | None, period: str, currency: str) -> Any:
    one = told(node)
    yield one | {"above": above, "period": period} | _figures(node.figures[0], currency)
    for below in node.below:
        yield from _items(below, one["id"], period, currency)


def _figures(figures: Figures, currency: str) -> dict[str, Any]:
    amounts = {name: getattr(figures, of) for name, of in FIGURES.items()}
    amounts |= {str(name): figures.of(name) for name in (*CATEGORIES[1:], ForecastAs.OMITTED)}
    said = {name: None if one is None else _money(one, currency) for name, one in amounts.items()}
    apart = [money.told(amount, name) for name, amount in sorted(figures.apart.items())]
    return said | {"won_count": figures.count(CATEGORIES[0]), "not_counted": apart}


def _money(amount: Decimal, currency: str) -> dict[str, str]:
    return money.told(money.rounded(amount, currency), currency)


def _named(key: tuple[str, int], name: str | None) -> dict[str, Any]:
    kinds = {PERSON: "user", TEAM: "team"}
    identifier = ids.encode(kinds[key[0]], key[1]) if key[0] in kinds else None
    return {"kind": key[0], "id": identifier, "name": name}


def _judged(one: Judged, currency: str) -> dict[str, Any]:
    return {
        "count": one.count,
        "bias": _money(one.bias, currency),
        "mae": _money(one.mae, currency),
        "mape": None if one.mape is None else f"{one.mape:.4f}",
    }


offer(
    Operation("GET", "forecast", forecast, "Get the forecast of a period", gives=schemas.FORECAST,
              parameters=(WITHIN, BY)),
    Operation("GET", "forecast-accuracy", how_wrong, "Get how wrong forecasts were",
              gives=schemas.ACCURACY),
)  # fmt: skip
