"""Bringing files in over the API: sent, mapped by their headings, and done in the background."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, HttpResponse
from django.utils.translation import gettext as _

from circulo.accounts.models import User
from circulo.lib import ids
from circulo.lib.errors import Invalid
from circulo.records.actions import loads
from circulo.records.load_types import OnDuplicate, load_types
from circulo.records.models import Load
from circulo.records.rest import lists
from circulo.records.rest.answers import answer, etag_of, one, version_of
from circulo.records.rest.operations import MULTIPART, Call, Operation, offer
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

CSV = "text/csv"
COUNTS = ("rows_done", "created", "updated", "skipped", "refused")
IMPORT = component(
    "Import",
    record(
        {
            "id": identifier("import"),
            "type": text(),
            "name": text(),
            "state": choice(Load.State.values),
            "mapping": anything(),
            "rows": nullable(whole(0)),
            **{name: whole(0) for name in COUNTS},
            "remarks": {
                "type": "object",
                "additionalProperties": whole(1),
                "description": "What of some rows was not taken over, and of how many",
            },
            "error": text(),
            "created_at": moment(),
            "started_at": nullable(moment()),
            "finished_at": nullable(moment()),
        },
        required=["id", "type", "state"],
    ),
)
IMPORT_IN = component(
    "ImportToSend",
    record(
        {
            "file": {"type": "string", "contentMediaType": "application/octet-stream"},
            "type": text(30, description="Such as contacts, companies, interactions"),
            "key": text(50, description="The field by which known records are found"),
            "on_duplicate": choice([value.value for value in OnDuplicate]),
        },
        required=["file", "type"],
    ),
)


def list_imports(call: Call) -> HttpResponse:
    """One page of a person's imports, the latest first."""
    return lists.page(call, "imports", _shape)


def show_import(call: Call) -> HttpResponse:
    """How far an import got and what became of it."""
    said = _shown(_found(call))
    return one(call.request, said, etag_of(version_of(said)))


def add_import(call: Call) -> HttpResponse:
    """Take a file over and bring its rows in, in the background."""
    said = {name: str(value) for name, value in call.request.POST.items()}
    unknown = set(said) - {"type", "key", "on_duplicate"}
    upload = call.request.FILES.get("file")
    refused = {name[:60]: _("There is no such field here.") for name in unknown}
    if upload is None:
        refused["file"] = _("Choose a file first.")
    known = load_types().get(said.get("type", ""))
    if known is None:
        refused["type"] = _("Choose one of: %s.") % ", ".join(load_types())
    if said.get("on_duplicate", OnDuplicate.UPDATE) not in list(OnDuplicate):
        refused["on_duplicate"] = _("Choose one of: %s.") % ", ".join(OnDuplicate)
    if refused or upload is None or known is None:
        raise Invalid(dict(refused))
    if not call.user.may(known.kind, "create"):
        raise forbidden(_("You may not add records of this kind."))
    load = loads.start_load(upload, upload.name or "", known.name, by=call.user)
    made = _shown(_sent(load, said))
    return answer(made, status=201, location=f"imports/{made['id']}")


def show_refused_rows(call: Call) -> HttpResponse:
    """The rows that were refused, with their reasons, as a file that can be sent again."""
    path = loads.error_file(_found(call))
    if path is None:
        raise _unknown()
    file = FileResponse(path.open("rb"), as_attachment=True, content_type=CSV)
    return file  # type: ignore[return-value]  # it streams, and middleware lets it


def _sent(load: Load, said: dict[str, str]) -> Load:
    options = {"on_duplicate": said.get("on_duplicate", OnDuplicate.UPDATE.value)}
    try:
        if said.get("key"):
            options["key"] = loads.key_called(said["key"], load.type)
        return loads.send_load(loads.map_columns(load, options=options))
    except Exception:
        loads.discard_load(load)
        raise


def _found(call: Call) -> Load:
    key = ids.decode("load", call.ids[0]) or 0
    load = Load.objects.visible_to(call.user).filter(pk=key).first()
    if load is None:
        raise _unknown()
    return load


def _shape(_user: User, rows: list[Load]) -> list[dict[str, Any]]:
    return [_shown(row) for row in rows]


def _shown(load: Load) -> dict[str, Any]:
    counts = {name: getattr(load, name) for name in COUNTS}
    return {
        "id": load.public_id,
        "type": load.type,
        "name": load.name,
        "state": load.state,
        "mapping": load.mapping,
        "rows": load.rows,
        **counts,
        "remarks": load.remarks,
        "error": load.error,
        "created_at": load.created_at,
        "started_at": load.started_at,
        "finished_at": load.finished_at,
    }


def _unknown() -> Refused:
    return not_found(_("There is no such record."))


offer(
    Operation("GET", "imports", list_imports, "List imports", gives=page_of(IMPORT),
              parameters=lists.PAGES),
    Operation("POST", "imports", add_import, "Bring a file in", takes=IMPORT_IN,
              takes_type=MULTIPART, gives=IMPORT, status=201),
    Operation("GET", "imports/{id}", show_import, "Get an import", gives=IMPORT),
    Operation("GET", "imports/{id}/refused", show_refused_rows, "The rows that were refused",
              gives={"type": "string"}, gives_type=CSV),
)  # fmt: skip
