"""What leads tell people of, and who sees what such a notice is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from circulo.accounts.notices import Kind, Theme, about, register
from circulo.leads.models import Lead

if TYPE_CHECKING:
    from circulo.accounts.models import User

CAME, OVERDUE = "leads.came", "leads.overdue"


def _seen(user: User, keys: set[int]) -> set[int]:
    rows = Lead.objects.visible_to(user).filter(pk__in=keys)
    return set(rows.values_list("pk", flat=True))


about("lead", _seen)
register(
    Theme(_("Leads"), 30),
    Kind(CAME, _("New leads"), _("A lead for you: %(title)s"), "inbox", is_pushed=True),
    Kind(OVERDUE, _("Leads that wait too long"), _("%(title)s still waits for an answer"),
         "clock-alert", True, is_pushed=True),
)  # fmt: skip
