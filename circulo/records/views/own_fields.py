"""The settings of own fields: their list, their form, another kind for them, and their end."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from circulo.accounts.views.doors import admin_required, go, settings_page
from circulo.lib.errors import Invalid, RuleBroken
from circulo.records.actions import own_fields as actions
from circulo.records.forms import ConversionForm, FieldForm
from circulo.records.formulas.functions import FUNCTIONS
from circulo.records.models import OwnField
from circulo.records.own.fields import kinds_with_own_fields
from circulo.records.own.links import names_of
from circulo.records.own.place import place_of
from circulo.records.own.shown import in_words
from circulo.records.selectors import example_of, offered_kinds, progress_of, readable_fields
from circulo.web import Request, page, toast

Kind = OwnField.Kind


@require_GET
@admin_required
def fields(request: Request, name: str = "contacts") -> HttpResponse:
    """The own fields of one kind of record, in the order of its form."""
    kinds = _kinds(name)
    rows = OwnField.objects.visible_to(request.user).filter(resource=name).in_order()
    shown = [(row, progress_of(row)) for row in rows]
    return _page(
        request, "records/own_fields.html", name,
        used=[pair for pair in shown if not pair[0].is_retired],
        retired=[pair for pair in shown if pair[0].is_retired],
        kinds=kinds, offered=offered_kinds(),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@admin_required
def new(request: Request, name: str) -> HttpResponse:
    """Define a field; its kind comes with the address."""
    _kinds(name)
    kind = request.GET.get("kind", Kind.TEXT)
    if kind not in Kind.values:
        raise Http404
    field = OwnField(resource=name, kind=kind, currency="EUR" if kind == Kind.MONEY else "")
    form = FieldForm(field, request.POST or None)
    if request.method == "GET" or _grown(request, form):
        return _form(request, name, field, form)
    if form.is_valid():
        try:
            key = form.cleaned_data["key"]
            made = actions.add_field(name, kind, form.said, key=key, by=request.user)
            hidden = form.cleaned_data["hidden_from"]
            if hidden:
                actions.hide_own_field(made, hidden, by=request.user)
        except Invalid as invalid:
            form.tell(invalid)
        except RuleBroken as broken:
            form.add_error(None, str(broken.message))
        else:
            back = reverse("records:retire_field", args=[name, made.key])
            toast(request, _("The field “%s” was added.") % made.label, undo=back)
            return go(request, "records:fields_of", name)
    return _form(request, name, field, form, status=422)


@require_http_methods(["GET", "POST"])
@admin_required
def edit(request: Request, name: str, field: str) -> HttpResponse:
    """Change what a field is called, offers, computes, and who sees it."""
    one = _find(request, name, field)
    form = FieldForm(one, request.POST or None)
    if request.method == "GET" or _grown(request, form):
        return _form(request, name, one, form)
    if form.is_valid():
        try:
            actions.change_field(one, form.said, by=request.user)
            actions.hide_own_field(one, form.cleaned_data["hidden_from"], by=request.user)
        except Invalid as invalid:
            form.tell(invalid)
        else:
            toast(request, _("The field was saved."))
            return go(request, "records:fields_of", name)
    return _form(request, name, one, form, status=422)


@require_POST
@admin_required
def example(request: Request, name: str) -> HttpResponse:
    """How the field would look, and what its formula gives for the newest record."""
    _kinds(name)
    kind = request.POST.get("kind", "")
    if kind not in Kind.values:
        raise Http404
    field = OwnField(resource=name, kind=kind)
    form = FieldForm(field, request.POST)
    form.is_valid()
    shown = example_of(request.user, field, form.said)
    return page(request, "records/_field_example.html", example=shown)


@require_POST
@admin_required
def move(request: Request, name: str, field: str) -> HttpResponse:
    """Let a field stand one place further up or down."""
    one = _find(request, name, field)
    actions.move_field(one, -1 if request.POST.get("up") else 1, by=request.user)
    return go(request, f"{reverse('records:fields_of', args=[name])}#{one.key}")


@require_POST
@admin_required
def order(request: Request, name: str) -> HttpResponse:
    """Put the fields in the order they were dragged into."""
    _kinds(name)
    actions.order_fields(name, request.POST.getlist("key"), by=request.user)
    return go(request, "records:fields_of", name)


@require_POST
@admin_required
def retire(request: Request, name: str, field: str) -> HttpResponse:
    """Take a field out of use, or into use again."""
    one = _find(request, name, field)
    act = actions.revive_field if one.is_retired else actions.retire_field
    try:
        act(one, by=request.user)
        said = _("“%s” is in use again.") if one.is_retired else _("“%s” is not in use any more.")
        toast(request, said % one.label, undo=request.path)
    except RuleBroken as broken:
        toast(request, str(broken.message), tone="bad")
    return go(request, "records:fields_of", name)


@require_http_methods(["GET", "POST"])
@admin_required
def remove(request: Request, name: str, field: str) -> HttpResponse:
    """Remove a retired field with its values, whose number is named and confirmed."""
    one, refusal = _find(request, name, field), None
    if request.method == "POST":
        said = request.POST.get("confirmed", "")
        try:
            confirmed = int(said) if said.isdecimal() and len(said) < 12 else -1
            actions.remove_field(one, confirmed=confirmed, by=request.user)
        except RuleBroken as broken:
            refusal = broken
        else:
            toast(request, _("“%s” is being removed.") % one.label)
            return go(request, "records:fields_of", name)
    count = 0 if one.is_computed else place_of(one).count(one.key)
    status = 409 if refusal else 200
    return _page(
        request, "records/remove_field.html", name, status=status, field=one, count=count,
        refusal=refusal,
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@admin_required
def convert(request: Request, name: str, field: str) -> HttpResponse:
    """Let a field hold something else: first what would become of its values, then do it."""
    one = _find(request, name, field)
    said = request.POST if request.method == "POST" else request.GET
    kind = said.get("kind", "")
    if one.is_computed or kind not in ("", *Kind.values):
        raise Http404
    form = ConversionForm(one, kind, said if kind else None)
    preview, status = None, 200
    if kind and not (said.get("more") or "ask" in said) and form.is_valid():
        try:
            if request.method == "POST":
                actions.convert_field(one, kind, form.said, by=request.user)
                toast(request, _("The values of “%s” are being converted.") % one.label)
                return go(request, "records:fields_of", name)
            preview = actions.preview_conversion(one, kind, form.said)
        except Invalid as invalid:
            status = 422
            for place, text in invalid.fields.items():
                form.add_error(place if place in form.fields else None, str(text))
        except RuleBroken as broken:
            status = 409
            form.add_error(None, str(broken.message))
    return _page(
        request, "records/convert_field.html", name, status=status, field=one, form=form,
        preview=preview, examples=_examples(request, one, preview), kind=kind,
    )  # fmt: skip


def _examples(
    request: Request, one: OwnField, preview: actions.Preview | None
) -> list[tuple[str, str, str]]:
    """Values as they are read now and would be then, or why they do not fit."""
    if preview is None:
        return []
    held = [{one.key: value} for value, _turned, _why in preview.examples]
    names = names_of(request.user, [one], held)
    return [(in_words(one, value, names), in_words(preview.new, turned, names), why)
            for value, turned, why in preview.examples]  # fmt: skip


def _kinds(name: str) -> list[tuple[str, Any]]:
    """The kinds of record with own fields; 404 where this is none of them."""
    kinds = kinds_with_own_fields()
    if name not in kinds:
        raise Http404
    return [(key, kind.label) for key, kind in kinds.items()]


def _find(request: Request, name: str, key: str) -> OwnField:
    rows = OwnField.objects.visible_to(request.user).filter(resource=name)
    return get_object_or_404(rows, key=key)


def _grown(request: Request, form: FieldForm) -> bool:
    """Whether only more rows were asked for."""
    if not request.POST.get("more"):
        return False
    form.errors.clear()
    if "choices" in form.fields:
        form.fields["choices"].widget.spare = 5
    return True


def _form(
    request: Request, name: str, field: OwnField, form: FieldForm, *, status: int = 200
) -> HttpResponse:
    return _page(
        request, "records/own_field.html", name, status=status, field=field, form=form,
        kind=Kind(field.kind), functions=FUNCTIONS.values(),
        readable=readable_fields(field) if field.is_computed else None,
    )  # fmt: skip


def _page(
    request: Request, template: str, name: str, *, status: int = 200, **context: Any
) -> HttpResponse:
    label = kinds_with_own_fields()[name].label
    return settings_page(
        request, template, here="fields", status=status, name=name, of=label, **context
    )
