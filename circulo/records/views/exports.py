"""Files handed out in the background: which there are, the files themselves, and a new one."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from circulo.lib import ids
from circulo.lib.errors import Invalid, RuleBroken
from circulo.records.actions import exporting
from circulo.records.models import Export
from circulo.records.resources import resource
from circulo.records.selectors import exports_of, types_handed_to
from circulo.records.stored import media
from circulo.web import Request, page, swap, toast

BYTES = "application/octet-stream"


@require_http_methods(["GET", "POST"])
@login_required
def exports(request: Request) -> HttpResponse:
    """One's own files, the last first, and the way to have a whole list written to one."""
    types = types_handed_to(request.user)
    if not types:
        raise PermissionDenied
    if request.method == "POST":
        return _begun(request)
    found = exports_of(request.user)
    return page(
        request,
        "records/_exports.html" if request.htmx else "records/exports.html",
        exports=found,
        is_working=any(export.is_running for export, _label in found),
        types=types,
        formats=Export.Format.choices,
        chosen=request.GET.get("type", ""),
        days=exporting.KEPT.days,
    )


@require_GET
@login_required
def fetch(request: Request, identifier: str) -> FileResponse:
    """The file of an export that is done."""
    export = _find(request, identifier)
    place = media(export.path)
    if export.state != Export.State.DONE or not place.is_file():
        raise Http404
    file = FileResponse(
        place.open("rb"), as_attachment=True, filename=export.file_name, content_type=BYTES
    )
    file["Cache-Control"] = "no-store"
    return file


@require_POST
@login_required
def drop(request: Request, identifier: str) -> HttpResponse:
    """Forget an export, and its file."""
    exporting.drop_export(_find(request, identifier))
    toast(request, _("The file is gone."))
    return swap(request, "", otherwise="records:exports")


def _begun(request: Request) -> HttpResponse:
    said = request.POST
    try:
        export = exporting.begin_export(
            said.get("type", ""), by=request.user, format=said.get("format", "")
        )
        told = _("%s: the file is being written.") % resource(export.type).label
        toast(request, told)
    except Invalid as invalid:
        toast(request, str(next(iter(invalid.fields.values()))), tone="bad")
    except RuleBroken as broken:
        toast(request, broken.message, tone="bad")
    return swap(request, "", otherwise="records:exports")


def _find(request: Request, identifier: str) -> Export:
    key = ids.decode("export", identifier) or 0
    export = Export.objects.visible_to(request.user).filter(pk=key).first()
    if export is None:
        raise Http404
    return export
