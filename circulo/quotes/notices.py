"""What quotes tell people of, and who sees what such a notice is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from circulo.accounts.notices import Kind, Theme, about, register
from circulo.quotes.models import Quote

if TYPE_CHECKING:
    from circulo.accounts.models import User

ASKED, APPROVED, RETURNED = "quotes.asked", "quotes.approved", "quotes.returned"
MAIL_REFUSED, MAIL_IN_DOUBT = "quotes.mail_refused", "quotes.mail_in_doubt"
OPENED, COMMENTED, ACCEPTED, REFUSED = (
    "quotes.opened", "quotes.commented", "quotes.accepted", "quotes.refused",
)  # fmt: skip
WON_AFTER_ALL = "quotes.won_after_all"


def _seen(user: User, keys: set[int]) -> set[int]:
    rows = Quote.objects.visible_to(user).filter(pk__in=keys)
    return set(rows.values_list("pk", flat=True))


about("quote", _seen)
register(
    Theme(_("Quotes"), 50),
    Kind(ASKED, _("Quotes to approve"), _("%(who)s asks you to approve %(number)s: %(title)s"),
         "stamp", True, is_pushed=True),
    Kind(APPROVED, _("Your quotes that are approved"), _("%(who)s approved %(number)s: %(title)s"),
         "badge-check", is_pushed=True),
    Kind(RETURNED, _("Your quotes that are sent back"),
         _("%(who)s sent %(number)s back: %(title)s"), "undo-2", True, is_pushed=True),
    Kind(OPENED, _("Your quotes that customers open"), _("%(number)s was opened: %(title)s"),
         "eye"),
    Kind(COMMENTED, _("Comments of customers on your quotes"),
         _("%(who)s comments on %(number)s: %(title)s"), "message-square", True, is_pushed=True),
    Kind(ACCEPTED, _("Your quotes that are accepted"), _("%(who)s accepts %(number)s: %(title)s"),
         "trophy", True, is_pushed=True),
    Kind(WON_AFTER_ALL, _("Deals held for lost whose quote is accepted"),
         _("%(who)s accepts %(number)s: “%(deal)s” was lost, and is won now"), "trophy", True,
         is_pushed=True),
    Kind(REFUSED, _("Your quotes that are refused"), _("%(who)s refuses %(number)s: %(title)s"),
         "circle-x", True, is_pushed=True),
    Kind(MAIL_REFUSED, _("E-mails with quotes that did not reach everybody"),
         _("The e-mail with %(number)s did not reach everybody: %(title)s"), "circle-alert", True,
         is_pushed=True),
    Kind(MAIL_IN_DOUBT, _("E-mails with quotes of which nobody knows whether they left"),
         _("Nobody knows whether the e-mail with %(number)s left: say so"), "circle-alert", True,
         is_pushed=True),
)  # fmt: skip
