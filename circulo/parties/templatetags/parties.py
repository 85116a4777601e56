"""Rows of a party's page as HTML. They are many and the page is the most used: a template for each
row would cost ten times this. Every text of a person goes through `escape`.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django import template
from django.template import Context
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from circulo.lib import format as fmt
from circulo.parties.sheet import Fact
from circulo.web.components.formats import breakable
from circulo.web.components.marks import icon, ring

register = template.Library()
_OUTSIDE = ' target="_blank" rel="noopener noreferrer"'
_COPY = (
    '<button class="button quiet small icon script-only" type="button" data-copy="{text}"'
    ' data-copied="{copied}" aria-label="{label}">{icon}</button>'
)
_RELATED = (
    '<li{over}>{ring}<div class="grow"><strong><a href="/{resource}/{other}">{name}</a></strong>'
    "<small>{told}</small></div>{end}</li>"
)
_END = (
    '<form method="post" action="/relationships/{id}/end">{token}<button class="button quiet icon'
    ' small" aria-label="{label}" data-confirm="{question}" data-confirm-why="{why}"'
    ' data-confirm-act="{act}">{icon}</button></form>'
)
_TOKEN = '<input type="hidden" name="csrfmiddlewaretoken" value="{}">'


@register.simple_tag
def fact_rows(facts: Iterable[Fact]) -> SafeString:
    """Each fact as a row of a definition list."""
    return mark_safe("".join(map(_fact, facts)))


@register.simple_tag(takes_context=True)
def related_rows(context: Context, rows: Sequence[dict[str, Any]], may_end: bool) -> SafeString:
    """Each relationship as a row, with the button that ends it."""
    token = _TOKEN.format(context.get("csrf_token", "")) if may_end else ""
    return mark_safe("".join(_related(row, token) for row in rows))


def _fact(fact: Fact) -> str:
    value = "<br>".join(map(breakable, fact.lines))
    if fact.url:
        outside = _OUTSIDE if fact.is_outside else ""
        value = f'<a class="reach" href="{escape(fact.url)}"{outside}>{value}</a>'
    if fact.chat:
        mark = icon("message-circle", 14)
        value += f' <a class="chat" href="{escape(fact.chat)}" title="WhatsApp"{_OUTSIDE}>{mark}'
        value += '<span class="unseen">WhatsApp</span></a>'
    if fact.note:
        value += f' <span class="verdict {fact.tone}">{escape(fact.note)}</span>'
    label = escape(fact.label)
    return f"<div><dt>{label}</dt><dd>{value}{_copy(fact)}</dd></div>"


def _copy(fact: Fact) -> str:
    if not fact.copy:
        return ""
    return _COPY.format(
        text=escape(fact.copy),
        copied=escape(_("Copied")),
        label=escape(_("Copy %s") % fact.label),
        icon=icon("copy", 13),
    )


def _related(row: dict[str, Any], token: str) -> str:
    name = escape(row["name"])
    return _RELATED.format(
        over=' class="over"' if row["until"] else "",
        ring=ring(row["name"], size="small", company=row["other_kind"] != "person"),
        resource="contacts" if row["other_kind"] == "person" else "companies",
        other=row["other"],
        name=name,
        told=escape(" · ".join(_told(row))),
        end=_end(row, token) if token and not row["until"] else "",
    )


def _told(row: dict[str, Any]) -> list[str]:
    told = [row["label"], row["role"]]
    told += [_("since %s") % _day(row["since"])] if row["since"] else []
    told += [_("until %s") % _day(row["until"])] if row["until"] else []
    return list(filter(None, told))


def _end(row: dict[str, Any], token: str) -> str:
    return _END.format(
        id=row["id"],
        token=token,
        label=escape(_("End the relationship with %s") % row["name"]),
        question=escape(_("End the relationship with %s today?") % row["name"]),
        why=escape(_("It stays in the history with its dates.")),
        act=escape(_("End it")),
        icon=icon("unlink", 14),
    )


def _day(text: str) -> str:
    return fmt.day(date.fromisoformat(text), "medium")
