"""What can be done to many quotes at once."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from circulo.accounts.models import User
from circulo.accounts.selectors import owner_of, people_who_work_here
from circulo.lib.errors import Invalid, Text
from circulo.quotes import actions
from circulo.quotes.actions.drafting import OPEN
from circulo.quotes.models import Quote
from circulo.records.bulk import Act, offer


def _people(_user: User) -> list[tuple[str, Text]]:
    return [*people_who_work_here()]


def _give(keys: Sequence[int], value: str, user: User) -> int:
    owner = User.objects.select_related("team").filter(pk=owner_of(value) or 0).first()
    if owner is None or not user.may_give("quotes", owner):
        raise Invalid({"value": _("There is no such person whom you could give this to.")})
    return actions.give_quotes(keys, owner, by=user)


def _undecided(keys: Sequence[int], value: str, user: User) -> list[int]:
    """Those that nobody decided yet."""
    rows = Quote.objects.filter(pk__in=keys, status__in=OPEN)
    found = list(rows.order_by("pk").values_list("pk", flat=True))
    if keys and not found:
        raise Invalid({"value": _("These quotes are decided already: what was said stays.")})
    return found


def _withdraw(keys: Sequence[int], value: str, user: User) -> int:
    return actions.withdraw_quotes(keys, by=user)


offer(
    ("quotes",),
    Act("owner", lazy("Owner"), "user-check", "edit", _give, lazy("Give %s to another owner"),
        lazy("%s given to another owner."), lazy("Owner"), _people, order=10),
    Act("withdraw", lazy("Withdraw"), "undo-2", "delete", _withdraw, lazy("Withdraw %s"),
        lazy("%s withdrawn."), fit=_undecided, tone="danger", order=90),
)  # fmt: skip
