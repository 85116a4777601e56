"""Writing an e-mail from a template: merged, edited, opened in one's own mail program, noted."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote as quoted

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from circulo.documents import actions
from circulo.documents.forms import EmailForm
from circulo.documents.merging import Recipient
from circulo.documents.models import Template
from circulo.documents.selectors.templates import template_for
from circulo.documents.views.choosing import (
    begun,
    choose,
    recipient,
    refuse_who_logs_nothing,
    written_about,
)
from circulo.lib.errors import Invalid
from circulo.parties.models import Party
from circulo.parties.views.finding import find
from circulo.records.actions.once import made_before, make_once
from circulo.records.undo_links import undo_url
from circulo.web import Request, page, swap, toast


@require_http_methods(["GET", "POST"])
@login_required
def write_email(request: Request, identifier: str) -> HttpResponse:
    """Write an e-mail to a party that one may change, and note that it was sent."""
    party = find(request, identifier, "edit")
    refuse_who_logs_nothing(request)
    asked = request.POST if request.method == "POST" else request.GET
    template = template_for(request.user, asked.get("template", ""))
    if template is None and "blank" not in asked:
        return choose(request, party, [Template.Kind.EMAIL], "documents:write_email",
                      _("Write an e-mail"))  # fmt: skip
    to = recipient(request, party, template)
    if request.method == "POST":
        return _written(request, party, template, to)
    draft, fault = begun(request, template, to, is_marked=False)
    initial = {"subject": draft.subject, "body": draft.body, "language": to.language}
    return _form(request, EmailForm(_addresses(to), initial=initial), party, to, template,
                 draft=draft, refusal=fault)  # fmt: skip


def _written(
    request: Request, party: Party, template: Template | None, to: Recipient
) -> HttpResponse:
    form = EmailForm(_addresses(to), request.POST)
    if not form.is_valid():
        return _form(request, form, party, to, template, status=422)
    if request.POST.get("then") != "sent":
        return _form(request, form, party, to, template, mailto=_mailto(form.cleaned_data))
    key = request.POST.get("once", "")
    if made_before(key, by=request.user) is None:
        try:
            make_once(key, lambda: actions.note_email(party, form.said(), by=request.user).pk,
                      by=request.user)  # fmt: skip
        except Invalid as invalid:
            form.refuse(invalid)
            return _form(request, form, party, to, template, status=422)
    toast(request, _("Noted in the history: %s.") % form.cleaned_data["subject"], undo=undo_url())
    return swap(request, "", otherwise=party.get_absolute_url())


def _addresses(to: Recipient) -> list[str]:
    """The addresses of a recipient, the first choice first, as far as the role sees them."""
    contact = to.world["contact"]
    first = contact.get("email")
    return list(dict.fromkeys([*([first] if first else []), *(contact.get("emails") or [])]))


def _mailto(said: dict[str, Any]) -> str:
    """The e-mail as one's own program opens it."""
    subject, body = quoted(said["subject"]), quoted(said["body"].replace("\r\n", "\n"))
    return f"mailto:{quoted(said['to'])}?subject={subject}&body={body}"


def _form(
    request: Request,
    form: EmailForm,
    party: Party,
    to: Recipient,
    template: Template | None,
    *,
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    here = reverse("documents:write_email", args=[party.public_id])
    about = written_about(here, _("Templates of e-mails"), party, to, template)
    status = 409 if context.get("refusal") else status
    return page(request, "documents/email.html", status=status, form=form, **about, **context)
