"""Writing a letter to a party: choose a template, see it merged, edit it, print and keep it."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from circulo.documents import actions
from circulo.documents.forms import LetterForm
from circulo.documents.merging import Recipient
from circulo.documents.models import Letter, Template
from circulo.documents.selectors.templates import template_for
from circulo.documents.views.choosing import (
    begun,
    choose,
    recipient,
    refuse_who_logs_nothing,
    written_about,
)
from circulo.lib import ids
from circulo.lib.errors import Invalid, RuleBroken
from circulo.parties.models import Party
from circulo.parties.views.finding import find
from circulo.web import Request, page, swap, toast

ON_PAPER = (Template.Kind.LETTER, Template.Kind.DOCUMENT)


@require_http_methods(["GET", "POST"])
@login_required
def write_letter(request: Request, identifier: str) -> HttpResponse:
    """Write a letter to a party that one may change."""
    party = find(request, identifier, "edit")
    refuse_who_logs_nothing(request)
    asked = request.POST if request.method == "POST" else request.GET
    template = template_for(request.user, asked.get("template", ""))
    if template is None and "blank" not in asked:
        return choose(request, party, ON_PAPER, "documents:write_letter", _("Write a letter"))
    to = recipient(request, party, template)
    if request.method == "POST":
        return _written(request, party, template, to)
    draft, fault = begun(request, template, to)
    initial = {
        "subject": draft.subject,
        "body": draft.body,
        "language": to.language,
        "layout": template.layout if template else Template.Layout.LETTER,
    }
    return _form(request, LetterForm(initial=initial), to, party, chosen=template, draft=draft,
                 refusal=fault)  # fmt: skip


@require_http_methods(["GET", "POST"])
@login_required
def letter(request: Request, identifier: str) -> HttpResponse:
    """A letter: read by all who see its party; a draft is written on by who may change it."""
    found = _find(request, identifier)
    may_edit = not found.is_sent and _find_or_none(request, identifier, "edit") is not None
    if request.method == "GET":
        initial = {name: getattr(found, name) for name in ("subject", "body", "language", "layout")}
        form = LetterForm(initial=initial)
        return page(request, "documents/letter.html", **_about(found, may_edit), form=form)
    if not may_edit:
        raise Http404
    form = LetterForm(request.POST)
    done = form.is_valid() and _do(
        request, form, lambda said, posted: actions.rewrite_letter(
            found, said, by=request.user, is_posted=posted), found.template,
    )  # fmt: skip
    if done:
        return swap(request, "", otherwise=found.party.get_absolute_url())
    return page(request, "documents/letter.html", status=422, form=form, **_about(found, may_edit))


@require_POST
@login_required
def post_letter(request: Request, identifier: str) -> HttpResponse:
    """Say that a letter was posted."""
    found = _find(request, identifier, "edit")
    try:
        actions.post_letter(found, by=request.user)
        toast(request, _("Marked as posted: %s.") % found)
    except RuleBroken as broken:
        toast(request, broken.message, tone="bad")
    return swap(request, "", otherwise=found.get_absolute_url())


def _written(
    request: Request, party: Party, template: Template | None, to: Recipient
) -> HttpResponse:
    form = LetterForm(request.POST)
    if form.is_valid() and _do(
        request, form, lambda said, posted: actions.write_letter(
            party, said, by=request.user, is_posted=posted), template,
    ):  # fmt: skip
        return swap(request, "", otherwise=party.get_absolute_url())
    return _form(request, form, to, party, chosen=template, status=422)


def _do(request: Request, form: LetterForm, act: Any, template: Template | None) -> bool:
    """Print and keep the letter; False, with the reason at the form, where that is refused."""
    try:
        kept: Letter = act(form.said(template), request.POST.get("then") == "posted")
    except Invalid as invalid:
        form.refuse(invalid)
        return False
    except RuleBroken as broken:
        form.add_error(None, str(broken.message))
        return False
    said = _("Kept as a draft: %s.")
    if kept.is_sent:
        is_document = template is not None and template.kind == Template.Kind.DOCUMENT
        said = _("Printed: %s.") if is_document else _("Printed and marked as posted: %s.")
    toast(request, said % kept)
    return True


def _form(
    request: Request,
    form: LetterForm,
    to: Recipient,
    party: Party,
    *,
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    template: Template | None = context.get("chosen")
    here = reverse("documents:write_letter", args=[party.public_id])
    about = written_about(here, _("Templates of letters"), party, to, template)
    about["is_document"] = template is not None and template.kind == Template.Kind.DOCUMENT
    status = 409 if context.get("refusal") else status
    return page(request, "documents/write.html", status=status, form=form, **about, **context)


def _about(found: Letter, may_edit: bool) -> dict[str, Any]:
    party = found.party
    return {
        "letter": found,
        "party": party,
        "may_edit": may_edit,
        "crumbs": [(party.name, party.get_absolute_url())],
    }


def _find(request: Request, identifier: str, act: str = "view") -> Letter:
    found = _find_or_none(request, identifier, act)
    if found is None:
        raise Http404
    return found


def _find_or_none(request: Request, identifier: str, act: str) -> Letter | None:
    rows = Letter.objects.visible_to(request.user, act).select_related("party", "file", "by")
    found: Letter | None = rows.filter(pk=ids.decode("letter", identifier) or 0).first()
    return found
