"""Acts on many records: first how many and what, then done; and a list taken along as a file."""

import tempfile
from pathlib import Path
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest, PermissionDenied
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from circulo.desk.bulk import EXPORT, FORMATS, act_named, do_to_many
from circulo.desk.printing import print_list
from circulo.desk.selectors.chosen import MOST_AT_ONCE, Chosen, Ticks, chosen
from circulo.desk.selectors.lists import listed
from circulo.desk.wanted import Wanted
from circulo.documents.views.sheets import pdf
from circulo.lib import format as fmt
from circulo.lib.errors import Invalid
from circulo.lib.readers.writers import write
from circulo.records import criteria
from circulo.records.bulk import Act
from circulo.records.paging import BadSort
from circulo.records.resources import resource
from circulo.records.rosters import roster
from circulo.records.undo_links import undo_url
from circulo.web import Request, page, swap, toast

MOST_EXPORTED = 200_000


@require_POST
@login_required
def bulk(request: Request, name: str, act: str) -> HttpResponse | FileResponse:
    """Show what an act on the selected rows means; once sure, do it."""
    known = act_named(request.user, name, act, request.POST.get("field", ""))
    if known is None:
        raise Http404
    if not known.is_open_to(request.user, name):
        raise PermissionDenied
    wanted = Wanted.of(request.POST)
    picked = _picked(request, name, known, wanted)
    is_quick = known.is_quick and "every" not in request.POST and not picked.left_out
    if not (is_quick or "sure" in request.POST) or not picked.keys:
        return _ask(request, name, known, wanted, picked)
    if known.asks_further:
        known = act_named(request.user, name, act, request.POST.get("value", "")) or known
        return _ask(request, name, known, wanted, picked)
    try:
        return _done(request, name, known, wanted, picked)
    except Invalid as invalid:
        return _ask(request, name, known, wanted, picked, invalid)


def _done(
    request: Request, name: str, act: Act, wanted: Wanted, picked: Chosen
) -> HttpResponse | FileResponse:
    """Do it to those that it can be done to, and say how many; Invalid where there are none."""
    value, in_words = _value(request, act), roster(name).in_words
    if act.name == EXPORT.name:
        return _handed_out(request, name, picked, value)
    if act.begin:
        return redirect(act.begin(picked.keys, value, request.user))
    act.write([], value, request.user)
    keys = act.fitting(picked.keys, value, request.user)
    done = str(act.said) % in_words(len(keys))
    change_set = do_to_many(name, act, keys, value, by=request.user, label=done)
    if change_set.is_running:
        return redirect(change_set.url)
    toast(request, done, undo=undo_url(change_set.pk))
    if left := len(picked.keys) - len(keys):
        toast(request, _("Not ready for it, and left as before: %s.") % in_words(left), tone="bad")
    back = reverse(f"desk:{name}") + wanted.address()
    return swap(request, "web/_notice.html", otherwise=back, text=done)


def _value(request: Request, act: Act) -> str:
    """What an act is done with: the day that somebody typed, before one of its choices."""
    other = request.POST.get("other", "") if act.other else ""
    return other or request.POST.get("value", "")


@require_GET
@login_required
def export(request: Request, name: str) -> HttpResponse | FileResponse:
    """The list as a file, with the same search and filter and rights."""
    if not request.user.may(resource(name).kind, "export"):
        raise PermissionDenied
    ending = request.GET.get("as", "")
    if ending not in ("csv", "xlsx", "pdf"):
        raise BadRequest
    wanted = Wanted.of(request.GET)
    if ending == "pdf":
        return _pdf(request, name, wanted)
    try:
        rows = listed(resource(name), request.user, q=wanted.q, criterion=_criterion(wanted))
    except criteria.BadCriteria as bad:
        raise BadRequest(str(bad)) from bad
    if rows.order_by()[MOST_EXPORTED : MOST_EXPORTED + 1].exists():
        return _too_many(request, name, wanted)
    return _file(request, name, rows, ending)


def _handed_out(request: Request, name: str, picked: Chosen, ending: str) -> FileResponse:
    """The ticked rows as a file."""
    if ending not in FORMATS:
        raise Invalid({"value": _("Choose one of the list.")})
    if len(picked.keys) > MOST_EXPORTED:
        raise Invalid({"value": _too_many_told()})
    rows = resource(name).visible(request.user).filter(pk__in=picked.keys)
    return _file(request, name, rows, ending)


def _file(request: Request, name: str, rows: QuerySet[Any], ending: str) -> FileResponse:
    """Records of a list as a file, within the rights of whoever takes it along."""
    headings, cells = roster(name).dumped(rows, request.user)
    file = tempfile.NamedTemporaryFile(suffix=f".{ending}")  # noqa: SIM115 (closed by the answer)
    write(Path(file.name), headings, cells)
    title = f"{name}-{timezone.localdate():%Y-%m-%d}.{ending}"
    return FileResponse(Path(file.name).open("rb"), as_attachment=True, filename=title)


def _too_many_told() -> str:
    told = _("A file holds at most %s rows: narrow the list first, or use bin/circulo dump.")
    return told % fmt.number(MOST_EXPORTED)


def _too_many(request: Request, name: str, wanted: Wanted) -> HttpResponse:
    """A part of a list that passes for the whole is worse than none."""
    told = _too_many_told()
    toast(request, told, tone="bad")
    back = reverse(f"desk:{name}") + wanted.address()
    return swap(request, "web/_notice.html", otherwise=back, text=told)


def _pdf(request: Request, name: str, wanted: Wanted) -> HttpResponse:
    """The list on paper: the columns that are shown, the filter in words, pages counted."""
    try:
        printed = print_list(request.user, name, wanted)
    except (criteria.BadCriteria, BadSort) as bad:
        raise BadRequest(str(bad)) from bad
    return pdf(printed, f"{name}-{timezone.localdate():%Y-%m-%d}.pdf")


def _criterion(wanted: Wanted) -> Any:
    try:
        return criteria.parse(wanted.filter) if wanted.filter else None
    except criteria.BadCriteria as bad:
        raise BadRequest(str(bad)) from bad


def _picked(request: Request, name: str, act: Act, wanted: Wanted) -> Chosen:
    try:
        ticks = Ticks(
            request.POST.getlist("ids"), "every" in request.POST, wanted.q, _criterion(wanted)
        )
        return chosen(request.user, name, act.right, ticks)
    except criteria.BadCriteria as bad:
        raise BadRequest(str(bad)) from bad


def _ask(
    request: Request,
    name: str,
    act: Act,
    wanted: Wanted,
    picked: Chosen,
    invalid: Invalid | None = None,
) -> HttpResponse:
    """How many it would be, what is needed for it, and the button that names the act."""
    every = [("every", "1")] if "every" in request.POST else []
    said_field = request.POST.get("field", "")
    ticked = [("ids", one) for one in request.POST.getlist("ids")[:MOST_AT_ONCE] if not every]
    return page(
        request,
        "desk/bulk.html",
        status=422 if invalid else 200,
        name=name,
        act=act,
        picked=picked,
        most=MOST_AT_ONCE,
        sentence=str(act.question) % roster(name).in_words(len(picked.keys)),
        choices=act.choices(request.user) if act.choices else [],
        value=request.POST.get("value", "") if act.field == said_field else "",
        wrong=next(iter(invalid.fields.values())) if invalid else "",
        hidden=[*wanted.pairs(), *every, *ticked, *([("field", act.field)] if act.field else [])],
        back=reverse(f"desk:{name}") + wanted.address(),
    )
