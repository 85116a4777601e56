"""What people are told of what was recorded, and who sees what such a notice is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from circulo.accounts.notices import Kind, Theme, Words, about, register
from circulo.timeline.kinds import LOOKS
from circulo.timeline.kinds import Kind as What
from circulo.timeline.models import Interaction

if TYPE_CHECKING:
    from circulo.accounts.models import User

MENTIONED, HAPPENED = "timeline.mentioned", "timeline.happened"


def _what(words: Words) -> dict[str, str]:
    """What was recorded, in the language of the reader."""
    kind = words.get("kind", "")
    return {"what": str(LOOKS[What(kind)].label)} if kind in LOOKS else {}


def _seen(user: User, keys: set[int]) -> set[int]:
    rows = Interaction.objects.visible_to(user).filter(pk__in=keys)
    return set(rows.values_list("pk", flat=True))


about("interaction", _seen)
register(
    Theme(_("Contacts and companies"), 20),
    Kind(MENTIONED, _("Mentions of you"), _("%(who)s mentioned you: %(name)s"), "at-sign",
         is_mailed=True, is_pushed=True),
    Kind(HAPPENED, _("What happens with whom you follow"), _("%(who)s, with %(name)s: %(what)s"),
         "bell-ring", more=_what),
)  # fmt: skip
