"""The settings of taxes: rates by region and day, and what currencies are worth."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from circulo.accounts.views.doors import settings_page
from circulo.catalog import actions
from circulo.catalog.forms.prices import ExchangeForm, TaxRateForm
from circulo.catalog.selectors.taxes import exchange_rates, rates_by_region, withholdings
from circulo.catalog.views.prices import refuse_who_changes_none
from circulo.catalog.views.products import tell
from circulo.lib.errors import Invalid
from circulo.records.undo_links import undo_url
from circulo.web import Request, toast


@require_http_methods(["GET", "POST"])
@login_required
def taxes(request: Request) -> HttpResponse:
    """The taxes and the exchange rates; a new one of either."""
    refuse_who_changes_none(request)
    posted = request.POST if request.method == "POST" else None
    is_exchange = posted is not None and "target" in posted
    rate = TaxRateForm(None if is_exchange else posted)
    exchange = ExchangeForm(posted if is_exchange else None)
    form: Any = exchange if is_exchange else rate
    if posted is not None and form.is_valid() and _written(request, form):
        return redirect("catalog:taxes")
    return settings_page(
        request, "catalog/taxes.html", here="taxes", status=200 if posted is None else 422,
        rate_form=rate, exchange_form=exchange, regions=rates_by_region(),
        withholdings=withholdings(), exchange_rates=exchange_rates(),
    )  # fmt: skip


def _written(request: Request, form: Any) -> bool:
    try:
        with transaction.atomic():
            if isinstance(form, ExchangeForm):
                actions.set_exchange_rates([form.said()], by=request.user)
            else:
                actions.add_tax_rate(form.cleaned_data, by=request.user)
    except Invalid as invalid:
        tell(form, invalid)
        return False
    toast(request, _("The rate was added."), undo=undo_url())
    return True
