"""Lists over the API: words, criteria, order and pages, the same for every resource."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext as _

from circulo.records import criteria, paging
from circulo.records.lookups import has_any_key
from circulo.records.resources import Resource, resource
from circulo.records.rest.answers import answer
from circulo.records.rest.operations import Call, Parameter
from circulo.records.rest.refusals import bad_parameter
from circulo.records.rest.schemas import flag, text, whole

if TYPE_CHECKING:
    from circulo.accounts.models import User

MOST, USUAL = 200, 50
Shape = Callable[["User", list[Any]], list[dict[str, Any]]]
PAGES = (
    Parameter("filter", text(), "A criterion as JSON, see the criteria language"),
    Parameter(
        "sort", text(200), "Fields in order, those after a minus downwards: -created_at,name"
    ),
    Parameter("limit", whole(1), f"Records a page: {USUAL} unless said, {MOST} at most"),
    Parameter("cursor", text(), "What `next` of the page before said"),
    Parameter("count", flag(), "false leaves out the count, which saves a little time"),
)
WORDS = Parameter(
    "q",
    text(),
    "Words that all must occur, accents and case ignored; one or two letters must begin one",
)


def page(call: Call, name: str, shape: Shape, *, rows: QuerySet[Any] | None = None) -> HttpResponse:
    """One page of a resource for whoever calls; `rows` narrows it beforehand."""
    listed = resource(name)
    seen = listed.visible(call.user) if rows is None else rows
    found = narrowed(call, listed, seen)
    rare = None if found is seen else paging.few(found, seen)
    if rare is not None:
        found = seen.filter(has_any_key(rare))
    try:
        sort = paging.sort_of(listed, call.parameters.get("sort", ""), call.user)
    except paging.BadSort as bad:
        raise bad_parameter("sort", str(bad)) from bad
    try:
        here = paging.page(
            found,
            sort,
            limit=limit_of(call),
            cursor=call.parameters.get("cursor"),
            among=seen if found is not seen and rare is None else None,
        )
    except paging.BadSort as bad:
        raise bad_parameter("cursor", str(bad)) from bad
    said: dict[str, Any] = {"items": shape(call.user, here.rows), "next": here.next, "count": None}
    if call.flag("count", True):
        count = paging.count(found) if rare is None else (len(rare), False)
        said["count"], is_estimate = count
        said["count_is_exact"] = not is_estimate
    return answer(said)


def narrowed(call: Call, listed: Resource, rows: QuerySet[Any]) -> QuerySet[Any]:
    """The rows that hold the words and fulfil the criterion of a call."""
    words, criterion = call.parameters.get("q", ""), call.parameters.get("filter", "")
    if len(words) > 200:
        raise bad_parameter("q", _("Search for at most %d characters.") % 200)
    if words:
        rows = listed.find(rows, words, call.user)
    if not criterion:
        return rows
    try:
        return criteria.narrow(rows, listed, criteria.parse(criterion), call.user)
    except criteria.BadCriteria as bad:
        raise bad_parameter("filter", str(bad)) from bad


def limit_of(call: Call) -> int:
    """How many records a call wants on a page."""
    said = call.parameters.get("limit", str(USUAL))
    if not re.fullmatch(r"[0-9]{1,9}", said) or int(said) == 0:
        raise bad_parameter("limit", _("This must be a whole number of at least 1."))
    return min(int(said), MOST)
