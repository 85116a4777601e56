"""The settings of taxes: rates by region and day, what is withheld, what currencies are worth."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from circulo.accounts.views.doors import settings_page
from circulo.catalog import actions
from circulo.catalog.forms.taxes import ExchangeForm, TaxRateForm, WithholdingForm
from circulo.catalog.selectors.taxes import exchange_rates, rates_by_region, withholdings
from circulo.catalog.views.prices import refuse_who_changes_none
from circulo.catalog.views.products import tell
from circulo.lib.errors import Invalid
from circulo.records.undo_links import undo_url
from circulo.web import Request, toast


@require_http_methods(["GET", "POST"])
@login_required
def taxes(request: Request) -> HttpResponse:
    """The taxes, what is withheld, and the exchange rates; a new one of each."""
    refuse_who_changes_none(request)
    posted = request.POST if request.method == "POST" else None
    known = withholdings()
    forms: dict[str, Any] = {
        "rate_form": TaxRateForm(_meant(posted, "tax")),
        "withholding_form": WithholdingForm(known, _meant(posted, "name"), auto_id="withheld_%s"),
        "exchange_form": ExchangeForm(_meant(posted, "target"), auto_id="exchange_%s"),
    }
    form = next((one for one in forms.values() if one.is_bound), forms["rate_form"])
    if posted is not None and form.is_valid() and _written(request, form):
        return redirect("catalog:taxes")
    return settings_page(
        request, "catalog/taxes.html", here="taxes", status=200 if posted is None else 422,
        regions=rates_by_region(), withholdings=known, exchange_rates=exchange_rates(), **forms,
    )  # fmt: skip


def _meant(posted: QueryDict | None, name: str) -> QueryDict | None:
    """What was sent, where it is this form that was: it alone has a field of this name."""
    return posted if posted is not None and name in posted else None


def _written(request: Request, form: Any) -> bool:
    try:
        with transaction.atomic():
            if isinstance(form, ExchangeForm):
                actions.set_exchange_rates([form.said()], by=request.user)
            elif isinstance(form, WithholdingForm):
                actions.add_withholding(form.said(), by=request.user)
            else:
                actions.add_tax_rate(form.cleaned_data, by=request.user)
    except Invalid as invalid:
        tell(form, invalid)
        return False
    toast(request, _("The rate was added."), undo=undo_url())
    return True
