"""The figures of sales: how far deals come, who wins what, and how long it takes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from circulo.accounts.answer_cache import cached_page
from circulo.accounts.models import User
from circulo.forecasts.forms import DaysForm, year_until
from circulo.forecasts.selectors import funnel
from circulo.forecasts.selectors.figures import (
    DIMENSIONS,
    WON,
    Counted,
    Dimension,
    Wanted,
    dimensions_for,
    figures_for,
)
from circulo.forecasts.selectors.sums import Reckoning, reckoning
from circulo.lib import format as fmt
from circulo.sales.models import Pipeline
from circulo.sales.selectors.deals import pipeline_called, pipelines_in_order
from circulo.web import Request, page

USUAL, MOST_ROWS = "owner", 200


@require_GET
@login_required
@cached_page
def sales(request: Request) -> HttpResponse:
    """The figures of the deals that one sees, of the days that are asked for."""
    user = request.user
    if not user.may("deals", "view"):
        raise PermissionDenied
    by = reckoning()
    form = DaysForm(request.GET)
    first, last = form.days(year_until(timezone.localdate(timezone=by.zone)))
    pipeline = _pipeline(request.GET.get("pipeline", ""))
    offered = dimensions_for(user)
    chosen = request.GET.get("by", USUAL)
    if chosen not in {one.name for one in offered}:
        chosen = USUAL
    wanted = Wanted((chosen,), first, last)
    rows = figures_for(user, wanted, by=by)
    # A deal stands in several rows where it sells several products.
    whole = figures_for(user, replace(wanted, by=()), by=by) if chosen == "product" else rows
    return page(
        request, "forecasts/sales.html", first=first, last=last, pipeline=pipeline, chosen=chosen,
        pipelines=[one for one in pipelines_in_order() if one.is_active],
        tabs=tabs_of(offered, wanted, pipeline), label=DIMENSIONS[chosen].label,
        rows=[_row(one) for one in rows[:MOST_ROWS]], is_cut=len(rows) > MOST_ROWS,
        total=_total(whole), pace=funnel.pace_of_won(user, wanted, by=by),
        shows_amounts="amount" not in user.hidden_fields("deals"),
        kinds_of_figures=kinds_of_figures(user, wanted, "sales"),
        **_funnel(request, pipeline, wanted, by),
    )  # fmt: skip


def kinds_of_figures(user: User, wanted: Wanted, current: str) -> list[dict[str, Any]]:
    """The pages of figures that somebody may open, of the same days; none where it is one."""
    days = urlencode({"first": wanted.first.isoformat(), "last": wanted.last.isoformat()})
    found = [
        {
            "label": label,
            "current": name == current,
            "url": f"{reverse(f'forecasts:{name}')}?{days}",
        }
        for name, kind, label in (
            ("sales", "deals", _("Deals")),
            ("leads", "leads", _("Leads")),
            ("activity", "interactions", _("What was done")),
        )
        if user.may(kind, "view")
    ]
    return found if len(found) > 1 else []


def tabs_of(
    offered: list[Dimension], wanted: Wanted, pipeline: Pipeline | None = None, page: str = "sales"
) -> list[dict[str, Any]]:
    """What the figures of these days can be counted by."""
    carried = {"first": wanted.first.isoformat(), "last": wanted.last.isoformat()}
    if pipeline is not None:
        carried["pipeline"] = pipeline.public_id
    at = reverse(f"forecasts:{page}")
    return [
        {"label": one.label, "current": one.name in wanted.by,
         "url": f"{at}?{urlencode(carried | {'by': one.name})}#by"}
        for one in offered
    ]  # fmt: skip


def _funnel(
    request: Request, pipeline: Pipeline | None, wanted: Wanted, by: Reckoning
) -> dict[str, Any]:
    if pipeline is None:
        return {"funnel": None}
    found = funnel.funnel_for(request.user, pipeline.pk, wanted, by=by)
    paces = funnel.pace_of_stages(request.user, pipeline.pk, wanted, by=by)
    steps = [
        (one, paces.get(one.stage.pk), width_of(one.reached, found.begun)) for one in found.steps
    ]
    return {"funnel": found, "steps": steps, "won_width": width_of(found.won, found.begun)}


def width_of(part: int, whole: int) -> str:
    """How wide the bar of a part is drawn, of a hundred."""
    return f"{100 * part / whole:.1f}" if whole else "0"


def _pipeline(identifier: str) -> Pipeline | None:
    known = pipeline_called(identifier) if identifier else None
    rows = [one for one in pipelines_in_order() if one.is_active]
    return known or next((one for one in rows if one.is_default), rows[0] if rows else None)


def _row(one: Counted) -> dict[str, Any]:
    ((_named, called),) = one.keys.values()
    return {
        "name": called, "counted": one, "amounts": amounts_in_words(one),
        "won_url": one.deals(WON) if one.won else "",
        "brings_url": one.brings() if one.won or one.is_shared else "",
        "lost_url": one.deals("lost") if one.lost else "",
    }  # fmt: skip


def _total(rows: list[Counted]) -> dict[str, Any]:
    whole = Counted({}, sum(one.won for one in rows), sum(one.lost for one in rows))
    for one in rows:
        for currency, amount in one.amounts.items():
            whole.amounts[currency] = whole.amounts.get(currency, 0) + amount
    return {"counted": whole, "amounts": amounts_in_words(whole)}


def amounts_in_words(one: Counted) -> str:
    """The amounts of a group, each in its currency."""
    return fmt.joined([fmt.money(amount, name) for name, amount in sorted(one.amounts.items())])
