"""The lines of a deal, as they are typed on its page."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from circulo.catalog.forms.lines import LinesForm
from circulo.lib.errors import Invalid, RuleBroken
from circulo.records.undo_links import undo_url
from circulo.sales import actions
from circulo.sales.drafts import Draft
from circulo.sales.selectors.lines import goods_of
from circulo.sales.views.deals import context_of
from circulo.sales.views.finding import find
from circulo.web import Request, page, swap, toast


@require_POST
@login_required
def lines(request: Request, identifier: str) -> HttpResponse:
    """Keep the lines of a deal as they were typed, at the prices of today."""
    deal = find(request, identifier, "edit")
    goods = goods_of(request.user, deal)
    if goods is None:
        raise Http404
    form = LinesForm(goods.kept, goods.names, request.POST, request.user)
    if form.asks_for_more:
        return page(request, "sales/deal.html", **context_of(request, deal, form))
    columns: dict[str, Any] = {"amount_from_lines": "follows" in request.POST}
    try:
        draft = Draft(columns, lines=form.wanted(), lines_seen=form.seen)
        actions.change_deal(deal, draft, by=request.user)
    except Invalid as invalid:
        form.refuse(next(iter(invalid.fields.values())))
        return page(request, "sales/deal.html", status=422, **context_of(request, deal, form))
    except RuleBroken as refusal:
        form.refuse(refusal.message)
        return page(request, "sales/deal.html", status=409, **context_of(request, deal, form))
    toast(request, _("The lines were saved."), undo=undo_url())
    where = f"{deal.get_absolute_url()}?lines={form.moved or 'new'}"
    return swap(request, "records/_gone.html", otherwise=where)
