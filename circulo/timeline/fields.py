"""Interactions as lists, the API, exports and the criteria language see them."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from circulo.records.resources import Field, Resource, Type, named, register
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
