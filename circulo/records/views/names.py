"""Names to choose from as somebody types what an own field links to."""

from __future__ import annotations

from collections import Counter

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.views.decorators.http import require_GET

from circulo.records.own.links import alike, is_listed, place_of
from circulo.web import Request, page
from circulo.web.asking import words

MOST_NAMES, MOST_TYPED = 8, 100


@require_GET
@login_required
def names(request: Request) -> HttpResponse:
    """Those that fit; of one name each by the address of its page."""
    link = request.GET.get("of", "")
    text = words(request.GET, request.GET.get("named", ""))[:MOST_TYPED]
    found = alike(request.user, link, text, MOST_NAMES) if is_listed(link) else []
    many = Counter(name for _identifier, name in found)
    return page(request, "records/_names.html", found=[
        (name, place_of(link, identifier) if many[name] > 1 else name)
        for identifier, name in found
    ])  # fmt: skip
