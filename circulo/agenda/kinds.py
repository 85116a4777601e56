"""The kinds of task and appointment: how each looks, and what its end is on the timeline."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from circulo.timeline import kinds as timeline


class Kind(models.TextChoices):
    """What there is to do, or what people meet for."""

    TO_DO = "todo", _("To do")
    CALL = "call", _("Call")
    EMAIL = "email", _("E-mail")
    VISIT = "visit", _("Visit")
    LETTER = "letter", _("Letter")
    PROMISE = "promise", _("Promise")
    MEETING = "meeting", _("Meeting")
    OTHER = "other", pgettext_lazy("appointment", "Other")


@dataclass(frozen=True)
class Look:
    """The icon of a kind, and the kind of interaction that it becomes once it is done."""

    icon: str
    becomes: timeline.Kind


DONE = timeline.Kind.TASK_DONE
LOOKS: dict[str, Look] = {
    Kind.TO_DO: Look("square-check", DONE),
    Kind.CALL: Look("phone", timeline.Kind.CALL),
    Kind.EMAIL: Look("mail", timeline.Kind.EMAIL),
    Kind.VISIT: Look("handshake", timeline.Kind.VISIT),
    Kind.LETTER: Look("mailbox", timeline.Kind.LETTER),
    Kind.PROMISE: Look("hand-heart", timeline.Kind.PROMISE),
    Kind.MEETING: Look("users", timeline.Kind.MEETING),
    Kind.OTHER: Look("calendar", timeline.Kind.MEETING),
}
TASKS = (Kind.TO_DO, Kind.CALL, Kind.EMAIL, Kind.VISIT, Kind.LETTER, Kind.PROMISE)
APPOINTMENTS = (Kind.MEETING, Kind.VISIT, Kind.CALL, Kind.OTHER)


def choices(is_appointment: bool) -> dict[str, str | Promise]:
    """The kinds of tasks, or of appointments, by value."""
    kinds = APPOINTMENTS if is_appointment else TASKS
    return {kind.value: kind.label for kind in kinds}
