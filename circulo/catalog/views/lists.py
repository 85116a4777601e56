"""The list of products, and what is done with many of them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from circulo.accounts.models import User
from circulo.accounts.views.doors import local_path
from circulo.catalog import actions
from circulo.catalog.listing import TABS, Listing, Wanted, columns_for, listing, rows_of
from circulo.catalog.models import Product
from circulo.catalog.reach import adds, reaches
from circulo.catalog.selectors.naming import products_to_name
from circulo.catalog.selectors.products import families
from circulo.lib import format as one
from circulo.lib import ids
from circulo.records.criteria import BadCriteria
from circulo.records.paging import BadSort
from circulo.web import Request, page, swap, toast
from circulo.web.components.tables import Table

MOST_AT_ONCE, MOST_FAMILIES = 2_000, 24
MOST_UNDONE = 100
ACTS = {"retire": actions.retire_products, "restore": actions.restore_products}
UNDONE_BY = {"retire": "restore", "restore": "retire"}


@require_GET
@login_required
def products(request: Request) -> HttpResponse:
    """One page of the products."""
    if not reaches(request.user):
        raise PermissionDenied
    wanted = Wanted.of(request.GET)
    try:
        found = listing(request.user, wanted)
    except (BadSort, BadCriteria) as bad:
        raise BadRequest(str(bad)) from bad
    return page(request, "catalog/list.html", **_context(request, found))


@require_GET
@login_required
def names(request: Request) -> HttpResponse:
    """Products to choose from as somebody types one."""
    found = products_to_name(request.user, request.GET.get("product", ""))
    return page(request, "catalog/_names.html", found=found)


@require_POST
@login_required
def act(request: Request, act: str) -> HttpResponse:
    """Retire products, or sell them again."""
    write = ACTS.get(act)
    if write is None:
        raise Http404
    said = (request.POST.getlist("ids") or request.GET.getlist("ids"))[:MOST_AT_ONCE]
    named = [ids.decode("product", one) or 0 for one in said]
    rows = Product.objects.visible_to(request.user, "delete" if act == "retire" else "edit")
    keys = list(rows.filter(pk__in=named).values_list("pk", flat=True))
    if not keys:
        raise Http404
    _say(request, act, keys, write(keys, by=request.user))
    back = local_path(request.POST.get("back") or reverse("catalog:products"))
    return swap(request, "web/_notice.html", otherwise=back, text="")


def _say(request: Request, act: str, keys: list[int], count: int) -> None:
    if act == "retire":
        text = ngettext(
            "%d product is not sold any more.", "%d products are not sold any more.", count
        )
    else:
        text = ngettext("%d product is sold again.", "%d products are sold again.", count)
    undo = ""
    if len(keys) <= MOST_UNDONE:
        query = urlencode({"ids": [ids.encode("product", key) for key in keys]}, doseq=True)
        undo = f"{reverse('catalog:act', args=[UNDONE_BY[act]])}?{query}"
    toast(request, text % count, undo=undo)


def _context(request: Request, found: Listing) -> dict[str, Any]:
    wanted, user = found.wanted, request.user
    table = Table.of(
        request,
        "products",
        columns_for(user),
        rows_of(found),
        sort=wanted.sort or "name",
        newer=wanted.address(cursor=found.page.previous) if found.page.previous else "",
        older=wanted.address(cursor=found.page.next) if found.page.next else "",
    )
    return {
        "table": table,
        "tabs": [
            {"label": label, "url": wanted.address(show=show), "current": show == wanted.show}
            for show, label in TABS.items()
        ],
        "families": [] if wanted.show == "retired" else families()[:MOST_FAMILIES],
        "wanted": wanted,
        "count": _count(found),
        "search": wanted.q,
        "search_label": _("Search products"),
        "chips": [{"text": wanted.family, "off": wanted.address(family="")}]
        if wanted.family
        else [],
        "hidden": [("back", request.get_full_path())],
        "bulk": _acts(user, wanted),
        "is_bare": not (wanted.q or wanted.family or wanted.filter or wanted.show != "sold"),
        "may_add": adds(user),
    }


def _acts(user: User, wanted: Wanted) -> list[dict[str, Any]]:
    """The buttons of the bar over the selected rows, as far as this person may."""
    if wanted.show == "retired":
        act = {"label": _("Sell again"), "url": reverse("catalog:act", args=["restore"]),
               "mark": "rotate-ccw"}  # fmt: skip
        return [act] if reaches(user, "edit") else []
    act = {"label": _("Retire"), "url": reverse("catalog:act", args=["retire"]), "mark": "archive"}
    return [act] if reaches(user, "delete") else []


def _count(found: Listing) -> str:
    number = one.number(found.count)
    if found.is_estimate:
        return _("about %s") % number
    return ngettext("%s product", "%s products", found.count) % number
