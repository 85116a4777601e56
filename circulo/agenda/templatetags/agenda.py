"""The tags of the agenda: when something is, in words, and what its forms begin with."""

from datetime import datetime
from functools import lru_cache
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import escape, linebreaks
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from circulo.accounts.mentions import find, mark
from circulo.agenda.kinds import choices
from circulo.agenda.models import Entry, Participant
from circulo.agenda.selectors.today import Due
from circulo.agenda.times import Occurrence
from circulo.agenda.words import times_in_words, tomorrow, when_in_words
from circulo.lib import format as fmt

register = template.Library()


register.simple_tag(when_in_words, name="when")
register.simple_tag(tomorrow)


@register.simple_tag
def notes(text: str) -> SafeString:
    """Notes as paragraphs, with the colleagues that they mention."""
    return mark_safe(linebreaks(mark(text, [one.written for one in find(text).mentions])))


@register.simple_tag
def task_kinds() -> SafeString:
    """The kinds of task as options; the same for everybody."""
    return _kinds(get_language() or "es")


@lru_cache(maxsize=10)
def _kinds(language: str) -> SafeString:
    options = (f'<option value="{k}">{escape(v)}</option>' for k, v in choices(False).items())
    return mark_safe("".join(options))


@register.simple_tag(takes_context=True)
def may_plan(context: template.Context) -> bool:
    """Whether whoever looks may add tasks and appointments."""
    return bool(context["request"].user.may("tasks", "create"))


@register.simple_tag
def due_when(due: Due) -> str:
    """When something on the list of the day is: the hour today, the day otherwise."""
    entry, start = due.entry, due.start
    if start is None:
        return ""
    if due.one is not None:
        return occurrence(due.one)
    local = timezone.localtime(start)
    if entry.starts_on is not None:
        return fmt.near_day(entry.starts_on)
    if local.date() == timezone.localdate():
        return fmt.time(start)
    return f"{fmt.near_day(local.date())}, {fmt.time(start)}"


@register.simple_tag
def next_when(row: dict[str, Any]) -> str:
    """When something planned with a party is."""
    due: datetime | None = row["due"]
    if due is None:
        return _("without a date")
    day = fmt.near_day(timezone.localtime(due).date())
    return day if row["is_whole_day"] else f"{day}, {fmt.time(due)}"


@register.simple_tag
def occurrence(one: Occurrence) -> str:
    """One time of something that repeats."""
    return times_in_words(one.start, one.end, one.days or (None, None))


@register.simple_tag
def before(minutes: int) -> str:
    """So long before it begins."""
    if not minutes:
        return _("when it is time")
    days, hours = minutes // 1440, minutes // 60
    if not minutes % 1440:
        return ngettext("%d day before", "%d days before", days) % days
    if not minutes % 60:
        return ngettext("%d hour before", "%d hours before", hours) % hours
    return ngettext("%d minute before", "%d minutes before", minutes) % minutes


@register.simple_tag
def answer_word(answer: str) -> str:
    """What an answer to an invitation means."""
    return str(Participant.Answer(answer).label)


@register.simple_tag
def local_day(entry: Entry, one: Occurrence | None = None) -> str:
    """The day an entry begins, or one time of it, as a field holds it."""
    if entry.starts_on:
        return f"{one.days[0] if one and one.days else entry.starts_on:%Y-%m-%d}"
    start = one.start if one else entry.starts_at
    return f"{timezone.localtime(start):%Y-%m-%d}" if start else ""


@register.simple_tag
def local_time(entry: Entry, one: Occurrence | None = None) -> str:
    """The time an entry begins, or one time of it, as a field holds it."""
    start = one.start if one and not one.days else entry.starts_at
    return f"{timezone.localtime(start):%H:%M}" if start else ""
