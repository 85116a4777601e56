"""The tags of the timeline: rows of a history as HTML, the kinds that the composer offers."""

from functools import lru_cache

from django import template
from django.utils.html import escape, linebreaks
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from circulo.accounts.mentions import mark
from circulo.timeline.following_up import follow_ups
from circulo.timeline.forms import OFFERED, Offered
from circulo.timeline.hearing import mentioned_in
from circulo.timeline.kinds import AT_ONCE
from circulo.timeline.models import Interaction
from circulo.timeline.shown import OUTCOMES, days
from circulo.web import menu
from circulo.web.components.marks import icon

register = template.Library()
register.simple_tag(days, name="days")


@register.simple_tag(takes_context=True)
def what_follows(context: template.Context) -> tuple[str, ...]:
    """The partials of what else can be said, for whoever looks."""
    return tuple(one.template for one in follow_ups(context["request"].user))


@register.simple_tag
def whole_body(told: Interaction) -> SafeString:
    """What was written, whole, with the colleagues it mentions."""
    written = [one["written"] for one in mentioned_in(told.data)]
    return mark_safe(linebreaks(mark(told.body, written)))


@register.simple_tag
def kinds(chosen: str) -> SafeString:
    """The kinds as radio buttons, the rarer ones folded away; the same for everybody."""
    return _kinds(get_language() or "es", chosen if isinstance(chosen, str) else "")


@register.simple_tag
def outcomes(chosen: str) -> SafeString:
    """How a call can end, as options."""
    pairs = [("", _("How it ended")), *OUTCOMES.items()]
    options = "".join(
        f'<option value="{value}"{" selected" if chosen == value else ""}>{escape(label)}</option>'
        for value, label in pairs
    )
    return mark_safe(options)


@lru_cache(maxsize=200)
def _kinds(language: str, chosen: str) -> SafeString:
    """Kept by language, which the labels follow."""
    at_once = "".join(_kind(one, chosen) for one in OFFERED[:AT_ONCE])
    rarer = "".join(_kind(one, chosen) for one in OFFERED[AT_ONCE:])
    return mark_safe(
        f'{at_once}<details class="rarer"><summary title="{escape(_("Other"))}"><span>'
        f'{icon("ellipsis", 14)}<span class="unseen">{escape(_("Other"))}</span></span></summary>'
        f"<div>{rarer}</div></details>"
    )


def _kind(one: Offered, chosen: str) -> str:
    keys = f' data-keys="{one.keys}"' if one.keys else ""
    checked = " checked" if one.value == chosen else ""
    return (
        f'<label{keys}><input type="radio" name="kind" value="{one.value}"{checked}>'
        f"{icon(one.mark, 14)}<span>{escape(one.label)}</span></label>"
    )


@register.simple_tag(takes_context=True)
def acts_on(context: template.Context, told: Interaction) -> list[menu.Entry]:
    """What whoever looks can begin with something that somebody wrote or said to us."""
    if told.direction != Interaction.Direction.IN:
        return []
    return menu.open_to(context["request"].user, "incoming")
