"""Figures of sales and of leads over the API."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from circulo.forecasts import schemas
from circulo.forecasts.forms import FIRST_DAY, LAST_DAY, year_until
from circulo.forecasts.selectors import leads
from circulo.forecasts.selectors.figures import (
    WON,
    Counted,
    Dimension,
    Named,
    Wanted,
    dimensions_for,
    figures_for,
)
from circulo.forecasts.selectors.links import condition
from circulo.forecasts.selectors.sums import Reckoning, reckoning
from circulo.lib import money
from circulo.lib.errors import Invalid
from circulo.records.criteria import written
from circulo.records.rest import reading
from circulo.records.rest.answers import answer
from circulo.records.rest.operations import Call, Operation, Parameter, offer
from circulo.records.rest.refusals import bad_parameter, forbidden, not_found
from circulo.records.rest.schemas import day, identifier, text
from circulo.sales.selectors.deals import pipeline_called

MOST, MOST_TOGETHER = 10_000, 4
PARAMETERS = (
    Parameter("by", text(200), "Up to four of owner, team, product, quarter, month, source,"
              " campaign, pipeline, reason, lost_to, parted by commas; owner unless said"),
    Parameter("from", day(), "The first day on which they ended; a year before the last"),
    Parameter("to", day(), "The last day on which they ended; today unless said"),
    Parameter("pipeline", identifier("pipeline"), "Only the deals of one pipeline"),
)  # fmt: skip
LEAD_PARAMETERS = (
    Parameter("by", text(200), "Up to four of source, campaign, owner, channel, month, parted by"
              " commas; owner unless said"),
    Parameter("from", day(), "The first day on which they came; a year before the last"),
    Parameter("to", day(), "The last day on which they came; today unless said"),
)  # fmt: skip


def figures(call: Call) -> HttpResponse:
    """What was won and lost of the deals that one sees, counted by what is asked for."""
    if not call.user.may("deals", "view"):
        raise forbidden(_("Your role does not allow this."))
    by = reckoning()
    first, last = _days(call, by)
    dimensions = _dimensions(call, dimensions_for(call.user), "owner")
    wanted = Wanted(dimensions, first, last, _pipeline(call))
    rows = figures_for(call.user, wanted, by=by)
    items = [_shown(one) for one in rows[:MOST]]
    said = {"items": items, "from": first, "to": last, "is_whole": len(rows) <= MOST}
    return answer(said)


def lead_figures(call: Call) -> HttpResponse:
    """How many leads came of those that one sees, what became of them, and how soon answered."""
    if not call.user.may("leads", "view"):
        raise forbidden(_("Your role does not allow this."))
    by = reckoning()
    first, last = _days(call, by)
    dimensions = _dimensions(call, leads.dimensions_for(call.user), "owner")
    rows = leads.lead_figures_for(call.user, Wanted(dimensions, first, last), by=by)
    items = [_lead_group(one) for one in rows[:MOST]]
    said = {"items": items, "from": first, "to": last, "is_whole": len(rows) <= MOST}
    return answer(said)


def _lead_group(one: leads.Came) -> dict[str, Any]:
    """A group of leads: counts, shares of them, and the minutes until the first answer."""
    return {
        **_named(one.keys),
        **one.counts,
        "conversion": _part(one.conversion),
        "promptness": _part(one.promptness),
        "first_answer_minutes": _minutes(one.median),
        "most_answer_minutes": _minutes(one.most),
        "leads": one.criterion,
    }


def _minutes(took: timedelta | None) -> int | None:
    return None if took is None else round(took / timedelta(minutes=1))


def _part(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:.4f}"


def _named(keys: dict[str, Named]) -> dict[str, Any]:
    return {
        name: {"id": key if isinstance(key, str) else None, "name": called} if called else None
        for name, (key, called) in keys.items()
    }


def _shown(one: Counted) -> dict[str, Any]:
    won = condition("outcome", "is", WON)
    return _named(one.keys) | {
        "won": one.won,
        "lost": one.lost,
        "conversion": _part(one.conversion),
        "amounts": [money.told(amount, name) for name, amount in sorted(one.amounts.items())],
        "deals": written({"all": [won, *one.conditions]}),
        "brought_by": written({"all": one.won_deals()}),
    }


def _dimensions(call: Call, offered: list[Dimension], usual: str) -> tuple[str, ...]:
    known = {one.name for one in offered}
    names = [name.strip() for name in call.parameters.get("by", usual).split(",")]
    if not set(names) <= known or len(names) > MOST_TOGETHER:
        raise bad_parameter("by", _("Choose one of: %s.") % ", ".join(sorted(known)))
    return tuple(dict.fromkeys(names))


def _days(call: Call, by: Reckoning) -> tuple[date, date]:
    """The days that are asked for; the twelve months until today unless said."""
    usual = year_until(timezone.localdate(timezone=by.zone))
    return _day(call, "from", usual[0]), _day(call, "to", usual[1])


def _day(call: Call, name: str, usual: Any) -> Any:
    try:
        said = reading.day(call.parameters.get(name)) or usual
    except Invalid as invalid:
        raise bad_parameter(name, str(invalid.fields[""])) from invalid
    return min(max(said, FIRST_DAY), LAST_DAY)


def _pipeline(call: Call) -> int | None:
    named = call.parameters.get("pipeline", "")
    if not named:
        return None
    found = pipeline_called(named)
    if found is None:
        raise not_found(_("There is no such pipeline."))
    return found.pk


offer(
    Operation("GET", "sales-figures", figures, "Get what was won and lost, by whom, of what, when",
              gives=schemas.FIGURES, parameters=PARAMETERS),
    Operation("GET", "lead-figures", lead_figures,
              "Get what became of leads, and how soon they were answered",
              gives=schemas.LEAD_FIGURES, parameters=LEAD_PARAMETERS),
)  # fmt: skip
