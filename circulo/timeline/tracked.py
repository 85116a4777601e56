"""What the ledger keeps of the timeline: whose an interaction is, when that changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from circulo.records.tracking import Root, Tracked, root, track
from circulo.timeline.models import Interaction

if TYPE_CHECKING:
    from circulo.accounts.models import User


def _within(user: User, act: str) -> QuerySet[Any]:
    """The interactions whose files this person may change: those this person told."""
    return Interaction.objects.visible_to(user).filter(by=user)


root(Root("interaction", _within))
track(
    Tracked(
        Interaction,
        "interaction",
        _("Interaction"),
        root="party_id",
        root_kind="party",
        named_by="kind",
        told=("subject",),
        is_in_history=False,
    ),
)
