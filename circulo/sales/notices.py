"""What deals tell people of, and who sees what such a notice is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from circulo.accounts.notices import Kind, Theme, Words, about, register
from circulo.lib import format as fmt
from circulo.sales.models import Deal

if TYPE_CHECKING:
    from circulo.accounts.models import User

GIVEN, GIVEN_MANY = "sales.given", "sales.given_many"


def _seen(user: User, keys: set[int]) -> set[int]:
    rows = Deal.objects.visible_to(user).filter(pk__in=keys)
    return set(rows.values_list("pk", flat=True))


def _how_many(words: Words) -> dict[str, str]:
    count = int(words.get("count", 0))
    return {"what": ngettext("%s deal", "%s deals", count) % fmt.number(count)}


about("deal", _seen)
register(
    Theme(_("Deals"), 40),
    Kind(GIVEN, _("Deals given to you"), _("%(who)s gave you: %(title)s"), "target", True,
         is_pushed=True),
    Kind(GIVEN_MANY, _("Many deals given to you at once"), _("%(who)s gave you %(what)s"),
         "target", True, is_pushed=True, more=_how_many),
)  # fmt: skip
