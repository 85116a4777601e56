"""The lists, and the panel that filters them."""

from dataclasses import replace

from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from circulo.accounts.answer_cache import cached_page
from circulo.accounts.models import User
from circulo.desk import actions
from circulo.desk.bulk import acts_for
from circulo.desk.listing import (
    Listing,
    count_of,
    listing,
    listing_words,
    opens_as_its_board,
    rows_of,
)
from circulo.desk.panel import NotThere, Panel, changed, panel_of
from circulo.desk.presets import current, is_just, renamed, wanted_of
from circulo.desk.selectors.saved import opening_view, views_of
from circulo.desk.shapes import narrowed, rows_of_list
from circulo.desk.views.ruling import ruled
from circulo.desk.views.shaped import own_board_address, saved_context, shape_context
from circulo.desk.wanted import Wanted
from circulo.lib import format as one
from circulo.lib.errors import Invalid
from circulo.records.estimates import rounded
from circulo.records.load_types import load_types
from circulo.records.models import SavedView
from circulo.records.paging import BadSort
from circulo.records.resources import resource
from circulo.records.rosters import Preset, roster
from circulo.records.trees import Group, text_of
from circulo.web import Request, page
from circulo.web.components.tables import Table


@require_GET
@login_required
@cached_page
def show_list(request: Request, name: str) -> HttpResponse:
    """One page of a list."""
    _refuse_who_sees_none(request, name)
    if address := renamed(name, request.GET):
        return HttpResponseRedirect(address)
    wanted = wanted_of(request.user, name, request.GET)
    views = views_of(request.user, name)
    if not request.GET and (first := opening_view(request.user, views)):
        return HttpResponseRedirect(reverse(f"desk:view_{name}", args=[first.public_id]))
    if opens_as_its_board(name, wanted):
        wanted = replace(wanted, shape="board")
    found = _listing(request, name, wanted)
    if "column" in request.GET and not found.fault:
        return _more_of_column(request, found)
    if "remember" in request.GET:
        return HttpResponseRedirect(reverse(f"desk:{name}") + _remembered(request, found))
    return _page(request, found, panel_of(request.user, name, request.GET, found), views=views)


def _more_of_column(request: Request, found: Listing) -> HttpResponse:
    """What follows in a column of a board of its own; without script, the column as a table."""
    about, asked = roster(found.resource.name), request.GET
    field = found.fields.get(about.board.by) if about.board else None
    if about.board is None or field is None:
        raise BadRequest
    if not request.htmx:
        return HttpResponseRedirect(request.path + narrowed(found, field, asked["column"]))
    rows, here = rows_of_list(request.user, found), own_board_address(found, asked)
    return HttpResponse(about.board.more(request.user, rows, asked, here))


def _remembered(request: Request, found: Listing) -> str:
    """The address of a list that was arranged anew. What belongs to a view is kept with the view;
    the rest is kept for the person.
    """
    user, name, arranged = request.user, found.resource.name, found.arranged
    if found.wanted.is_of_a_view:
        return arranged.address()
    preset = current(user, found)
    sort = "" if preset and preset.sort == found.sort else found.sort
    actions.remember_list(user, name, arranged.columns, sort, found.wanted.density)
    if found.wanted.widths:
        actions.remember_widths(user, name, found.widths)
    return found.wanted.address(columns=(), sort="", density="", widths="")


@require_POST
@login_required
def set_widths(request: Request, name: str) -> HttpResponse:
    """Keep how wide a person likes the columns of a list."""
    _refuse_who_sees_none(request, name)
    actions.remember_widths(request.user, name, Wanted.of(request.POST).every_width)
    return HttpResponse(status=204)


@require_GET
@login_required
def filter_list(request: Request, name: str) -> HttpResponse:
    """Change the criterion of a list as the panel says, and show the list it leads to."""
    _refuse_who_sees_none(request, name)
    wanted = Wanted.of(request.GET)
    found = _listing(request, name, wanted)
    if found.fault:
        return _page(request, found, panel_of(request.user, name, request.GET, found))
    try:
        tree = changed(request.user, name, found.tree, request.GET)
    except (Invalid, NotThere) as refused:
        asked = panel_of(request.user, name, request.GET, found, refused)
        return _page(request, found, asked, status=422 if asked.errors else 200)
    return HttpResponseRedirect(reverse(f"desk:{name}") + wanted.address(filter=text_of(tree)))


@require_GET
@login_required
def condition(request: Request, name: str) -> HttpResponse:
    """The operators and values of the field chosen in the panel."""
    _refuse_who_sees_none(request, name)
    asked = panel_of(request.user, name, request.GET)
    return page(request, "desk/_condition.html", panel=asked)


@require_GET
@login_required
def count_list(request: Request, name: str) -> HttpResponse:
    """How many records would remain with the condition as it is now; nothing while it is not."""
    _refuse_who_sees_none(request, name)
    wanted = Wanted.of(request.GET)
    known = listing_words(request.user, name, wanted.filter)
    try:
        tree = changed(request.user, name, known.tree, request.GET) if known else None
    except (Invalid, NotThere):
        tree = None
    count = count_of(request.user, name, wanted.q, tree) if tree else None
    return page(request, "desk/_count.html", count=_counted(*count) if count else "")


def _refuse_who_sees_none(request: Request, name: str) -> None:
    if not request.user.may(resource(name).kind, "view"):
        raise PermissionDenied


def _listing(request: Request, name: str, wanted: Wanted) -> Listing:
    try:
        return listing(request.user, name, wanted)
    except BadSort as bad:
        raise BadRequest(str(bad)) from bad


def _page(
    request: Request,
    found: Listing,
    panel: Panel,
    *,
    status: int | None = None,
    views: list[SavedView] | None = None,
) -> HttpResponse:
    name, wanted, rows = found.resource.name, found.wanted, found.page
    user, about, kind = request.user, roster(name), found.resource.kind
    preset = current(user, found)
    views = views_of(request.user, name) if views is None else views
    table = Table.of(
        request,
        name,
        found.columns,
        rows_of(found, request.user),
        sort=found.sort,
        widths=found.widths,
        density=found.density,
        densities=User.Density.choices,
        arrange_url=reverse(f"desk:widths_{name}"),
        newer=wanted.address(cursor=rows.previous) if rows.previous else "",
        older=wanted.address(cursor=rows.next) if rows.next else "",
    )
    table.kept.append(("remember", "1"))
    context = {
        "list": found,
        "name": name,
        "table": table,
        "panel": panel,
        "tree": branch(found, found.tree),
        "count": "" if found.fault else _count(found),
        "chips": found.chips,
        "search": wanted.q,
        "search_label": _("Search this list") if found.resource.is_searched else "",
        "hidden": wanted.pairs(),
        "arranged": found.arranged.pairs(),
        "bulk": list(acts_for(request.user, name)),
        "every_label": _every(found),
        "exports": _exports(request, found),
        "add_url": _address(about.new) if user.may(kind, "create") else "",
        "import_url": _import_url(request, name),
        "empty_template": about.empty if _is_whole(user, found, preset) else "",
        "preset": preset,
        "told": preset.above[1](user) if preset and preset.above else {},
        "roster": about,
        "may_edit": user.may(kind, "edit"),
        "views": saved_context(user, found, views),
        "shape": {} if found.fault else shape_context(request, found),
        "ruled": ruled(request.user, name, wanted.rule, "" if found.fault else wanted.filter),
    }
    return page(
        request, "desk/list.html", status=status or (400 if found.fault else 200), **context
    )


def _is_whole(user: User, found: Listing, preset: Preset | None) -> bool:
    """Whether nobody narrowed the list, so that where it holds nothing there is nothing yet."""
    return is_just(user, found, preset) if preset else not found.is_narrowed


def branch(found: Listing, group: Group, place: str = "") -> list[dict[str, object]]:
    """The members of a group as the panel draws them, each with the links that change it."""
    name, wanted = found.resource.name, found.wanted
    edit = reverse(f"desk:filter_{name}") + wanted.address()
    drawn: list[dict[str, object]] = []
    for position, member in enumerate(group.members):
        here = f"{place}.{position}" if place else str(position)
        entry: dict[str, object] = {
            "place": here,
            "drop": f"{edit}&drop={here}",
            "turn": f"{edit}&turn={here}",
            "is_negated": member.is_negated,
        }
        if isinstance(member, Group):
            entry |= {"group": member, "members": branch(found, member, here)}
        else:
            entry["text"] = found.words.of(member)
        drawn.append(entry)
    return drawn


def _count(found: Listing) -> str:
    return _counted(found.count, found.is_estimate)


def _counted(count: int, is_estimate: bool) -> str:
    if is_estimate:
        return _("about %s") % one.number(rounded(count))
    return ngettext("%s record", "%s records", count) % one.number(count)


def _every(found: Listing) -> str:
    if found.count <= len(found.page.rows):
        return ""
    if found.is_estimate:
        return _("All of this list")
    return _("All %s of this list") % one.number(found.count)


def _exports(request: Request, found: Listing) -> list[tuple[str, str]]:
    """The ways to take the list along, for whoever may."""
    name = found.resource.name
    if not request.user.may(found.resource.kind, "export") or not found.page.rows:
        return []
    start = reverse(f"desk:export_{name}") + found.wanted.address()
    endings = (("XLSX", "xlsx"), ("CSV", "csv"), ("PDF", "pdf"))
    return [(label, f"{start}&as={ending}") for label, ending in endings]


def _import_url(request: Request, name: str) -> str:
    """Where files of such records are brought in, if they can be."""
    if name not in load_types() or not request.user.may(resource(name).kind, "create"):
        return ""
    return f"{reverse('desk:import')}?as={name}"


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
