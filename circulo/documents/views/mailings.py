"""Letters and labels for many: how far they are, stopping them, the PDF at the end."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpResponse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from circulo.documents import actions
from circulo.documents.actions.mailings import place_of
from circulo.documents.models import Mailing
from circulo.lib import ids
from circulo.lib.errors import RuleBroken
from circulo.records.views.files import SANDBOX
from circulo.web import Request, page, swap, toast


@require_GET
@login_required
def mailing(request: Request, identifier: str) -> HttpResponse:
    """How far a mailing is, or what came of it; for htmx only that part."""
    found = _find(request, identifier)
    template = "documents/_mailing.html" if request.htmx else "documents/mailing.html"
    return page(request, template, mailing=found)


@require_POST
@login_required
def cancel_mailing(request: Request, identifier: str) -> HttpResponse:
    """Stop a mailing that is on its way."""
    found = _find(request, identifier)
    try:
        actions.cancel_mailing(found, by=request.user)
        toast(request, _("Stopped: nothing was recorded."))
    except RuleBroken as broken:
        toast(request, broken.message, tone="bad")
    return swap(request, "", otherwise=found.get_absolute_url())


@require_POST
@login_required
def confirm_mailing(request: Request, identifier: str) -> HttpResponse:
    """Print all the same, though some values are missing."""
    found = _find(request, identifier)
    try:
        actions.confirm_mailing(found, by=request.user)
    except RuleBroken as broken:
        toast(request, broken.message, tone="bad")
    return swap(request, "", otherwise=found.get_absolute_url())


@require_GET
@login_required
def mailing_pdf(request: Request, identifier: str) -> FileResponse:
    """The PDF of all, to be printed."""
    found = _find(request, identifier)
    if not found.path or not place_of(found).is_file():
        raise Http404
    name = slugify(found.template.name) if found.template else found.what
    answer = FileResponse(
        place_of(found).open("rb"),
        as_attachment=True,
        filename=f"{found.created_at:%Y-%m-%d}-{name}.pdf",
        content_type="application/pdf",
    )
    answer["Content-Security-Policy"] = SANDBOX
    answer["Cache-Control"] = "no-store"
    return answer


def _find(request: Request, identifier: str) -> Mailing:
    rows = Mailing.objects.visible_to(request.user).select_related("template", "by")
    found = rows.filter(pk=ids.decode("mailing", identifier) or 0).first()
    if found is None:
        raise Http404
    return found
