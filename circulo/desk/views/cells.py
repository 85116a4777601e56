"""One record of a list from nearer by: peeked at, or edited in its cell."""

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from circulo.accounts.models import User
from circulo.desk.forms import CellForm
from circulo.desk.listing import column_of, drawer
from circulo.desk.own_columns import is_edited_in_place, names_for
from circulo.desk.selectors.lists import just_saved
from circulo.lib import ids, phones
from circulo.lib.errors import Invalid, RuleBroken, Stale
from circulo.parties.models import Party
from circulo.parties.overview import overview
from circulo.records.resources import Field, resource
from circulo.records.rosters import roster
from circulo.records.undo_links import undo_url
from circulo.timeline.kinds import LOOKS, Kind
from circulo.web import Request, page, swap, toast

LATELY = 5
KINDS = {"contacts": "person", "companies": "organisation"}


@require_GET
@login_required
def peek(request: Request, name: str, id: str) -> HttpResponse:
    """A closer look at one row, for the panel beside the list."""
    if name not in KINDS:
        return _peek_at(request, name, id)
    try:
        seen = overview(request.user, id, KINDS[name])
    except Party.DoesNotExist as error:
        raise Http404 from error
    return page(
        request,
        "desk/_peek.html",
        party=seen.party,
        panels=seen.panels,
        phones=[_dialled(point["value"], request.user) for point in seen.panels.get("phones", ())],
        happened=[_told(row) for row in seen.panels.get("interactions", ())[:LATELY]],
    )


def _peek_at(request: Request, name: str, id: str) -> HttpResponse:
    """A closer look as its roster draws it."""
    about = roster(name)
    record = about.within(request.user, "view").filter(pk=ids.decode(about.key, id) or 0).first()
    if record is None or about.peek is None:
        raise Http404
    template, needs = about.peek
    return page(request, template, **needs(record, request.user))


def _dialled(number: str, user: User) -> tuple[str, str]:
    """A number to call, and as it is written here."""
    return number, phones.shown(number, user.region[-2:])


def _told(row: dict[str, Any]) -> dict[str, Any]:
    """One interaction of the overview in a line."""
    look, moment = LOOKS[Kind(row["kind"])], row["occurred_at"]
    when = moment if isinstance(moment, datetime) else datetime.fromisoformat(moment)
    return {"text": row["subject"] or look.label, "icon": look.icon, "when": when, "by": row["by"]}


@require_http_methods(["GET", "POST"])
@login_required
def cell(request: Request, name: str, id: str, column: str) -> HttpResponse:
    """A cell as a field; sent back, the cell with its new value."""
    record, field = _record(request.user, name, id), _field(request.user, name, column)
    form = CellForm(name, record, field, request.user, request.POST or None)
    status = 200
    if request.method == "POST":
        status = _save(name, record, field, form, request.user) if form.is_valid() else 422
        if status == 200:
            return _saved(request, name, record, field)
    return swap(
        request,
        "web/_cell_edit.html",
        otherwise="desk/cell.html",
        status=status,
        form=form,
        url=request.path,
        record=record,
        field=field,
    )


def _record(user: User, name: str, id: str) -> Any:
    about = roster(name)
    rows = about.within(user, "edit")
    rows = rows.select_related("owner__team") if "owner" in about.base else rows
    record = rows.filter(pk=ids.decode(about.key, id) or 0).first()
    if record is None:
        raise Http404
    return record


def _field(user: User, name: str, column: str) -> Field:
    field = resource(name).fields_for(user).get(column)
    edits_own = field is not None and field.own is not None and is_edited_in_place(field.own)
    if field is None or not (edits_own or column in roster(name).edited):
        raise Http404
    return field


def _save(name: str, record: Any, field: Field, form: CellForm, user: User) -> int:
    """Save the value of a cell; the status says whether it was refused, the form why."""
    version = form.cleaned_data.get("version")
    try:
        roster(name).change(record, field, form.said, user, version)
        return 200
    except Stale as stale:
        form.add_error("value", str(stale.message))
    except Invalid as invalid:
        form.add_error("value", str(next(iter(invalid.fields.values()))))
        return 422
    except RuleBroken as broken:
        form.add_error("value", str(broken.message))
    return 409


def _saved(request: Request, name: str, record: Any, field: Field) -> HttpResponse:
    toast(request, _("Saved."), undo=undo_url())
    shown = [field.name]
    saved = just_saved(resource(name), record, request.user, shown)
    names = names_for(request.user, name, shown, [saved])
    row = drawer(name, request.user, shown, names)(saved)
    column = column_of(roster(name), field, is_shown=True)
    return swap(request, "web/_cell.html", otherwise=f"desk:{name}", column=column, row=row)
