"""Files over the API, each with the permission of the record it belongs to."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import FileResponse, HttpResponse
from django.utils.translation import gettext as _

from circulo.lib import ids
from circulo.lib.errors import Invalid
from circulo.records import actions
from circulo.records.models import Attachment, AttachmentVersion
from circulo.records.parents import parent_of
from circulo.records.rest import reading
from circulo.records.rest.answers import answer, etag_of, nothing, one, version_of
from circulo.records.rest.operations import MULTIPART, Call, Operation, Parameter, offer
from circulo.records.rest.refusals import Refused, bad_parameter, forbidden, not_found
from circulo.records.rest.schemas import (
    component,
    identifier,
    list_of,
    moment,
    nullable,
    page_of,
    record,
    text,
    whole,
)
from circulo.records.rest.versions import refuse_older
from circulo.records.selectors import attachment_for, attachments_of

KINDS = {"contacts": "party", "companies": "party", "interactions": "interaction"}
BYTES = "application/octet-stream"
ATTACHMENT = component(
    "Attachment",
    record(
        {
            "id": identifier("file"),
            "name": text(255),
            "content_type": text(100),
            "size": whole(0),
            "sha256": text(64),
            "version": whole(1),
            "by": nullable(identifier("user")),
            "created_at": moment(),
        },
        required=["id", "name", "content_type", "size", "sha256"],
    ),
)
VERSION = component(
    "AttachmentVersion",
    record(
        {
            "version": whole(1),
            "name": text(255),
            "content_type": text(100),
            "size": whole(0),
            "sha256": text(64),
            "by": nullable(identifier("user")),
            "created_at": moment(),
        },
        required=["version", "name", "content_type", "size", "sha256"],
    ),
)
NAME = component("AttachmentName", record({"name": text(200)}, required=["name"]))
NUMBER = component("AttachmentRestore", record({"version": whole(1)}, required=["version"]))
UPLOAD = component(
    "AttachmentToSend",
    record({"file": list_of({"type": "string", "contentMediaType": BYTES}, 20)}, required=["file"]),
)


def list_attachments(kind: str, call: Call) -> HttpResponse:
    """All files of a record."""
    return answer(_page(kind, _parent(kind, call, "view")))


def attach(kind: str, call: Call) -> HttpResponse:
    """Add one or more files to a record that one may change."""
    key = _parent(kind, call, "edit")
    uploads = call.request.FILES.getlist("file")
    if not uploads:
        raise Invalid({"file": _("Choose a file first.")})
    actions.attach(kind, key, uploads, by=call.user)
    return answer(_page(kind, key), status=201)


def show_attachment(call: Call) -> HttpResponse:
    """What is known of a file."""
    said = _shown(_found(call, "view"))
    return one(call.request, said, etag_of(version_of(said)))


def download(call: Call) -> HttpResponse:
    """The file itself, or an older version of it, to be saved."""
    attachment = _found(call, "view")
    said = call.parameters.get("version", "")
    stored: Attachment | AttachmentVersion | None = attachment
    if said and said != str(attachment.number):
        stored = attachment.versions.filter(number=_number(said)).first()
    if stored is None or not stored.file.is_file():
        raise _unknown()
    response = FileResponse(
        stored.file.open("rb"), as_attachment=True, filename=stored.name, content_type=BYTES
    )
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response  # type: ignore[return-value]  # it streams, and middleware lets it


def detach(call: Call) -> HttpResponse:
    """Delete a file of a record that one may change."""
    _found(call, "view")
    attachment = _found(call, "edit")
    _refuse_older(call, attachment)
    actions.detach(attachment, by=call.user)
    return nothing()


def list_versions(call: Call) -> HttpResponse:
    """Every version of a file, the newest first."""
    attachment = _found(call, "view")
    rows: list[Attachment | AttachmentVersion] = [attachment]
    rows += attachment.versions.order_by("-number")
    items = [_version(row) for row in rows]
    said = {"items": items, "next": None, "count": len(items), "count_is_exact": True}
    return answer(said)


def add_version(call: Call) -> HttpResponse:
    """Keep a newer version of a file of a record that one may change."""
    _found(call, "view")
    attachment = _found(call, "edit")
    uploads = call.request.FILES.getlist("file")
    if len(uploads) != 1:
        raise Invalid({"file": _("Send one file.")})
    return answer(_shown(actions.add_version(attachment, uploads[0], by=call.user)), status=201)


def restore_version(call: Call) -> HttpResponse:
    """Make an older version the newest one again."""
    _found(call, "view")
    attachment = _found(call, "edit")
    number = reading.known(call.said, ["version"]).get("version")
    if isinstance(number, bool) or not isinstance(number, int):
        raise Invalid({"version": _("This must be a whole number of at least 1.")})
    kept = actions.restore_version(attachment, max(0, min(number, 10**9)), by=call.user)
    return answer(_shown(kept))


def rename(call: Call) -> HttpResponse:
    """Give a file of a record that one may change another name."""
    _found(call, "view")
    attachment = _found(call, "edit")
    _refuse_older(call, attachment)
    with reading.collecting() as take:
        name = take("name", reading.word, reading.known(call.said, ["name"]).get("name"))
    said = _shown(actions.rename(attachment, name, by=call.user))
    return answer(said, etag=etag_of(version_of(said)))


def _refuse_older(call: Call, attachment: Attachment) -> None:
    now = _shown(attachment)
    refuse_older(call, version_of(now), lambda: now)


def _number(said: str) -> int:
    if not (said.isascii() and said.isdigit() and len(said) < 9):
        raise bad_parameter("version", _("This must be a whole number of at least 1."))
    return int(said)


def _parent(kind: str, call: Call, act: str) -> int:
    """The key of the record that a call is about: 404 unseen, 403 where it may not be changed."""
    parent, key = parent_of(kind), ids.decode(kind, call.ids[0])
    if parent is None or not key or parent.find(call.user, "view", key) is None:
        raise _unknown()
    if act != "view" and parent.find(call.user, act, key) is None:
        raise forbidden(_("You may see this record, but not change it."))
    return key


def _found(call: Call, act: str) -> Attachment:
    found = attachment_for(call.user, call.ids[0], act)
    if found is not None:
        return found[0]
    raise (
        _unknown() if act == "view" else forbidden(_("You may see this record, but not change it."))
    )


def _page(kind: str, key: int) -> dict[str, Any]:
    rows = [_shown(row) for row in attachments_of(kind, key)]
    return {"items": rows, "next": None, "count": len(rows), "count_is_exact": True}


def _shown(row: Attachment) -> dict[str, Any]:
    return {
        "id": row.public_id,
        "name": row.name,
        "content_type": row.content_type,
        "size": row.size,
        "sha256": row.sha256,
        "version": row.number,
        "by": ids.encode("user", row.by_id) if row.by_id else None,
        "created_at": row.created_at,
    }


def _version(row: Attachment | AttachmentVersion) -> dict[str, Any]:
    return {
        "version": row.number,
        "name": row.name,
        "content_type": row.content_type,
        "size": row.size,
        "sha256": row.sha256,
        "by": ids.encode("user", row.by_id) if row.by_id else None,
        "created_at": row.created_at,
    }


def _unknown() -> Refused:
    return not_found(_("There is no such record."))


for _resource, _kind in KINDS.items():
    offer(
        Operation("GET", f"{_resource}/{{id}}/attachments", partial(list_attachments, _kind),
                  "List the files of a record", gives=page_of(ATTACHMENT)),
        Operation("POST", f"{_resource}/{{id}}/attachments", partial(attach, _kind),
                  "Add files to a record", takes=UPLOAD, takes_type=MULTIPART,
                  gives=page_of(ATTACHMENT), status=201),
    )  # fmt: skip
offer(
    Operation("GET", "attachments/{id}", show_attachment, "What is known of a file",
              gives=ATTACHMENT),
    Operation("PATCH", "attachments/{id}", rename, "Rename a file", takes=NAME, gives=ATTACHMENT),
    Operation("GET", "attachments/{id}/versions", list_versions, "List the versions of a file",
              gives=page_of(VERSION)),
    Operation("POST", "attachments/{id}/versions", add_version, "Add a version of a file",
              takes=UPLOAD, takes_type=MULTIPART, gives=ATTACHMENT, status=201),
    Operation("POST", "attachments/{id}/restore", restore_version,
              "Make an older version the newest one", takes=NUMBER, gives=ATTACHMENT),
    Operation("GET", "attachments/{id}/content", download, "Download a file",
              parameters=(Parameter("version", whole(1), "An older version"),),
              gives={"type": "string", "contentMediaType": BYTES}, gives_type=BYTES),
    Operation("DELETE", "attachments/{id}", detach, "Delete a file", status=204),
)  # fmt: skip
