"""The figures of leads: how many came, what became of them, and how soon they were answered."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from circulo.accounts.answer_cache import cached_page
from circulo.forecasts.forms import DaysForm, year_until
from circulo.forecasts.selectors.figures import Wanted
from circulo.forecasts.selectors.leads import (
    COUNTED,
    DIMENSIONS,
    Came,
    dimensions_for,
    lead_figures_for,
)
from circulo.forecasts.selectors.sums import reckoning
from circulo.forecasts.views.figures import MOST_ROWS, kinds_of_figures, tabs_of, width_of
from circulo.web import Request, page


@require_GET
@login_required
@cached_page
def leads(request: Request) -> HttpResponse:
    """The figures of the leads that one sees, of the days that are asked for."""
    user = request.user
    if not user.may("leads", "view"):
        raise PermissionDenied
    by = reckoning()
    first, last = DaysForm(request.GET).days(year_until(timezone.localdate(timezone=by.zone)))
    offered = dimensions_for(user)
    names = [one.name for one in offered]
    chosen = request.GET.get("by", names[0])
    if chosen not in names:
        chosen = names[0]
    wanted = Wanted((chosen,), first, last)
    rows = lead_figures_for(user, wanted, by=by)
    whole = lead_figures_for(user, replace(wanted, by=()), by=by)
    return page(
        request, "forecasts/leads.html", first=first, last=last, chosen=chosen,
        tabs=tabs_of(offered, wanted, page="leads"), label=DIMENSIONS[chosen].label,
        rows=[_row(one) for one in rows[:MOST_ROWS]], is_cut=len(rows) > MOST_ROWS,
        whole=_row(whole[0]) if whole else None,
        kinds_of_figures=kinds_of_figures(user, wanted, "leads"),
    )  # fmt: skip


def _row(one: Came) -> dict[str, Any]:
    """A group as the page draws it: its name, and each count with where its leads are."""
    name = next((called for _key, called in one.keys.values()), "")
    figures = {what: {"count": one.counts[what], "url": one.leads(what)} for what in COUNTED}
    came = one.counts["came"]
    widths = {what: width_of(one.counts[what], came) for what in ("came", "answered", "converted")}
    shares = {"answered": one.counts["answered"] / came, "conversion": one.conversion,
              "promptness": one.promptness}  # fmt: skip
    return {"name": name, "of": figures, "widths": widths, "shares": shares,
            "median": one.median, "most": one.most}  # fmt: skip
