"""Interactions as lists, the API, exports and the criteria language see them."""

from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from circulo.accounts.models import User
from circulo.records.resources import Field, Resource, Type, extend, named, register
from circulo.timeline.kinds import CHANNELS, LOOKS
from circulo.timeline.models import Interaction


def _kinds() -> dict[str, str | Promise]:
    return {kind.value: look.label for kind, look in LOOKS.items()}


def _directions() -> dict[str, str | Promise]:
    return dict(Interaction.Direction.choices)


FIELDS = named(
    [
        Field("occurred_at", _("When"), Type.MOMENT, sort_by="occurred_at"),
        Field("kind", _("Kind"), Type.CHOICE, choices=_kinds),
        Field("party", _("Contact"), Type.LINK, link="party"),
        Field("subject", _("Subject")),
        Field("body", _("What happened"), is_column=False),
        Field("channel", _("Channel"), Type.CHOICE, choices=lambda: CHANNELS),
        Field("direction", _("Direction"), Type.CHOICE, choices=_directions),
        Field("by", _("By"), Type.LINK, link="user"),
        Field("recorded_at", _("Recorded"), Type.MOMENT),
    ]
)

register(
    Resource(
        "interactions",
        "interactions",
        _("Interactions"),
        lambda user: Interaction.objects.visible_to(user),
        FIELDS,
        "-occurred_at",
        ("occurred_at", "kind", "party", "subject", "by"),
        None,
        Interaction,
    )
)


def _seen(user: User) -> QuerySet[Any]:
    return Interaction.objects.shown_to(user)


def _happened(name: str, label: str | Promise, path: str, type: Type, **more: Any) -> Field:
    """What happened with a party, as a condition on the party."""
    return Field(name, label, type, path=path, related=_seen, back="party", when="occurred_at",
                 is_column=False, of=_("What happened"), of_kind="interactions",
                 **more)  # fmt: skip


HAPPENED = named(
    [
        _happened("interactions.kind", _("Kind"), "kind", Type.CHOICE, choices=_kinds),
        _happened("interactions.channel", _("Channel"), "channel", Type.CHOICE,
                  choices=lambda: CHANNELS),
        _happened("interactions.by", _("By"), "by", Type.LINK, link="user"),
        _happened("interactions.occurred_at", _("When"), "occurred_at", Type.MOMENT),
        _happened("interactions.subject", _("Subject"), "subject", Type.TEXT),
    ]
)  # fmt: skip
extend("contacts", HAPPENED)
extend("companies", HAPPENED)
