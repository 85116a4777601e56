"""Files: adding, downloading, deleting, each with the permission of the record they belong to."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.db.models import Model
from django.http import FileResponse, Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from circulo.lib import ids
from circulo.lib.errors import Invalid
from circulo.records import actions
from circulo.records.models import Attachment
from circulo.records.parents import Parent, parent_of
from circulo.records.selectors import attachment_for
from circulo.records.undo_links import undo_url
from circulo.web import Request, swap, toast

SANDBOX = "default-src 'none'; img-src 'self'; sandbox; frame-ancestors 'none'"


@require_GET
@login_required
def download(request: Request, identifier: str) -> FileResponse:
    """The file to be saved; `?inline` shows images that were looked at, and nothing else."""
    attachment, _parent, _record = _find(request, identifier, "view")
    if not attachment.file.is_file():
        raise Http404
    shows = attachment.is_image and "inline" in request.GET
    response = FileResponse(
        attachment.file.open("rb"),
        as_attachment=not shows,
        filename=attachment.name,
        content_type=attachment.content_type,
    )
    response["Content-Security-Policy"] = SANDBOX
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, max-age=3600" if shows else "no-store"
    return response


@require_POST
@login_required
def add(request: Request, kind: str, identifier: str) -> HttpResponse:
    """Add files to a record that one may change."""
    parent = parent_of(kind)
    if parent is None:
        raise Http404
    record = parent.find(request.user, "edit", ids.decode(kind, identifier) or 0)
    if record is None:
        raise Http404
    uploads = request.FILES.getlist("files")
    try:
        kept = actions.attach(kind, record.pk, uploads, by=request.user)
        said = _("Added: %s.") % ", ".join(file.name for file in kept) if kept else ""
        toast(request, said or _("Choose a file first."), undo=undo_url() if said else "")
    except Invalid as invalid:
        toast(request, str(next(iter(invalid.fields.values()))), tone="bad")
    return _back(request, parent, record)


@require_POST
@login_required
def delete(request: Request, identifier: str) -> HttpResponse:
    """Delete a file of a record that one may change."""
    attachment, parent, record = _find(request, identifier, "edit")
    actions.detach(attachment, by=request.user)
    toast(request, _("Deleted: %s.") % attachment.name, undo=undo_url())
    return _back(request, parent, record)


def _find(request: Request, identifier: str, act: str) -> tuple[Attachment, Parent, Model]:
    found = attachment_for(request.user, identifier, act)
    if found is None:
        raise Http404
    return found


def _back(request: Request, parent: Parent, record: Model) -> HttpResponse:
    return swap(request, "records/_gone.html", otherwise=parent.page(record))
