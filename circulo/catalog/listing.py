"""The list of products as its address asks for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Self
from urllib.parse import urlencode

from django.db.models import OuterRef, QuerySet, Subquery
from django.http import QueryDict
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext_lazy

from circulo.accounts.models import User
from circulo.catalog.models import Price, Product
from circulo.records import criteria, paging
from circulo.records.resources import resource
from circulo.web.components.tables import Column, Row

PER_PAGE, MOST_LETTERS = 50, 200
TABS = {
    "sold": lazy("On sale"),
    "service": lazy("Services"),
    "bundle": lazy("Bundles"),
    "retired": pgettext_lazy("products", "Retired"),
}
COLUMNS = [
    Column("name", lazy("Name"), kind="name", sort=True),
    Column("code", lazy("Code"), sort=True),
    Column("family", lazy("Family"), sort=True),
    Column("price", lazy("Price"), kind="money"),
    Column("unit", lazy("Unit"), low=True),
    Column("kind", lazy("Kind"), kind="chips", low=True),
    Column("tax", lazy("Tax class"), shown=False, low=True),
    Column("cost", lazy("Cost"), kind="money", shown=False, low=True),
]
MARKS = {"product": "package", "service": "hand-helping", "bundle": "boxes"}
SORTS = ("name", "code", "family")


@dataclass(frozen=True)
class Wanted:
    """What the address of the list asks for."""

    show: str = "sold"
    q: str = ""
    family: str = ""
    filter: str = ""
    sort: str = ""
    cursor: str = ""

    @classmethod
    def of(cls, query: QueryDict) -> Self:
        show, sort = query.get("show", ""), query.get("sort", "")
        return cls(
            show if show in TABS else "sold",
            query.get("q", "").strip()[:MOST_LETTERS],
            query.get("family", "").strip()[:100],
            query.get("filter", "").strip(),
            sort if sort.removeprefix("-") in SORTS else "",
            query.get("cursor", ""),
        )

    def address(self, **changes: Any) -> str:
        """The query of this list with some of it changed; any change leads to the first page."""
        wanted = replace(self, **({"cursor": ""} | changes))
        said = {"show": "" if wanted.show == "sold" else wanted.show, "q": wanted.q,
                "family": wanted.family, "filter": wanted.filter, "sort": wanted.sort,
                "cursor": wanted.cursor}  # fmt: skip
        return "?" + urlencode({name: value for name, value in said.items() if value})


@dataclass(frozen=True)
class Listing:
    """One page of the list."""

    wanted: Wanted
    page: paging.Page[Any]
    count: int
    is_estimate: bool


def listing(user: User, wanted: Wanted) -> Listing:
    """The page that is asked for; BadSort or BadCriteria where that cannot be."""
    kind = resource("products")
    rows: QuerySet[Any] = Product.objects.visible_to(user)
    rows = rows.filter(is_active=wanted.show != "retired")
    if wanted.show in ("service", "bundle"):
        rows = rows.filter(kind=wanted.show)
    if wanted.family:
        rows = rows.filter(family__iexact=wanted.family)
    if wanted.q:
        rows = kind.find(rows, wanted.q, user)
    if wanted.filter:
        rows = criteria.narrow(rows, kind, criteria.parse(wanted.filter), user)
    sort = paging.sort_of(kind, wanted.sort, user)
    found = paging.page(_priced(rows), sort, limit=PER_PAGE, cursor=wanted.cursor or None)
    if not (found.next or found.previous):
        return Listing(wanted, found, len(found.rows), False)
    return Listing(wanted, found, *paging.count(rows))


def columns_for(user: User) -> list[Column]:
    """The columns that this person's role sees."""
    hidden = user.hidden_fields("products")
    return [column for column in COLUMNS if column.name not in hidden]


def rows_of(found: Listing) -> Iterator[Row]:
    """The rows of a page as the table draws them."""
    for product in found.page.rows:
        values = {
            "name": product.shown_name,
            "code": product.code,
            "family": product.family,
            "price": _money(product.listed, product.listed_currency),
            "unit": product.unit,
            "kind": [product.get_kind_display()],
            "tax": product.get_tax_class_display(),
            "cost": _money(product.cost, product.cost_currency),
        }
        note = " · ".join(product.attributes.values())
        mark = MARKS[product.kind]
        yield Row(product.public_id, product.get_absolute_url(), values, note=note, mark=mark)


def _money(amount: Any, currency: str) -> tuple[Any, str] | None:
    return None if amount is None else (amount, currency)


def _priced(rows: QuerySet[Any]) -> QuerySet[Any]:
    """The products with what one unit costs on the default list."""
    price = Price.objects.filter(
        product=OuterRef("pk"), list__is_default=True, from_quantity__lte=1
    ).order_by("list_id", "-from_quantity")
    priced: QuerySet[Any] = rows.annotate(
        listed=Subquery(price.values("amount")[:1]),
        listed_currency=Subquery(price.values("list__currency")[:1]),
    )
    return priced
