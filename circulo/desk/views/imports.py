"""Bringing in a file: choose it, say what its columns are, have it checked, have it brought in."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from circulo.accounts.models import User
from circulo.desk.import_forms import (
    FileForm,
    OptionsForm,
    ShapeForm,
    mapping_said,
    types_open_to,
)
from circulo.desk.selectors import imports as selectors
from circulo.desk.wanted import Wanted
from circulo.lib import ids
from circulo.lib.errors import Invalid, RuleBroken
from circulo.records import criteria
from circulo.records.actions import asking, loads
from circulo.records.load_types import load_types
from circulo.records.models import Load, SavedView
from circulo.records.resources import resource
from circulo.web import Request, page, toast

STEPS = ("file", "columns", "check", "import")
_WORKING = (Load.State.CHECKING, Load.State.RUNNING)


@require_http_methods(["GET", "POST"])
@login_required
def imports(request: Request) -> HttpResponse:
    """What was brought in, and the way to bring in more."""
    if not types_open_to(request.user):
        raise PermissionDenied
    if request.method == "POST":
        return _upload(request)
    chosen = request.GET.get("as", "")
    return _imports_page(request, FileForm(request.user, initial={"type": chosen}))


def _upload(request: Request) -> HttpResponse:
    form = FileForm(request.user, request.POST, request.FILES)
    if not form.is_valid():
        return _imports_page(request, form)
    file, name = form.content
    try:
        load = loads.start_load(file, name, form.cleaned_data["type"], by=request.user)
    except RuleBroken as broken:
        form.add_error("file", str(broken.message))
        return _imports_page(request, form)
    return redirect("desk:show_import", load.public_id)


def _imports_page(request: Request, form: FileForm) -> HttpResponse:
    status = 422 if form.errors else 200
    found = selectors.imports_of(request.user)
    most = settings.IMPORT_LIMIT // 1024 // 1024
    return page(request, "desk/imports.html", status=status, form=form, loads=found, most=most)


@require_GET
@login_required
def show_import(request: Request, identifier: str) -> HttpResponse:
    """One import, at whatever step it is; `?columns` goes back to its columns."""
    load = _find(request, identifier)
    wants_columns = "columns" in request.GET and load.state == Load.State.READY
    return _answer(request, load, step="columns" if wants_columns else "")


@require_POST
@login_required
def map_import(request: Request, identifier: str) -> HttpResponse:
    """Keep what was said of the columns, and show the rows as they are understood now."""
    load = _find(request, identifier)
    try:
        load = _mapped(load, request)
    except (RuleBroken, Invalid) as refused:
        return _answer(request, load, refusal=_told(refused))
    return _answer(request, load) if request.htmx else redirect(_address(load))


@require_POST
@login_required
def check_import(request: Request, identifier: str) -> HttpResponse:
    """Keep what was said of the columns, and have every row checked."""
    load = _find(request, identifier)
    try:
        load = asking.ask_check(_mapped(load, request) if "mapped" in request.POST else load)
    except (RuleBroken, Invalid) as refused:
        return _answer(request, load, refusal=_told(refused))
    return redirect(_address(load))


@require_POST
@login_required
def run_import(request: Request, identifier: str) -> HttpResponse:
    """Have the rows brought in."""
    load = _find(request, identifier)
    try:
        asking.ask_run(load, leaves_alike="leaves_alike" in request.POST)
    except RuleBroken as broken:
        return _answer(request, load, refusal=str(broken.message))
    return redirect(_address(load))


@require_POST
@login_required
def cancel_import(request: Request, identifier: str) -> HttpResponse:
    """Stop a check, or an import after the batch at hand."""
    load = _find(request, identifier)
    try:
        if load.state == Load.State.CHECKING:
            asking.stop_check(load)
        else:
            loads.cancel_load(load)
    except RuleBroken as broken:
        toast(request, broken.message, tone="bad")
    return redirect(_address(load))


@require_POST
@login_required
def discard_import(request: Request, identifier: str) -> HttpResponse:
    """Forget a file that was not brought in."""
    load = _find(request, identifier)
    try:
        loads.discard_load(load)
    except RuleBroken as broken:
        return _answer(request, load, refusal=str(broken.message))
    return redirect("desk:import")


@require_GET
@login_required
def import_errors(request: Request, identifier: str) -> FileResponse:
    """The rows that were refused, with the reasons, as a file to be mended and brought in again."""
    load = _find(request, identifier)
    path = None if load.state in _WORKING else loads.error_file(load)
    if path is None:
        raise Http404
    name = f"{Path(load.name).stem}-{_('errors')}{path.suffix}"
    answer = FileResponse(path.open("rb"), as_attachment=True, filename=name)
    answer["Cache-Control"] = "no-store"
    return answer


def _find(request: Request, identifier: str) -> Load:
    key = ids.decode("load", identifier)
    load = Load.objects.visible_to(request.user).filter(pk=key).first() if key else None
    if load is None or not request.user.may(load_types()[load.type].kind, "create"):
        raise Http404
    return load


def _address(load: Load) -> str:
    return reverse("desk:show_import", args=[load.public_id])


def _mapped(load: Load, request: Request) -> Load:
    """What the form of the columns says, kept; a new reading of the table comes first."""
    options = OptionsForm(load, request.POST)
    if not options.is_valid():
        raise Invalid({name: " ".join(map(str, told)) for name, told in options.errors.items()})
    said = load.options | options.cleaned_data
    if "table" not in load.shape:
        return loads.map_columns(load, options=said)
    shape = ShapeForm(load.shape["table"], request.POST)
    if not shape.is_valid():
        raise Invalid({name: " ".join(map(str, told)) for name, told in shape.errors.items()})
    before = loads.headings_of(load)
    read = asking.reread_table(load, **shape.cleaned_data)
    mapping = mapping_said(load, request.POST) if loads.headings_of(read) == before else None
    return loads.map_columns(read, mapping=mapping, options=said)


def _told(refused: RuleBroken | Invalid) -> str:
    if isinstance(refused, RuleBroken):
        return str(refused.message)
    return " ".join(str(text) for text in refused.fields.values())


def _answer(request: Request, load: Load, *, step: str = "", refusal: str = "") -> HttpResponse:
    """The import as it stands: the part that changes for htmx, else the whole page."""
    step = step or _step_of(load)
    context: dict[str, Any] = {
        "load": load,
        "step": step,
        "type": load_types()[load.type],
        "refusal": refusal,
        "steps": _steps(step),
        "crumbs": [(_("Imports"), reverse("desk:import"))],
    }
    context |= _columns(request, load) if step == "columns" else _outcome(load, request.user)
    template = "desk/_import.html" if request.htmx else "desk/import.html"
    return page(request, template, status=409 if refusal else 200, **context)


def _step_of(load: Load) -> str:
    if load.state == Load.State.NEW:
        return "columns"
    return "check" if load.state in (Load.State.CHECKING, Load.State.READY) else "import"


def _steps(step: str) -> list[dict[str, Any]]:
    labels = (_("File"), _("Columns"), _("Check"), _("Import"))
    at = STEPS.index(step)
    return [
        {"label": label, "is_done": number < at, "is_here": number == at}
        for number, label in enumerate(labels)
    ]


def _columns(request: Request, load: Load) -> dict[str, Any]:
    table = load.shape.get("table")
    found = selectors.columns(load)
    return {
        "shape": ShapeForm(table) if table else None,
        "options": OptionsForm(load),
        "columns": found,
        "left_out": sum(1 for column in found if not column.target),
        "targets": selectors.targets(load, request.user),
        "doubts": selectors.doubts(load, request.user),
        "preview": selectors.preview(load),
    }


def _outcome(load: Load, user: User) -> dict[str, Any]:
    refused = selectors.refusals(load) if load.refused and load.state not in _WORKING else []
    is_checked = load.state == Load.State.READY
    words = (
        (_("Would be new"), _("Would change"), _("As they are"), _("Refused"))
        if is_checked
        else (_("New"), _("Changed"), _("As they were"), _("Refused"))
    )
    counts = (load.created, load.updated, load.skipped, load.refused)
    return {
        "is_working": load.state in _WORKING,
        "figures": list(zip(words, counts, strict=True)),
        "refusals": refused,
        "doubts": selectors.likenesses(load, user) if is_checked and load.alike else [],
        "repeats": selectors.repeats(load) if is_checked and load.repeated else [],
        "more_refused": max(load.refused - len(refused), 0) if refused else 0,
        "takes": load.created + load.updated,
        "seconds": _seconds(load),
        "list_url": _list_url(load, user),
    }


def _seconds(load: Load) -> float | None:
    if load.started_at and load.finished_at:
        return float((load.finished_at - load.started_at).total_seconds())
    return None


def _list_url(load: Load, user: User) -> str:
    """The list of what was new or changed by an import, where such records have one: what was
    written between its beginning and its end.
    """
    if load.type not in SavedView.RESOURCES or not (load.started_at and load.finished_at):
        return ""
    if "updated_at" not in resource(load.type).fields_for(user):
        return ""
    first = load.started_at.replace(microsecond=0)
    last = load.finished_at.replace(microsecond=0) + timedelta(seconds=1)
    during = {"field": "updated_at", "op": "between",
              "value": [first.isoformat(), last.isoformat()]}  # fmt: skip
    filtered = criteria.written(during)
    wanted = Wanted(filter=filtered, sort="-created_at", view="none", shape="table")
    return reverse(f"desk:{load.type}") + wanted.address()
