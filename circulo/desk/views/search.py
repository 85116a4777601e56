"""One search over everything: the palette as somebody types, and a page of its own."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.views.decorators.http import require_GET

from circulo.accounts.models import User
from circulo.desk.selectors.search import (
    Group,
    came_for,
    found_for,
    offered_for,
    places_for,
    planned_for,
    sold_for,
)
from circulo.web import Request, page

IN_PALETTE, ON_PAGE, MOST_LETTERS = 8, 40, 100


@require_GET
@login_required
def search(request: Request) -> HttpResponse:
    """What fits the text: options for the palette, or the page of results."""
    text = request.GET.get("q", "").replace("\0", "").strip()[:MOST_LETTERS]
    if "palette" in request.GET:
        groups = found_for(request.user, text, limit=IN_PALETTE)
        groups += _others(request.user, text, limit=IN_PALETTE // 2)
        return page(request, "web/_palette_options.html", groups=groups)
    records = found_for(request.user, text, limit=ON_PAGE) if text else []
    places = [*_others(request.user, text, limit=ON_PAGE), *places_for(request.user, text)]
    return page(request, "desk/search.html", q=text, records=records, places=places)


def _others(user: User, text: str, *, limit: int) -> list[Group]:
    """What is found beside people and companies, in the order of a sale."""
    kinds = (came_for, sold_for, offered_for, planned_for)
    return [group for found in kinds for group in found(user, text, limit=limit)]
