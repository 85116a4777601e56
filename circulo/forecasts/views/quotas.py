"""The grid of quotas: typed cell by cell, copied to the next year."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from circulo.forecasts import actions
from circulo.forecasts.actions.quotas import Said
from circulo.forecasts.periods import Period, Span, period_called, period_of
from circulo.forecasts.selectors.quotas import Grid, GridRow, Subject, grid_for
from circulo.forecasts.selectors.sums import Reckoning, reckoning
from circulo.lib import format as fmt
from circulo.lib import money
from circulo.lib.errors import Invalid, RuleBroken
from circulo.records.undo_links import undo_url
from circulo.web import Request, page, swap, toast

LENGTHS = (Span.MONTH, Span.QUARTER, Span.YEAR)


@require_http_methods(["GET", "POST"])
@login_required
def quotas(request: Request) -> HttpResponse:
    """The quotas of a year; a post says all that were typed."""
    by, year, span = _asked(request)
    grid = _grid(request, year, span)
    wrong: dict[str, str] = {}
    if request.method == "POST":
        said = _read(request, grid, by, wrong)
        if not wrong and _saved(request, said, wrong):
            return swap(request, "web/_notice.html", otherwise=_address(year, span), text="")
    context = _context(request, grid, year, span, by, wrong)
    return page(request, "forecasts/quotas.html", status=422 if wrong else 200, **context)


@require_POST
@login_required
def copy(request: Request) -> HttpResponse:
    """Say for the year after this one the quotas of this one, where it has none."""
    _by, year, span = _asked(request)
    try:
        copied = sum(
            actions.copy_quotas(period, to=then, by=request.user)
            for period, then in zip(
                _periods(year, span), _periods(year.moved(1), span), strict=True
            )
        )
    except (Invalid, RuleBroken) as refusal:
        text = refusal.message if isinstance(refusal, RuleBroken) else [*refusal.fields.values()][0]
        toast(request, text, tone="bad")
        return swap(request, "web/_notice.html", otherwise=_address(year, span), text="")
    text = ngettext("%d quota was copied.", "%d quotas were copied.", copied) % copied
    toast(request, text, undo=undo_url() if copied else "")
    return swap(request, "web/_notice.html", otherwise=_address(year.moved(1), span), text="")


def _asked(request: Request) -> tuple[Reckoning, Period, Span]:
    if not request.user.may("quotas", "view") or not request.user.may("deals", "view"):
        raise PermissionDenied
    by = reckoning()
    query = request.POST if request.method == "POST" else request.GET
    today = timezone.localdate(timezone=by.zone)
    named = period_called(query.get("period", ""), by.begins)
    year = period_of(named.first if named else today, Span.YEAR, by.begins)
    wanted = query.get("span", "")
    return by, year, Span(wanted) if wanted in Span.values else Span.MONTH


def _periods(year: Period, span: Span) -> list[Period]:
    if span == Span.YEAR:
        return [year]
    quarters = year.parts()
    return quarters if span == Span.QUARTER else [one for part in quarters for one in part.parts()]


def _grid(request: Request, year: Period, span: Span) -> Grid:
    return grid_for(request.user, _periods(year, span))


def _read(request: Request, grid: Grid, by: Reckoning, wrong: dict[str, str]) -> list[Said]:
    """What was typed anew, cell by cell; what cannot be read is `wrong`."""
    said, shown = [], _shown_before(request.POST.get("was", ""))
    for row in grid.rows:
        if not row.subject.is_changed:
            continue
        for period, amount, currency in row.amounts:
            name = f"{row.subject.identifier}-{period}"
            typed = request.POST.get(name)
            if typed is None or typed.strip() in (_typed(amount), shown.get(name)):
                continue
            if shown.get(name, _typed(amount)) != _typed(amount):
                wrong[name] = _("Somebody else changed this quota meanwhile: look at it again.")
                continue
            currency = currency or by.currency
            try:
                read = fmt.parse_number(typed, money.decimals_of(currency))
                said.append(_said(row, period, money.read_amount(read), currency))
            except Invalid as invalid:
                wrong[name] = str(next(iter(invalid.fields.values())))
    return said


def _shown_before(text: str) -> dict[str, str]:
    """What stood in the cells of the page that somebody typed into."""
    try:
        told = json.loads(text)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _said(row: GridRow, period: Period, amount: Any, currency: str) -> Said:
    return Said(period, amount, currency, **{row.subject.kind: row.subject.key})


def _saved(request: Request, said: list[Said], wrong: dict[str, str]) -> bool:
    try:
        changed = actions.set_quotas(said, by=request.user)
    except Invalid as invalid:
        wrong[""] = str(next(iter(invalid.fields.values())))
        return False
    text = ngettext("%d quota was saved.", "%d quotas were saved.", changed) % changed
    toast(request, text, undo=undo_url() if changed else "")
    return True


def _typed(amount: Any) -> str:
    return "" if amount is None else fmt.typed_number(amount.normalize())


def _context(
    request: Request, grid: Grid, year: Period, span: Span, by: Reckoning, wrong: dict[str, str]
) -> dict[str, Any]:
    return {
        "periods": grid.periods, "year": year, "span": span, "currency": by.currency,
        "groups": _groups(request, grid, wrong),
        "was": json.dumps({f"{row.subject.identifier}-{period}": _typed(amount)
                           for row in grid.rows for period, amount, _currency in row.amounts}),
        "wrong": list(dict.fromkeys(wrong.values())),
        "spans": [{"label": one.label, "url": _address(year, one), "current": one == span}
                  for one in LENGTHS],
        "before": _address(year.moved(-1), span), "after": _address(year.moved(1), span),
        "next_year": year.moved(1),
        "may_set": any(row.subject.is_changed for row in grid.rows),
    }  # fmt: skip


def _groups(request: Request, grid: Grid, wrong: dict[str, str]) -> list[dict[str, Any]]:
    """The rows under the heading of their kind; a kind that nobody sees has none."""
    kinds = {"team": (_("Teams"), "users"), "user": (_("People"), "user"),
             "territory": (_("Territories"), "map-pin")}  # fmt: skip
    found = []
    for kind, (label, mark) in kinds.items():
        rows = [
            {"subject": row.subject, "total": _total(row),
             "cells": [_cell(request, row.subject, cell, wrong) for cell in row.amounts]}
            for row in grid.rows if row.subject.kind == kind
        ]  # fmt: skip
        if rows:
            found.append({"label": label, "mark": mark, "rows": rows})
    return found


def _total(row: GridRow) -> str:
    """What the cells of a row come to, currency by currency; nothing where one says it already."""
    sums: dict[str, Any] = {}
    for _period, amount, currency in row.amounts:
        if amount is not None:
            sums[currency] = sums.get(currency, 0) + amount
    if len(row.amounts) < 2:
        return ""
    return " + ".join(fmt.money(amount, currency, 0) for currency, amount in sums.items())


def _cell(
    request: Request, subject: Subject, said: tuple[Period, Any, str], wrong: dict[str, str]
) -> dict[str, Any]:
    period, amount, currency = said
    name = f"{subject.identifier}-{period}"
    return {
        "name": name, "label": f"{subject.name}, {period.label}", "period": period,
        "value": request.POST.get(name, _typed(amount)), "currency": currency,
        "amount": amount, "is_wrong": name in wrong,
    }  # fmt: skip


def _address(year: Period, span: Span) -> str:
    query = urlencode({"period": str(year), "span": span.value})
    return f"{reverse('forecasts:quotas')}?{query}"
