"""Lists handed out over the API: asked for, written in the background, and fetched as a file."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, HttpResponse
from django.utils.translation import gettext as _

from circulo.accounts.models import User
from circulo.lib import ids
from circulo.lib.errors import Invalid
from circulo.records.actions import exporting
from circulo.records.load_types import dumps
from circulo.records.models import Export
from circulo.records.resources import resource
from circulo.records.rest import lists, reading
from circulo.records.rest.answers import answer, etag_of, nothing, one, version_of
from circulo.records.rest.operations import Call, Operation, offer
from circulo.records.rest.refusals import Refused, forbidden, not_found
from circulo.records.rest.schemas import (
    anything,
    choice,
    component,
    identifier,
    moment,
    nullable,
    page_of,
    record,
    text,
    whole,
)
from circulo.records.stored import media

BYTES = "application/octet-stream"
EXPORT = component(
    "Export",
    record(
        {
            "id": identifier("export"),
            "type": text(),
            "format": choice(Export.Format.values),
            "filter": nullable(anything()),
            "state": choice(Export.State.values),
            "rows": nullable(whole(0)),
            "size": nullable(whole(0, description="Bytes of the file")),
            "error": text(),
            "created_at": moment(),
            "finished_at": nullable(moment()),
        },
        required=["id", "type", "format", "state"],
    ),
)
EXPORT_IN = component(
    "ExportToMake",
    record(
        {
            "type": text(30, description="Such as contacts, deals, quotes"),
            "format": choice(Export.Format.values),
            "filter": nullable(anything()),
        },
        required=["type"],
    ),
)


def list_exports(call: Call) -> HttpResponse:
    """One page of a person's own exports, the latest first."""
    return lists.page(call, "exports", _shape)


def add_export(call: Call) -> HttpResponse:
    """Have a list written to a file, with the rights of whose token this is."""
    said = reading.known(call.said, ("type", "format", "filter"))
    with reading.collecting() as take:
        name = take("type", reading.word, said.get("type", ""))
        kind = take("format", reading.word, said.get("format", Export.Format.CSV.value))
        criterion = take("filter", _criterion, said.get("filter"))
    if name in dumps() and not call.user.may(resource(name).kind, "export"):
        raise forbidden(_("Your role may not hand out records of this kind."))
    made = _shown(exporting.begin_export(name, by=call.user, format=kind, criterion=criterion))
    return answer(made, status=201, location=f"exports/{made['id']}")


def show_export(call: Call) -> HttpResponse:
    """How far an export got."""
    said = _shown(_found(call))
    return one(call.request, said, etag_of(version_of(said)))


def fetch_export(call: Call) -> HttpResponse:
    """The file of an export that is done."""
    export = _found(call)
    place = media(export.path)
    if export.state != Export.State.DONE or not place.is_file():
        raise _unknown()
    file = FileResponse(
        place.open("rb"), as_attachment=True, filename=export.file_name, content_type=BYTES
    )
    return file  # type: ignore[return-value]  # it streams, and middleware lets it


def drop_export(call: Call) -> HttpResponse:
    """Forget an export, and its file."""
    exporting.drop_export(_found(call))
    return nothing()


def _criterion(value: Any) -> dict[str, Any] | None:
    if value is not None and not isinstance(value, dict):
        raise Invalid({"": _("A criterion is an object.")})
    return value or None


def _found(call: Call) -> Export:
    key = ids.decode("export", call.ids[0]) or 0
    export = Export.objects.visible_to(call.user).filter(pk=key).first()
    if export is None:
        raise _unknown()
    return export


def _shape(_user: User, rows: list[Export]) -> list[dict[str, Any]]:
    return [_shown(row) for row in rows]


def _shown(export: Export) -> dict[str, Any]:
    return {
        "id": export.public_id,
        "type": export.type,
        "format": export.format,
        "filter": export.criterion,
        "state": export.state,
        "rows": export.rows,
        "size": export.size,
        "error": export.error,
        "created_at": export.created_at,
        "finished_at": export.finished_at,
    }


def _unknown() -> Refused:
    return not_found(_("There is no such record."))


offer(
    Operation("GET", "exports", list_exports, "List one's exports", gives=page_of(EXPORT),
              parameters=lists.PAGES),
    Operation("POST", "exports", add_export, "Hand a list out", takes=EXPORT_IN, gives=EXPORT,
              status=201),
    Operation("GET", "exports/{id}", show_export, "Get an export", gives=EXPORT),
    Operation("GET", "exports/{id}/content", fetch_export, "The file of an export",
              gives={"type": "string"}, gives_type=BYTES),
    Operation("DELETE", "exports/{id}", drop_export, "Forget an export and its file", status=204),
)  # fmt: skip
