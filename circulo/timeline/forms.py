"""What somebody writes into the composer of a timeline."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from circulo.accounts.models import User
from circulo.lib.errors import Invalid
from circulo.timeline.actions import MOST_BODY, MOST_SUBJECT, Telling
from circulo.timeline.kinds import BY_HAND, LOOKS, Kind
from circulo.timeline.shown import OUTCOMES

DAY_IN_MINUTES = 24 * 60
TIMED = (Kind.CALL, Kind.VISIT, Kind.MEETING)
EMPTY_TOO = (*TIMED, Kind.JOB_DONE)


@dataclass(frozen=True)
class Offered:
    """One kind as the composer offers it."""

    value: str
    label: str | Promise
    mark: str
    keys: str


KEYS = {Kind.NOTE: "n", Kind.CALL: "l", Kind.VISIT: "v", Kind.EMAIL: "m"}
OFFERED = [
    Offered(kind.value, LOOKS[kind].label, LOOKS[kind].icon, KEYS.get(kind, "")) for kind in BY_HAND
]


class LogForm(forms.Form):
    """One interaction, told by hand: its kind, a text, and what else belongs to the kind."""

    kind = forms.ChoiceField(choices=[(one.value, one.label) for one in OFFERED])
    text = forms.CharField(label=_("What happened"), required=False, max_length=MOST_BODY)
    subject = forms.CharField(label=_("Subject"), required=False, max_length=MOST_SUBJECT)
    direction = forms.ChoiceField(
        label=_("Direction"),
        choices=[("out", _("from us")), ("in", _("to us"))],
        required=False,
    )
    minutes = forms.IntegerField(
        label=_("Minutes"), required=False, min_value=0, max_value=DAY_IN_MINUTES
    )
    outcome = forms.ChoiceField(
        label=_("How it ended"), choices=[("", "—"), *OUTCOMES.items()], required=False
    )
    when = forms.DateTimeField(label=_("When"), required=False)
    is_private = forms.BooleanField(label=_("Only for me"), required=False)
    once = forms.CharField(required=False, max_length=80)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        kind, has_files = values.get("kind"), bool(self.files.getlist("files"))
        said = values.get("text") or values.get("subject") or has_files
        if not said and "text" not in self.errors and kind not in EMPTY_TOO:
            self.add_error("text", _("Write what happened first."))
        return values

    def telling(self, user: User) -> Telling:
        """What the timeline is told."""
        values = self.cleaned_data
        kind = values["kind"]
        data: dict[str, Any] = {}
        if kind in TIMED and values["minutes"] is not None:
            data["minutes"] = values["minutes"]
        if kind == Kind.CALL and values["outcome"]:
            data["outcome"] = values["outcome"]
        once = values["once"]
        return Telling(
            subject=values["subject"].strip(),
            body=values["text"].strip(),
            direction=values["direction"] or "out",
            occurred_at=values["when"],
            data=data,
            source_key=f"log:{user.pk}:{once}" if once else None,
            is_private=values["is_private"],
        )

    def refuse(self, invalid: Invalid) -> None:
        """Say at the fields what the action refused."""
        places = {"body": "text", "occurred_at": "when", "files": "text"}
        for name, text in invalid.fields.items():
            place = places.get(name, name)
            self.add_error(place if place in self.fields else None, str(text))
