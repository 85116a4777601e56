"""What was changed of a product, and a change put back."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.views.decorators.http import require_GET, require_POST

from circulo.catalog.reach import reaches
from circulo.catalog.views.products import find
from circulo.records.history import history_of
from circulo.records.views.putting_back import put_line_back
from circulo.web import Request, page


@require_GET
@login_required
def changes(request: Request, identifier: str) -> HttpResponse:
    """Who changed what of this product, its prices and what is known of it, and through what."""
    product = find(request, identifier)
    history = history_of(request.user, "product", product.pk, request.GET.get("before", ""))
    return page(request, "catalog/changes.html", product=product, history=history,
                may_edit=reaches(request.user, "edit"))  # fmt: skip


@require_POST
@login_required
def put_back(request: Request, identifier: str, line: str) -> HttpResponse:
    """Give a field the value that it had before a change, or a deleted row its place again."""
    product = find(request, identifier, "edit")
    back = f"{product.get_absolute_url()}/changes"
    return put_line_back(request, "product", product.pk, line, back=back)
