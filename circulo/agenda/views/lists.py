"""The lists of tasks and of appointments."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from circulo.accounts.models import User
from circulo.agenda.listing import Listing, Wanted, columns, listing, rows_of, tabs_of
from circulo.agenda.selectors.entries import promises
from circulo.agenda.views.acts import acts_for
from circulo.lib import format as one
from circulo.parties.criteria_told import in_words
from circulo.records import criteria
from circulo.records.criteria import BadCriteria
from circulo.records.paging import BadSort
from circulo.records.trees import Group, text_of
from circulo.web import Request, page
from circulo.web.components.tables import Table

# Pages of the house that stand above this app.
IMPORTS, EXPORTS = "/imports", "/exports"


@require_GET
@login_required
def show_list(request: Request, name: str) -> HttpResponse:
    """One page of a list."""
    if not request.user.may("tasks", "view"):
        raise PermissionDenied
    wanted = Wanted.of(name, request.GET)
    try:
        found = listing(request.user, wanted)
    except (BadSort, BadCriteria) as bad:
        raise BadRequest(str(bad)) from bad
    return page(request, "agenda/list.html", **_context(request, found))


def _context(request: Request, found: Listing) -> dict[str, Any]:
    wanted = found.wanted
    table = Table.of(
        request,
        wanted.name,
        columns(wanted.name),
        rows_of(found),
        sort="-when" if wanted.is_backwards else "when",
        newer=wanted.address(cursor=found.page.previous) if found.page.previous else "",
        older=wanted.address(cursor=found.page.next) if found.page.next else "",
    )
    is_tasks = wanted.name == "tasks"
    adds = request.user.may("tasks", "create")
    new = reverse("agenda:new_task" if is_tasks else "agenda:new_appointment")
    return {
        "title": _("Tasks") if is_tasks else _("Appointments"),
        "is_tasks": is_tasks,
        "table": table,
        "tabs": [
            {
                "label": label,
                "url": wanted.address(show=show, sort=""),
                "current": show == wanted.show,
            }
            for show, label in tabs_of(wanted.name).items()
        ],
        "count": _count(found),
        "chips": _chips(request.user, wanted),
        "import_url": f"{IMPORTS}?as={wanted.name}" if adds else "",
        "export_url": f"{EXPORTS}?type={wanted.name}" if _may_export(request.user) else "",
        "search": wanted.q,
        "search_label": _("Search this list"),
        "hidden": [("back", request.get_full_path())],
        "bulk": acts_for(request.user, wanted.show),
        "empty_template": "" if wanted.q or wanted.filter else "agenda/_nothing.html",
        "show": wanted.show,
        "add_url": new if adds else "",
        "word": promises(request.user) if wanted.show == "promises" else None,
    }


def _chips(user: User, wanted: Wanted) -> list[dict[str, str]]:
    """The conditions that the address narrows the list by, each with the address without it."""
    if not wanted.filter:
        return []
    tree = Group.of(criteria.parse(wanted.filter))
    (words,) = in_words(user, wanted.name, [tree.written()])
    return [{"text": text, "off": wanted.address(filter=text_of(tree.put(str(place), None)))}
            for place, text in enumerate(words or [])]  # fmt: skip


def _may_export(user: User) -> bool:
    return user.may("tasks", "export")


def _count(found: Listing) -> str:
    number = one.number(found.count)
    if found.is_estimate:
        return _("about %s") % number
    return ngettext("%s record", "%s records", found.count) % number
