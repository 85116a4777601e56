"""The documents of a party, and the page of one file: its look, its versions, its name."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Model
from django.http import FileResponse, Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from circulo.documents.press import Unprintable, picture
from circulo.documents.selectors.files import (
    KINDS,
    MOST,
    MOST_PAGES,
    OTHER,
    SECONDS_FOR_A_PAGE,
    documents_of,
    file_versions,
    preview_of,
)
from circulo.lib.errors import Invalid, RuleBroken
from circulo.parties.models import Party
from circulo.parties.selectors import may_do
from circulo.parties.views.finding import find
from circulo.records import actions
from circulo.records.models import Attachment
from circulo.records.parents import Parent
from circulo.records.selectors import attachment_for
from circulo.records.undo_links import undo_url
from circulo.records.views.files import SANDBOX
from circulo.web import Request, page, swap, toast


@require_GET
@login_required
def documents(request: Request, identifier: str) -> HttpResponse:
    """The documents of a party, narrowed by kind."""
    party: Party = find(request, identifier)
    kind = request.GET.get("kind", "")
    here = reverse("documents:documents", args=[party.public_id])
    kinds = [("", _("All")), *((name, label) for name, (label, _q) in KINDS.items()), OTHER]
    return page(
        request,
        "documents/documents.html",
        party=party,
        files=documents_of(party, kind)[:MOST],
        may_edit=may_do(request.user, party, "edit"),
        tabs=[
            {
                "label": label,
                "url": f"{here}?kind={name}" if name else here,
                "current": name == kind,
            }
            for name, label in kinds
        ],
        crumbs=[(party.name, party.get_absolute_url())],
    )


@require_GET
@login_required
def file(request: Request, identifier: str) -> HttpResponse:
    """One file: how it looks, who brought which version."""
    attachment, parent, record = _find(request, identifier)
    return _page(request, attachment, parent, record)


@require_GET
@login_required
def picture_of_page(request: Request, identifier: str) -> HttpResponse:
    """A page of a PDF as a picture: what acts in a PDF never reaches the browser."""
    attachment, _parent, _record = _find(request, identifier)
    asked = request.GET.get("page", "1")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 4 else 0
    is_pdf = attachment.content_type == "application/pdf"
    if not is_pdf or not 1 <= number <= MOST_PAGES or not attachment.file.is_file():
        raise Http404
    try:
        drawn = picture(
            "page", {"page": number}, {"brought.pdf": attachment.file}, seconds=SECONDS_FOR_A_PAGE
        )
    except Unprintable as broken:
        raise Http404 from broken
    answer = HttpResponse(drawn, content_type="image/png")
    answer["Content-Security-Policy"] = SANDBOX
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, max-age=3600"
    return answer


@require_GET
@login_required
def version(request: Request, identifier: str, number: int) -> FileResponse:
    """An older version, to be saved."""
    attachment, _parent, _record = _find(request, identifier)
    old = attachment.versions.filter(number=number).first()
    if old is None or not old.file.is_file():
        raise Http404
    answer = FileResponse(
        old.file.open("rb"), as_attachment=True, filename=old.name, content_type=old.content_type
    )
    answer["Content-Security-Policy"] = SANDBOX
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "no-store"
    return answer


@require_POST
@login_required
def add_version(request: Request, identifier: str) -> HttpResponse:
    """Keep a newer version of a file that one may change."""
    attachment, _parent, _record = _find(request, identifier, "edit")
    upload = request.FILES.get("files")
    if upload is None:
        toast(request, _("Choose a file first."), tone="bad")
    else:
        _do(request, _("There is a new version: %s.") % attachment.name,
            lambda: actions.add_version(attachment, upload, by=request.user))  # fmt: skip
    return swap(request, "", otherwise=attachment.page_url)


@require_POST
@login_required
def restore_version(request: Request, identifier: str, number: int) -> HttpResponse:
    """Make an older version the newest one."""
    attachment, _parent, _record = _find(request, identifier, "edit")
    _do(request, _("Version %d is the newest again.") % number,
        lambda: actions.restore_version(attachment, number, by=request.user))  # fmt: skip
    return swap(request, "", otherwise=attachment.page_url)


@require_POST
@login_required
def rename(request: Request, identifier: str) -> HttpResponse:
    """Give a file that one may change another name."""
    attachment, _parent, _record = _find(request, identifier, "edit")
    name = request.POST.get("name", "")
    _do(request, _("The file has another name now."),
        lambda: actions.rename(attachment, name, by=request.user))  # fmt: skip
    return swap(request, "", otherwise=attachment.page_url)


def _do(request: Request, said: str, act: Any) -> None:
    try:
        act()
        toast(request, said, undo=undo_url())
    except Invalid as invalid:
        toast(request, str(next(iter(invalid.fields.values()))), tone="bad")
    except RuleBroken as broken:
        toast(request, broken.message, tone="bad")


def _page(request: Request, attachment: Attachment, parent: Parent, record: Model) -> HttpResponse:
    asked = request.GET.get("page", "1")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 4 else 1
    preview = preview_of(attachment)
    last = min(preview.pages, MOST_PAGES)
    return page(
        request,
        "documents/file.html",
        file=attachment,
        preview=preview,
        number=max(min(number, last), 1),
        last=last,
        versions=file_versions(attachment),
        may_edit=parent.find(request.user, "edit", attachment.record_id) is not None,
        has_versions=parent.has_versions,
        crumbs=[(str(record), parent.page(record))],
    )


def _find(request: Request, identifier: str, act: str = "view") -> tuple[Attachment, Parent, Model]:
    found = attachment_for(request.user, identifier, act)
    if found is None:
        raise Http404
    return found
