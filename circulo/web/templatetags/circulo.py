"""The tags and filters of the design system; built in, so no template loads them.

Marks      {% icon "phone" %} {% ring party size="large" %} {% chip "Customer" "accent" %}
           {% kbd "Ctrl K" %}
Acts       {% button _("Save") tone="primary" %} {% button _("Call") mark="phone" href=url %}
Fields     {% field form.email %} {% errors form %} {% once %} (twice sent counts once)
           {% begun form %} (two who edit at once are brought together)
Surfaces   {% panel _("Details") mark="user" %}…{% endpanel %}
Charts     {% bars series title %} {% rows series title %} {% line series title before %}
           {% sparkline values label %} {% places "spain" spots %}
Tables     {% table_body table selecting %} and {% cell column row %}, used by web/_table.html
Formats    |number |money:"EUR" |percent |day |day_month |near_day |month |weekday |moment |clock
           |ago |typed |breakable
"""

import re
import secrets
from collections.abc import Callable
from typing import Any

from django import template
from django.core.exceptions import NON_FIELD_ERRORS
from django.forms import BaseForm
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from circulo.lib.errors import Text
from circulo.web.answers import mark_as_unique
from circulo.web.components import charts, fields, maps, marks, tables
from circulo.web.components.formats import FILTERS, breakable
from circulo.web.meeting import BASE
from circulo.web.meeting import begun as began_with

register = template.Library()

TAGS: dict[str, Callable[..., SafeString]] = {
    "icon": marks.icon,
    "ring": marks.ring,
    "step": marks.step,
    "chip": marks.chip,
    "kbd": marks.kbd,
    "field": fields.field,
    "cell": tables.cell,
    "table_body": tables.body,
    "bars": charts.bars,
    "rows": charts.rows,
    "line": charts.line,
    "sparkline": charts.sparkline,
    "places": maps.places,
}
for name, tag in TAGS.items():
    register.simple_tag(tag, name=name)
for name, written in FILTERS.items():
    register.filter(name, written)
register.filter("breakable", breakable)


MOST_KEPT = 500
_FILL, _FILLS = "fill-in-{}-here", re.compile(r"fill-in-(\w+)-here")
_kept: dict[tuple[Any, ...], list[str]] = {}


@register.simple_tag(takes_context=True)
def kept(context: template.Context, name: str, *differs: Any, **fills: Any) -> SafeString:
    """A partial that is the same for everybody but for its language and what `differs`.

    It is drawn once, with marks where `fills`, the token of its forms and their key go: these are
    put in anew, escaped. Such a partial may only show its fills, and decide nothing by them.
    """
    key = (name, get_language(), *differs)
    parts = _kept.get(key)
    if parts is None:
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        marks_to_fill = {fill: _FILL.format(fill) for fill in ("csrf_token", "once_key", *fills)}
        with context.push(**marks_to_fill):
            drawn = template.Engine.get_default().get_template(name).render(context)
        parts = _kept[key] = _FILLS.split(drawn)
    filled = list(parts)
    for place in range(1, len(parts), 2):
        filled[place] = conditional_escape(_filling(context, parts[place], fills))
    return mark_safe("".join(filled))


def _filling(context: template.Context, name: str, fills: dict[str, Any]) -> Any:
    if name == "once_key":
        return _key_of_form(context)
    return fills[name] if name in fills else context.get(name, "")


@register.simple_tag
def button(text: Text, mark: str = "", tone: str = "", href: str = "", **attrs: Any) -> SafeString:
    """A button, or a link that looks like one. Tones: primary, quiet, danger, small, icon, joined.

    With the tone `icon` the text is only said, not shown. Attributes with a dash are given with an
    underscore: `hx_post=url`, `aria_controls="…"`; the value True gives a bare attribute.
    """
    label = format_html("<span>{}</span>", text)
    if "icon" in tone.split():
        attrs["aria_label"], label = text, mark_safe("")
    drawn = marks.icon(mark) if mark else ""
    rest = _attributes({"class": f"button {tone}".strip(), **attrs})
    if href:
        return format_html('<a href="{}"{}>{}{}</a>', href, rest, drawn, label)
    kind = mark_safe("") if "type" in attrs else mark_safe(' type="submit"')
    return format_html("<button{}{}>{}{}</button>", kind, rest, drawn, label)


def _attributes(attrs: dict[str, Any]) -> SafeString:
    said = {
        key.replace("_", "-"): value for key, value in attrs.items() if value not in (False, "")
    }
    bare = format_html_join("", " {}", ((key,) for key, value in said.items() if value is True))
    rest = ((key, value) for key, value in said.items() if value is not True)
    return bare + format_html_join("", ' {}="{}"', rest)


@register.simple_block_tag
def panel(
    content: str, title: Text = "", mark: str = "", tone: str = "", aside: Text = "", id: str = ""
) -> SafeString:
    """A surface with a heading. Tones: spark, bad. `aside` stands at the end of the heading."""
    head = mark_safe("")
    if title:
        drawn = marks.icon(mark) if mark else ""
        beside = format_html("<small>{}</small>", aside) if aside else ""
        head = format_html("<header><h2>{}{}</h2>{}</header>", drawn, title, beside)
    name = format_html(' id="{}"', id) if id else ""
    return format_html(
        '<section class="panel {}"{}>{}{}</section>', tone, name, head, mark_safe(content)
    )


@register.simple_tag
def errors(form: BaseForm) -> SafeString:
    """What is wrong with the whole of a form and with what it carries unseen, said first; it has
    the focus where no field is."""
    unseen = {field.name: field.errors for field in form.hidden_fields() if field.errors}
    told = [*form.non_field_errors(), *(one for each in unseen.values() for one in each)]
    if not told:
        return mark_safe("")
    text = " ".join(str(error) for error in told)
    alone = form.errors.keys() <= {NON_FIELD_ERRORS, *unseen}
    focus = mark_safe(' tabindex="-1" autofocus') if alone else ""
    return format_html(
        '<div class="notice bad" role="alert"{}>{}<p>{}</p></div>',
        focus, marks.icon("circle-alert"), text,
    )  # fmt: skip


@register.simple_tag
def begun(form: BaseForm) -> SafeString:
    """What a form begins with, hidden: so that saving undoes nobody else's change."""
    return format_html('<input type="hidden" name="{}" value="{}">', BASE, began_with(form))


@register.simple_tag(takes_context=True)
def once(context: template.Context) -> SafeString:
    """A hidden key: the same form posted twice (a double click, a resend) counts once."""
    return format_html('<input type="hidden" name="once" value="{}">', _key_of_form(context))


def _key_of_form(context: template.Context) -> str:
    """The key a form was posted with before, or a new one, which no other page may hold."""
    if "request" in context:
        mark_as_unique(context["request"])
    return context.get("once_key") or secrets.token_urlsafe(12)
