"""How forms draw their controls: as Django does, but long lists of choices without a template.

A choice among six hundred time zones takes Django's templates a tenth of a second.
"""

from collections.abc import Mapping
from html import escape
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.utils.safestring import SafeString, mark_safe

SELECT = "django/forms/widgets/select.html"


class Renderer(DjangoTemplates):
    """Django's own templates, except for `select`."""

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        if template_name == SELECT:
            return _select(context["widget"])
        return super().render(template_name, context, request)


def _select(widget: Mapping[str, Any]) -> SafeString:
    inside = "".join(
        f'<optgroup label="{_escaped(name)}">{_options(choices)}</optgroup>'
        if name
        else _options(choices)
        for name, choices, _index in widget["optgroups"]
    )
    start = f'<select name="{_escaped(widget["name"])}"{_attributes(widget["attrs"])}>'
    return mark_safe(f"{start}{inside}</select>")  # each part of it is escaped


def _options(choices: list[dict[str, Any]]) -> str:
    return "\n".join(
        f'<option value="{_escaped(one["value"])}"{_attributes(one["attrs"])}>'
        f"{_escaped(one['label'])}</option>"
        for one in choices
    )


def _attributes(attrs: Mapping[str, Any]) -> str:
    """Attributes as Django's widgets write them: True stands bare, False not at all."""
    return "".join(
        f" {_escaped(key)}" if value is True else f' {_escaped(key)}="{_escaped(value)}"'
        for key, value in attrs.items()
        if value is not False
    )


def _escaped(value: Any) -> str:
    """What `conditional_escape` gives, without asking each time whether the text is a lazy one."""
    return str(value.__html__() if hasattr(value, "__html__") else escape(str(value)))
