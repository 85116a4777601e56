"""Lists over the API: words, criteria, order and pages, the same for every resource."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext as _

from circulo.lib import ids
from circulo.records import criteria, paging
from circulo.records.arranging import Arranged, arranged_for
from circulo.records.models import SavedView
from circulo.records.resources import Resource, resource
from circulo.records.rest.answers import answer
from circulo.records.rest.operations import Call, Parameter
from circulo.records.rest.refusals import bad_parameter, forbidden, not_found
from circulo.records.rest.schemas import flag, text, whole
from circulo.records.rows import Rows, fulfilling, holding, just, seen_rows

if TYPE_CHECKING:
    from circulo.accounts.models import User

MOST, USUAL = 200, 50
Shape = Callable[["User", list[Any]], list[dict[str, Any]]]
Only = Callable[[dict[str, Any], Sequence[str]], dict[str, Any]]
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
VIEW = Parameter(
    "view",
    text(10),
    "Id of a saved view: its search, filter, order and columns; q and filter narrow it further",
)


def page(
    call: Call,
    name: str,
    shape: Shape,
    *,
    rows: QuerySet[Any] | None = None,
    only: Only | None = None,
    by_key: bool = False,
) -> HttpResponse:
    """One page of a resource for whoever calls; `rows` narrows it beforehand.

    A `shape` that works `by_key` is given the keys of the records instead of them. `only` leaves
    of a record what the columns of a saved view show, where the call names one.
    """
    listed = resource(name)
    view = _viewed(call, name)
    seen = seen_rows(listed, call.user) if rows is None else just(rows, call.user)
    found = narrowed(call, listed, _within(view, listed, seen, call.user))
    rare = paging.Gathered() if found is seen else paging.few(found, seen)
    if rare.keys is not None:
        found = seen.with_keys(rare.keys)
    try:
        order = call.parameters.get("sort", "") or (view.sort if view else "")
        sort = paging.sort_of(listed, order, call.user)
    except paging.BadSort as bad:
        raise bad_parameter("sort", str(bad)) from bad
    try:
        here = (paging.page_of_keys if by_key else paging.page)(
            found,
            sort,
            limit=limit_of(call),
            cursor=call.parameters.get("cursor"),
            among=seen if found is not seen and rare.keys is None else None,
        )
    except paging.BadSort as bad:
        raise bad_parameter("cursor", str(bad)) from bad
    items = shape(call.user, here.rows)
    if view and view.columns and only:
        items = [only(item, view.columns) for item in items]
    said: dict[str, Any] = {"items": items, "next": here.next, "count": None}
    if call.flag("count", True):
        said["count"], is_estimate = rare.count(found, here)
        said["count_is_exact"] = not is_estimate
    return answer(said)


def _viewed(call: Call, name: str) -> Arranged | None:
    """What the saved view that a call names means for whoever calls."""
    identifier = call.parameters.get("view")
    if not identifier:
        return None
    key = ids.decode("view", identifier) or 0
    view = SavedView.objects.visible_to(call.user).filter(resource=name, pk=key).first()
    if view is None:
        raise not_found(_("There is no such view."))
    try:
        return arranged_for(view, call.user)
    except criteria.BadCriteria as bad:
        raise forbidden(_("This view filters by something that your role does not see.")) from bad


def _within(view: Arranged | None, listed: Resource, rows: Rows[Any], user: User) -> Rows[Any]:
    """The rows that a view shows."""
    if view is None:
        return rows
    found = holding(rows, listed, view.search, user) if view.search else rows
    return fulfilling(found, listed, view.criterion)


def narrowed(call: Call, listed: Resource, rows: Rows[Any]) -> Rows[Any]:
    """The rows that hold the words and fulfil the criterion of a call."""
    words, criterion = call.parameters.get("q", ""), call.parameters.get("filter", "")
    if len(words) > 200:
        raise bad_parameter("q", _("Search for at most %d characters.") % 200)
    if words:
        rows = holding(rows, listed, words, call.user)
    if not criterion:
        return rows
    try:
        return fulfilling(rows, listed, criteria.parse(criterion))
    except criteria.BadCriteria as bad:
        raise bad_parameter("filter", str(bad)) from bad


def limit_of(call: Call) -> int:
    """How many records a call wants on a page."""
    said = call.parameters.get("limit", str(USUAL))
    if not re.fullmatch(r"[0-9]{1,9}", said) or int(said) == 0:
        raise bad_parameter("limit", _("This must be a whole number of at least 1."))
    return min(int(said), MOST)
