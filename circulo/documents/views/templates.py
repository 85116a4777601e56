"""Templates: the list of them, the editor with its preview, and their older versions."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from circulo.accounts.models import User
from circulo.documents import actions
from circulo.documents.drafting import merged_text
from circulo.documents.forms import TemplateForm
from circulo.documents.merging import Recipient, known_fields, recipients
from circulo.documents.models import LANGUAGES, Template
from circulo.documents.selectors.templates import (
    missing_languages,
    template_for,
    templates_for,
    versions_of,
)
from circulo.lib import marked
from circulo.lib.errors import Invalid, RuleBroken
from circulo.lib.merge import FILTERS, fields_of
from circulo.parties.models import Party, PartyKind
from circulo.parties.searching import search_parties
from circulo.web import Request, page, swap, toast
from circulo.web.asking import words


@require_GET
@login_required
def templates(request: Request) -> HttpResponse:
    """Every template that this person may use."""
    _refuse_who_sees_none(request)
    kind = request.GET.get("kind", "")
    kind = kind if kind in Template.Kind.values else ""
    rows = [
        {"template": one, "missing": missing_languages(one)}
        for one in templates_for(request.user, kind)[:200]
    ]
    here = reverse("documents:templates")
    kinds = [("", _("All")), *Template.Kind.choices]
    tabs = [
        {"label": label, "url": f"{here}?kind={value}" if value else here, "current": value == kind}
        for value, label in kinds
    ]
    may_add = request.user.may("templates", "create")
    return page(request, "documents/templates.html", rows=rows, tabs=tabs, may_add=may_add)


@require_http_methods(["GET", "POST"])
@login_required
def new_template(request: Request) -> HttpResponse:
    """Write a template."""
    if not request.user.may("templates", "create"):
        raise PermissionDenied
    kind = request.GET.get("kind", "")
    initial = {"kind": kind if kind in Template.Kind.values else Template.Kind.LETTER}
    form = TemplateForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            template = actions.add_template(form.said(), by=request.user)
        except Invalid as invalid:
            form.refuse(invalid)
        else:
            toast(request, _("Saved: %s.") % template.name)
            return swap(request, "", otherwise=template.get_absolute_url())
    return _editor(request, form)


@require_http_methods(["GET", "POST"])
@login_required
def template(request: Request, identifier: str) -> HttpResponse:
    """A template: looked at by all who may use it, changed by those who may."""
    found = _find(request, identifier)
    may_edit = template_for(request.user, identifier, "edit") is not None
    if request.method == "POST" and not may_edit:
        raise Http404
    posted = request.POST if request.method == "POST" else None
    form = TemplateForm(posted, instance=_find(request, identifier))
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit_template(
                found, form.said(), by=request.user, expected=form.cleaned_data["version"]
            )
        except Invalid as invalid:
            form.refuse(invalid)
        except RuleBroken as broken:
            form.add_error(None, str(broken.message))
        else:
            toast(request, _("Saved: %s.") % found.name)
            return swap(request, "", otherwise=found.get_absolute_url())
    return _editor(request, form, found, may_edit=may_edit)


@require_POST
@login_required
def preview(request: Request) -> HttpResponse:
    """How the texts of the editor look for a real person; for htmx only that part."""
    _refuse_who_sees_none(request)
    form = TemplateForm(request.POST)
    shown = _previews(request)
    if request.htmx:
        return page(request, "documents/_preview.html", **shown)
    found = template_for(request.user, request.POST.get("self", ""), "edit")
    if found is not None:
        form = TemplateForm(request.POST, instance=found)
    form.is_valid()
    return _editor(request, form, found, status=200)


@require_POST
@login_required
def restore_template(request: Request, identifier: str, number: int) -> HttpResponse:
    """Make an older version the newest one."""
    found = template_for(request.user, identifier, "edit")
    if found is None:
        raise Http404
    try:
        actions.restore_template(found, number, by=request.user)
        toast(request, _("Version %d is in use again.") % number)
    except (RuleBroken, Invalid) as refused:
        text = refused.message if isinstance(refused, RuleBroken) else _told(refused)
        toast(request, text, tone="bad")
    return swap(request, "", otherwise=found.get_absolute_url())


def _told(invalid: Invalid) -> str:
    return " ".join(str(text) for text in invalid.fields.values())


def _refuse_who_sees_none(request: Request) -> None:
    if not request.user.may("templates", "view"):
        raise PermissionDenied


def _find(request: Request, identifier: str) -> Template:
    found = template_for(request.user, identifier)
    if found is None:
        raise Http404
    return found


def _editor(
    request: Request,
    form: TemplateForm,
    found: Template | None = None,
    *,
    may_edit: bool = True,
    status: int | None = None,
) -> HttpResponse:
    user: User = request.user
    context: dict[str, Any] = {
        "form": form,
        "kept": found,
        "may_edit": may_edit,
        "fields": [(name, leaf.label) for name, leaf in fields_of(known_fields(user))],
        "filters": [(name, one.about) for name, one in FILTERS.items()],
        "versions": versions_of(found) if found else [],
        "missing": missing_languages(found) if found else [],
        "crumbs": [(_("Templates"), reverse("documents:templates"))],
    }
    code = status or (422 if form.is_bound and form.errors else 200)
    shown = context | _previews(request, form)
    return page(request, "documents/template.html", status=code, **shown)


def _previews(request: Request, form: TemplateForm | None = None) -> dict[str, Any]:
    """The texts merged for the person that was named, or for the latest one there is."""
    said = words(request.POST if "who" in request.POST else request.GET, "who")
    party = _somebody(request.user, said)
    if party is None:
        return {"who": said, "somebody": None, "previews": []}
    return {
        "who": party.name,
        "somebody": party,
        "previews": [
            _merged(request.user, party, language, str(name), _text(request, form, language))
            for language, name in LANGUAGES
            if _text(request, form, language)[1].strip()
        ],
    }


def _text(request: Request, form: TemplateForm | None, language: str) -> tuple[str, str]:
    names = (f"subject_{language}", f"body_{language}")
    if form is not None:
        subject, body = (str(form[name].value() or "") for name in names)
    else:
        subject, body = (request.POST.get(name, "") for name in names)
    return subject, body.replace("\r\n", "\n")


def _merged(
    user: User, party: Party, language: str, name: str, text: tuple[str, str]
) -> dict[str, Any]:
    to: Recipient = recipients(user, [party.pk], [language], language=language)[0]
    shown: dict[str, Any] = {"language": language, "name": name, "to": to}
    try:
        draft = merged_text(*text, to, user)
    except RuleBroken as broken:
        return shown | {"fault": str(broken.message)}
    return shown | {"draft": draft, "html": marked.in_html(marked.blocks(draft.body))}


def _somebody(user: User, text: str) -> Party | None:
    """Whom a text names, or the person changed last; a company where there is no person."""
    if text.strip():
        return next(iter(search_parties(user, text, limit=1)), None)
    latest = Party.objects.visible_to(user).order_by("-updated_at", "-pk")
    each = (latest.filter(kind=kind).first() for kind in PartyKind)  # which the index begins with
    return next((party for party in each if party is not None), None)
