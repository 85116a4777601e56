"""The page of the forecast, by people and by territories: what is expected, and added to it."""

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

from circulo.accounts.answer_cache import cached_page
from circulo.forecasts import actions
from circulo.forecasts.actions.adjusting import Adjusting
from circulo.forecasts.forms import AdjustmentForm
from circulo.forecasts.models import Adjustment
from circulo.forecasts.periods import Period, Span, period_called, period_of
from circulo.forecasts.selectors import page as shown
from circulo.forecasts.selectors.places import forecast_by_territory, has_places
from circulo.forecasts.selectors.sums import Reckoning, reckoning
from circulo.forecasts.selectors.tree import (
    FIRM,
    PERSON,
    TEAM,
    TERRITORY,
    Forecast,
    Node,
    forecast_for,
)
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

    @property
    def by(self) -> dict[str, str]:
        """What addresses say of the tree that is meant."""
        return {"by": TERRITORY} if self.said.is_by_territory else {}

    def address(self, node: Node | None = None, period: Period | None = None) -> str:
        """The address of another node, or of another period."""
        of = (node or self.node).identifier
        query = {"of": of, "period": str(period or self.period)} | self.by
        return reverse("forecasts:forecast") + "?" + urlencode(query)


@require_GET
@login_required
@cached_page
def forecast(request: Request) -> HttpResponse:
    """The forecast of a period: of the firm, or of a part of it, as far as one sees it."""
    asked = _asked(request)
    form = AdjustmentForm(asked.said.by.currency) if "adjust" in request.GET else None
    return page(request, "forecasts/forecast.html", **_context(request, asked, form))


@require_POST
@login_required
def adjust(request: Request) -> HttpResponse:
    """Add to the forecast of a person, a team or a territory, or take from it, and say why."""
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
    more = {name: request.POST.get(name, "")[:30] for name in ("of", "by")}
    return swap(request, "web/_notice.html", otherwise=f"{back}&{urlencode(more)}", text="")


@require_GET
@login_required
def export(request: Request) -> HttpResponse | FileResponse:
    """Everybody whom one sees, or every territory, in one period, as a table."""
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
    read = forecast_by_territory if query.get("by") == TERRITORY else forecast_for
    said = read(request.user, periods, today=today, by=by)
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
        "node": node, "is_firm": node.kind == FIRM, "is_alone": _is_alone(asked),
        "trees": _trees(request, asked), "by": asked.by.get("by", ""),
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
        "undated": shown.undated(request.user, said, node),
        "may_set_quotas": request.user.may("quotas", "edit"),
        "may_export": request.user.may("forecasts", "export"),
    }  # fmt: skip


def _is_alone(asked: Asked) -> bool:
    """Whether nobody else makes up the figures of what is shown."""
    node, said = asked.node, asked.said
    is_place = said.is_by_territory and node is not said.root
    return node.kind == PERSON or is_place and not node.below


def _trees(request: Request, asked: Asked) -> list[dict[str, Any]]:
    """The same period by who sells and by where, where there are territories."""
    if not has_places(request.user):
        return []
    here = f"{reverse('forecasts:forecast')}?{urlencode({'period': str(asked.period)})}"
    is_place = asked.said.is_by_territory
    return [
        {"label": _("By people and teams"), "current": not is_place, "url": here},
        {"label": _("By territory"), "current": is_place, "url": f"{here}&by={TERRITORY}"},
    ]


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
        team=node.key if node.kind == TEAM else None,
        territory=node.key if node.kind == TERRITORY else None,
    )  # fmt: skip
    try:
        actions.adjust_forecast(said, by=request.user)
    except (Invalid, RuleBroken) as refusal:
        form.tell(refusal)
        return False
    return True
