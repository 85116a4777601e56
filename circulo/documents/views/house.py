"""The firm's letterhead: what stands on its paper, and how a letter on it looks."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from circulo.accounts.views.doors import admin_required, settings_page
from circulo.documents import actions
from circulo.documents.forms import LetterheadForm
from circulo.documents.paper import letterhead, sample
from circulo.documents.press import picture
from circulo.lib.errors import Invalid
from circulo.records.actions.attachments import MAGIC
from circulo.web import Request, swap, toast


@require_http_methods(["GET", "POST"])
@admin_required
def change_letterhead(request: Request) -> HttpResponse:
    """Say what stands on the firm's paper."""
    posted = request.method == "POST"
    form = LetterheadForm(
        request.POST if posted else None, request.FILES if posted else None, instance=letterhead()
    )
    if posted and form.is_valid():
        logo, kind = _logo(form)
        said = {name: form.cleaned_data[name] for name in LetterheadForm.Meta.fields}
        try:
            actions.change_letterhead(said, by=request.user, logo=logo, logo_type=kind)
        except Invalid as invalid:
            for name, text in invalid.fields.items():
                form.add_error(name, str(text))
        else:
            toast(request, _("The letterhead was saved."))
            return swap(request, "", otherwise="documents:letterhead")
    return settings_page(
        request,
        "documents/letterhead.html",
        here="letterhead",
        status=422 if form.is_bound else 200,
        form=form,
        has_logo=bool(form.instance.logo),
    )


@require_GET
@admin_required
def letterhead_sample(request: Request) -> HttpResponse:
    """A letter on the firm's paper, as a picture."""
    answer = HttpResponse(picture("letter", *sample(request.user)), content_type="image/png")
    answer["Cache-Control"] = "no-store"
    return answer


def _logo(form: LetterheadForm) -> tuple[bytes | None, str]:
    """The picture that was chosen, and what its first bytes say it is; nothing to leave the old."""
    upload = form.cleaned_data.get("logo")
    if upload is None:
        return (b"", "") if form.cleaned_data.get("no_logo") else (None, "")
    data: bytes = upload.read(actions.templates.MOST_OF_A_LOGO + 1)
    kinds = (kind for kind, heads in MAGIC.items() if data.startswith(heads))
    return data, next(kinds, "")
