"""What is known of a party, as rows of its page: put together here, for a template each would cost
ten times as much. Every text of a person goes through `escape`.
"""

from collections.abc import Sequence
from typing import Any

from django import template
from django.template import Context
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from circulo.lib import format as fmt
from circulo.needs.certainty import fading
from circulo.needs.models import Sort
from circulo.needs.selectors.parties import MARKS
from circulo.web.components.marks import icon

register = template.Library()
MOST_SHOWN = 6
_ROW = (
    '<li class="need {fading}"><span class="sort {sort}" title="{sort_name}">{icon}'
    '<span class="unseen">{sort_name}</span></span><div class="grow"><strong>{words}</strong>'
    "<small>{name}{told}</small></div>{acts}</li>"
)
_ACT = (
    '<form method="post" action="/preferences/{id}/withdraw">{token}<button class="button quiet'
    ' icon small" aria-label="{label}" title="{label}">{icon}</button></form>'
)
_TOKEN = '<input type="hidden" name="csrfmiddlewaretoken" value="{}">'


@register.simple_tag(takes_context=True)
def need_rows(context: Context, rows: Sequence[dict[str, Any]], may_edit: bool) -> SafeString:
    """The first things known as rows: what, of which topic or kind, how and when it was learned."""
    token = _TOKEN.format(context.get("csrf_token", "")) if may_edit else ""
    return mark_safe("".join(_row(row, token) for row in rows[:MOST_SHOWN]))


def _row(row: dict[str, Any], token: str) -> str:
    sort = Sort(row["kind"])
    return _ROW.format(
        fading=fading(row["certainty"]),
        sort=sort.value,
        sort_name=escape(sort.label),
        icon=icon(MARKS[sort], 15),
        words=escape(row["headed"]),
        name=escape(row["name"]) + " · " if row["headed"] == row["words"] else "",
        told=escape(_told(row)),
        acts=_act(row, token) if token else "",
    )


def _told(row: dict[str, Any]) -> str:
    """How it is known, since when, and whether that was too long ago."""
    parts = [str(row["source_name"]).lower(), fmt.ago(row["said_at"])]
    if fading(row["certainty"]):
        parts.append(_("ask again"))
    if abs(row["strength"]) == 2:
        parts.insert(0, _("very much") if row["strength"] > 0 else _("not at all"))
    return ", ".join(parts)


def _act(row: dict[str, Any], token: str) -> str:
    label = _("Does not hold any more: %(what)s") % {"what": row["headed"]}
    return _ACT.format(id=row["id"], token=token, label=escape(label), icon=icon("x", 14))
