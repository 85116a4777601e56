"""A field of a form: label, control, help and error, tied together for everybody."""

from typing import Any

from django.forms import BoundField, CheckboxInput, HiddenInput
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from circulo.web.components.marks import icon


def field(
    bound: BoundField, *, wide: bool = False, label: str = "", marked: bool = True, **attrs: Any
) -> SafeString:
    """The whole field. Attributes with a dash are given with an underscore: `hx_get=…`.

    What may stay empty is `marked` as optional, unless that goes without saying.
    """
    if isinstance(bound.field.widget, HiddenInput):
        return SafeString(bound)
    wrong, help = _wrong(bound), _help(bound)
    check = isinstance(bound.field.widget, CheckboxInput)
    parts = (_label(bound, label, marked), _control(bound, bool(wrong), bool(help), attrs))
    group = bound.field.widget.use_fieldset
    return format_html(
        '<{0} class="field{1}{2}">{3}{4}{5}{6}</{0}>',
        "fieldset" if group else "div",
        " check" if check else "",
        " wide" if wide else "",
        *(reversed(parts) if check else parts),
        help,
        wrong,
    )


def _control(bound: BoundField, wrong: bool, help: bool, attrs: dict[str, Any]) -> SafeString:
    said: dict[str, Any] = {key.replace("_", "-"): value for key, value in attrs.items()}
    described = [f"{bound.auto_id}_help"] * help + [f"{bound.auto_id}_wrong"] * wrong
    if described:
        said["aria-describedby"] = " ".join(described)
    if wrong:
        said["aria-invalid"] = "true"
    if bound.form.errors:
        said = _focused(bound, said)
    return bound.as_widget(attrs=said)


def _focused(bound: BoundField, said: dict[str, Any]) -> dict[str, Any]:
    """In a form that was refused the first field that is wrong has the focus, and no other."""
    form = bound.form
    first = next((name for name in form.fields if name in form.errors), "")
    if bound.name == first:
        return {"autofocus": True} | said
    return {name: value for name, value in said.items() if name != "autofocus"}


def _label(bound: BoundField, label: str, marked: bool) -> SafeString:
    text = label or bound.label
    optional = mark_safe("")
    check = isinstance(bound.field.widget, CheckboxInput)
    if marked and not bound.field.required and not check:
        optional = format_html(' <span class="optional">{}</span>', _("optional"))
    if bound.field.widget.use_fieldset:
        return format_html("<legend>{}{}</legend>", text, optional)
    return format_html('<label for="{}">{}{}</label>', bound.id_for_label, text, optional)


def _help(bound: BoundField) -> SafeString:
    if not bound.help_text:
        return mark_safe("")
    return format_html('<p class="help" id="{}_help">{}</p>', bound.auto_id, bound.help_text)


def _wrong(bound: BoundField) -> SafeString:
    if not bound.errors:
        return mark_safe("")
    text = " ".join(str(error) for error in bound.errors)
    return format_html(
        '<p class="wrong" id="{}_wrong">{}<span>{}</span></p>',
        bound.auto_id,
        icon("circle-alert", 14),
        text,
    )
