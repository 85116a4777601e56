"""Bringing files in over the API: sent, mapped by their headings, and done in the background."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, HttpResponse
from django.utils.translation import gettext as _

from circulo.accounts.models import User
from circulo.lib import ids
from circulo.lib.errors import Invalid
from circulo.lib.readers.shapes import MOST_ABOVE
from circulo.records.actions import asking, loads
from circulo.records.actions.running import UNMAPPED, is_unmapped
from circulo.records.load_types import LoadType, OnDuplicate, load_types
from circulo.records.models import Load
from circulo.records.rest import lists
from circulo.records.rest.answers import answer, etag_of, one, version_of
from circulo.records.rest.operations import MULTIPART, Call, Operation, offer
from circulo.records.rest.reading import collecting, known, shown, word
from circulo.records.rest.reading import flag as said_flag
from circulo.records.rest.refusals import Refused, forbidden, not_found
from circulo.records.rest.schemas import (
    anything,
    choice,
    component,
    flag,
    identifier,
    moment,
    nullable,
    page_of,
    record,
    text,
    whole,
)

CSV = "text/csv"
COUNTS = ("rows_done", "created", "updated", "skipped", "refused", "alike", "repeated")
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
            "mapping": text(description="JSON: heading of a column → field; names tell the rest"),
            "header_row": whole(1, MOST_ABOVE, description="Where the headings are not found"),
            "dry_run": flag(description="Check every row and write nothing until imports/{id}/run"),
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
    upload, form = call.request.FILES.get("file"), call.request.POST.dict()
    with collecting() as take:
        for name in set(form) - {"type", *_READERS}:
            take(shown(name), _unknown_field)
        given = take("file", _given, upload)
        load_type = take("type", _type, form.get("type", ""))
        said = {
            name: take(name, read, form[name]) for name, read in _READERS.items() if name in form
        }
    if not call.user.may(load_type.kind, "create"):
        raise forbidden(_("You may not add records of this kind."))
    load = loads.start_load(given, given.name or "", load_type.name, by=call.user)
    made = _shown(_sent(load, said))
    return answer(made, status=201, location=f"imports/{made['id']}")


def run_import(call: Call) -> HttpResponse:
    """Bring in the rows of an import that was checked."""
    said = known(call.said, ("leaves_alike",))
    with collecting() as take:
        leaves = take("leaves_alike", said_flag, said.get("leaves_alike", False))
    return answer(_shown(asking.ask_run(_found(call), leaves_alike=leaves)))


def show_refused_rows(call: Call) -> HttpResponse:
    """The rows that were refused, with their reasons, as a file that can be sent again."""
    path = loads.error_file(_found(call))
    if path is None:
        raise _unknown()
    file = FileResponse(path.open("rb"), as_attachment=True, content_type=CSV)
    return file  # type: ignore[return-value]  # it streams, and middleware lets it


def _sent(load: Load, said: dict[str, Any]) -> Load:
    """The import at work: checked only, or brought in."""
    try:
        load = _understood(load, said)
        return asking.ask_check(load) if said.get("dry_run") else loads.send_load(load)
    except Exception:
        loads.discard_load(load)
        raise


def _understood(load: Load, said: dict[str, Any]) -> Load:
    """The file as the call says that it is written, its columns mapped."""
    if "header_row" in said:
        load = asking.reread_table(load, header_row=said["header_row"], has_header=True)
    strange = set(said.get("mapping", ())) - set(loads.headings_of(load))
    if strange:
        told = _("The file has no such columns: %s.") % ", ".join(sorted(strange))
        raise Invalid({"mapping": told})
    options = {"on_duplicate": said.get("on_duplicate", OnDuplicate.UPDATE.value)}
    if said.get("key"):
        options["key"] = loads.key_called(said["key"], load.type)
    load = loads.map_columns(load, mapping=load.mapping | said.get("mapping", {}), options=options)
    if is_unmapped(load):
        raise Invalid({"mapping": UNMAPPED})
    return load


def _unknown_field() -> None:
    raise Invalid({"": _("There is no such field here.")})


def _given(upload: UploadedFile[Any] | None) -> UploadedFile[Any]:
    if upload is None:
        raise Invalid({"": _("Choose a file first.")})
    return upload


def _type(name: str) -> LoadType:
    if name not in load_types():
        raise Invalid({"": _("Choose one of: %s.") % ", ".join(load_types())})
    return load_types()[name]


def _on_duplicate(value: str) -> str:
    if value not in list(OnDuplicate):
        raise Invalid({"": _("Choose one of: %s.") % ", ".join(OnDuplicate)})
    return value


def _mapping(value: str) -> dict[str, str]:
    """Which heading goes to which field; none where a column is to be left out."""
    try:
        said = json.loads(value)
    except (ValueError, RecursionError):
        said = None
    fits = isinstance(said, dict) and all(isinstance(one, str | None) for one in said.values())
    if not fits:
        raise Invalid({"": _("Send a JSON object: heading of a column → field.")})
    return {heading: field or "" for heading, field in said.items()}


def _row(value: str) -> int:
    if not (value.isascii() and value.isdigit() and 1 <= int(value[:6]) <= MOST_ABOVE):
        raise Invalid({"": _("a row is a number from 1 to %d") % MOST_ABOVE})
    return int(value)


def _flag(value: str) -> bool:
    if value not in ("true", "false"):
        raise Invalid({"": _("This must be true or false.")})
    return value == "true"


_READERS: dict[str, Callable[[str], Any]] = {
    "key": word,
    "on_duplicate": _on_duplicate,
    "mapping": _mapping,
    "header_row": _row,
    "dry_run": _flag,
}


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
    Operation("POST", "imports/{id}/run", run_import, "Bring the checked rows in", gives=IMPORT,
              takes=record({"leaves_alike": flag(
                  description="Leave out new rows that may be of somebody who is here already")})),
    Operation("GET", "imports/{id}/refused", show_refused_rows, "The rows that were refused",
              gives={"type": "string"}, gives_type=CSV),
)  # fmt: skip
