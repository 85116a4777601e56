"""One value of a deal put back: by the rules that its form, its stages and its ends have."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from circulo.accounts.models import User
from circulo.lib import ids
from circulo.lib.errors import RuleBroken
from circulo.sales import drafts
from circulo.sales.actions.closing import change_end, lose_deal, reopen_deal, win_deal
from circulo.sales.actions.deals import bin_deals, change_deal, restore_deals
from circulo.sales.models import Deal, Reason

_LINKS = {"party_id": "party", "pipeline_id": "pipeline", "stage_id": "stage", "owner_id": "user"}
_ENDS = ("reason_id", "reason_note")
_PLAIN = ("title", "amount", "currency", "expected_on", "source", "campaign", "tags", "notes",
          "reference", "agent", "forecast_as", "amount_from_lines")  # fmt: skip


@transaction.atomic
def put_deal_back(
    deal: Deal, column: str, value: Any, *, old: dict[str, Any], by: User
) -> None:
    """Give a column of a deal the value that it had, as if somebody said so now. `old` is all that
    the change which is taken back had taken.
    """
    if column == "binned_at":
        (bin_deals if value else restore_deals)([deal.pk], by=by)
    elif column == "outcome":
        _end(deal, value, old, by)
    elif column in _ENDS:
        change_end(deal, {column: value or _nothing(column)}, by=by)
    elif column == "custom":
        draft = drafts.Draft({"custom": dict.fromkeys(deal.custom) | value})
        change_deal(deal, draft, by=by)
    elif column in _PLAIN or column in _LINKS:
        change_deal(deal, drafts.read(_said(column, value), by=by, deal=deal), by=by)
    else:
        raise RuleBroken(_("This follows from something else: it is not put back by itself."))


def _end(deal: Deal, outcome: str, old: dict[str, Any], by: User) -> None:
    """End a deal as it had ended, for the reason that it had then; or open it again."""
    if outcome == Deal.Outcome.OPEN:
        reopen_deal(deal, by=by)
        return
    end = win_deal if outcome == Deal.Outcome.WON else lose_deal
    reason = Reason.objects.filter(pk=old.get("reason_id") or 0).first()
    end(deal, by=by, reason=reason, note=old.get("reason_note") or "")


def _nothing(column: str) -> Any:
    return None if column == "reason_id" else ""


def _said(column: str, value: Any) -> dict[str, Any]:
    """A column in the words of the API."""
    kind = _LINKS.get(column)
    if kind is None:
        return {column: value}
    return {column.removesuffix("_id"): ids.encode(kind, value) if value else None}
