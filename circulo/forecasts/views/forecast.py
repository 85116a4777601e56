"""The page of the forecast: who expects what, and what is added to it or taken from it."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from circulo.forecasts import actions
from circulo.forecasts.actions.adjusting import Adjusting
from circulo.forecasts.forms import AdjustmentForm
from circulo.forecasts.models import Adjustment
from circulo.forecasts.periods import Period, Span, period_called, period_of
from circulo.forecasts.selectors import page as shown
from circulo.forecasts.selectors.sums import Reckoning, reckoning
from circulo.forecasts.selectors.tree import FIRM, PERSON, Forecast, Node, forecast_for
from circulo.lib import ids
from circulo.lib.errors import Invalid, RuleBroken
from circulo.lib.readers.writers import write
from circulo.records.undo_links import undo_url
from circulo.web import Request, page, swap, toast


@dataclass(frozen=True)
class Asked:
    """What an address asks for: a period, and a node of the tree."""

    said: Forecast
    node: Node
    period: Period
    n: int
    today: date

    def address(self, node: Node | None = None, period: Period | None = None) -> str:
        """The address of another node, or of another period."""
        of = (node or self.node).identifier
        query = {"of": of, "period": str(period or self.period)}
        return reverse("forecasts:forecast") + "?" + urlencode(query)


@require_GET
@login_required
def forecast(request: Request) -> HttpResponse:
    """The forecast of a period: of the firm, of a team or of somebody, as far as one sees it."""
    asked = _asked(request)
    form = AdjustmentForm(asked.said.by.currency) if "adjust" in request.GET else None
    return page(request, "forecasts/forecast.html", **_context(request, asked, form))


@require_POST
@login_required
def adjust(request: Request) -> HttpResponse:
    """Add to the forecast of somebody or of a team, or take from it, and say why."""
    asked = _asked(request)
    form = AdjustmentForm(asked.said.by.currency, request.POST)
    if form.is_valid() and _adjusted(request, asked, form):
        toast(request, _("The forecast was adjusted."), undo=undo_url())
        return swap(request, "web/_notice.html", otherwise=asked.address(), text="")
    context = _context(request, asked, form)
    return page(request, "forecasts/forecast.html", status=422, **context)


@require_POST
@login_required
def withdraw(request: Request, identifier: str) -> HttpResponse:
    """Let an adjustment count no more."""
    key = ids.decode("adjustment", identifier) or 0
    found = get_object_or_404(Adjustment.objects.visible_to(request.user), pk=key)
    try:
        actions.withdraw_adjustment(found, by=request.user)
    except RuleBroken as refusal:
        toast(request, refusal.message, tone="bad")
    else:
        toast(request, _("The adjustment counts no more."), undo=undo_url())
    back = f"{reverse('forecasts:forecast')}?period={request.POST.get('period', '')[:10]}"
    of = request.POST.get("of", "")[:30]
    return swap(request, "web/_notice.html", otherwise=f"{back}&{urlencode({'of': of})}", text="")


@require_GET
@login_required
def export(request: Request) -> HttpResponse | FileResponse:
    """Everybody whom one sees in one period, as a table."""
    if not request.user.may("forecasts", "export"):
        raise PermissionDenied
    ending = request.GET.get("as", "")
    if ending not in ("csv", "xlsx"):
        raise BadRequest
    asked = _asked(request)
    file = tempfile.NamedTemporaryFile(suffix=f".{ending}")  # noqa: SIM115 (closed by the answer)
    write(Path(file.name), *shown.table(asked.said, asked.n))
    title = f"forecast-{asked.period}.{ending}"
    return FileResponse(Path(file.name).open("rb"), as_attachment=True, filename=title)


def chosen_period(text: str, today: date, by: Reckoning) -> Period:
    """The period that an address names; the present month where it names none."""
    return period_called(text, by.begins) or period_of(today, Span.MONTH, by.begins)


def _asked(request: Request) -> Asked:
    by = reckoning()
    today = timezone.localdate(timezone=by.zone)
    query = request.POST if request.method == "POST" else request.GET
    period = chosen_period(query.get("period", ""), today, by)
    periods, n = shown.shown_periods(period)
    said = forecast_for(request.user, periods, today=today, by=by)
    if said is None:
        raise PermissionDenied
    of = query.get("of", "")
    node = said.find(of) if of else said.root
    if node is None:
        raise Http404
    return Asked(said, node, period, n, today)


def _context(request: Request, asked: Asked, form: AdjustmentForm | None) -> dict[str, Any]:
    said, node, n = asked.said, asked.node, asked.n
    figures = node.figures[n]
    expected = shown.expectation(said, node, n, now=timezone.now())
    may_adjust = shown.may_adjust(request.user, node)
    return {
        "node": node, "is_firm": node.kind == FIRM, "is_person": node.kind == PERSON,
        "period": asked.period, "figures": figures, "currency": said.by.currency,
        "share": shown.share_of(figures.won, figures.quota),
        "expected": expected,
        "way": [(one, asked.address(one)) for one in said.way_to(node)],
        "whole": shown.line(said, node, n, today=asked.today),
        "lines": [(one, asked.address(one.node)) for one in
                  shown.lines(said, node, n, today=asked.today)],
        "across": [(one, asked.address(period=one.period)) for one in
                   shown.across(said, node, n, today=asked.today)],
        "spans": _spans(asked), "before": asked.address(period=asked.period.moved(-1)),
        "after": asked.address(period=asked.period.moved(1)), "here": asked.address(),
        "adjustments": shown.adjustments_of(request.user, node, asked.period),
        "may_adjust": may_adjust, "form": form if may_adjust else None,
        "apart": shown.apart_in_words(figures),
        "may_set_quotas": request.user.may("quotas", "edit"),
        "may_export": request.user.may("forecasts", "export"),
    }  # fmt: skip


def _spans(asked: Asked) -> list[dict[str, Any]]:
    """The same time by month, by quarter and by year."""
    by, day = asked.said.by, asked.period.first
    if asked.period.holds(asked.today):
        day = asked.today
    return [
        {"label": span.label, "current": span == asked.period.span,
         "url": asked.address(period=period_of(day, span, by.begins))}
        for span in Span
    ]  # fmt: skip


def _adjusted(request: Request, asked: Asked, form: AdjustmentForm) -> bool:
    """Adjust; show on the form what there was against it."""
    values, node = form.cleaned_data, asked.node
    said = Adjusting(
        asked.period, values["category"], values["amount"], values["comment"],
        user=node.key if node.kind == PERSON else None,
        team=node.key if node.kind not in (PERSON, FIRM) else None,
    )  # fmt: skip
    try:
        actions.adjust_forecast(said, by=request.user)
    except (Invalid, RuleBroken) as refusal:
        form.tell(refusal)
        return False
    return True
