"""Values of a deal put back: by the rules that its form, its stages and its ends have."""

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
_ENDS = ("reason_id", "reason_note", "lost_to")
_PLAIN = ("title", "amount", "currency", "expected_on", "source", "campaign", "tags", "notes",
          "reference", "agent", "forecast_as", "amount_from_lines")  # fmt: skip
_KNOWN = {"binned_at", "outcome", "custom", *_ENDS, *_PLAIN, *_LINKS}


@transaction.atomic
def put_deal_back(deal: Deal, values: dict[str, Any], *, old: dict[str, Any], by: User) -> None:
    """Give columns of a deal the values that they had, as if somebody said so now. `old` is all
    that the change which is taken back had taken.
    """
    if not values.keys() <= _KNOWN:
        raise RuleBroken(_("This follows from something else: it is not put back by itself."))
    if "binned_at" in values:
        (bin_deals if values["binned_at"] else restore_deals)([deal.pk], by=by)
    if "outcome" in values:
        _end(deal, values["outcome"], old, by)
    if ends := {name: values[name] or _nothing(name) for name in _ENDS if name in values}:
        change_end(deal, ends, by=by)
    if "custom" in values:
        draft = drafts.Draft({"custom": dict.fromkeys(deal.custom) | values["custom"]})
        change_deal(deal, draft, by=by)
    if said := _said(deal, values):
        change_deal(deal, drafts.read(said, by=by, deal=deal), by=by)


def _end(deal: Deal, outcome: str, old: dict[str, Any], by: User) -> None:
    """End a deal as it had ended, for the reason that it had then; or open it again."""
    if outcome == Deal.Outcome.OPEN:
        reopen_deal(deal, by=by)
        return
    reason = Reason.objects.filter(pk=old.get("reason_id") or 0).first()
    note = old.get("reason_note") or ""
    if outcome == Deal.Outcome.WON:
        win_deal(deal, by=by, reason=reason, note=note)
    else:
        lost_to = old.get("lost_to") or ""
        lose_deal(deal, by=by, reason=reason, note=note, lost_to=lost_to)


def _nothing(column: str) -> Any:
    return None if column == "reason_id" else ""


def _said(deal: Deal, values: dict[str, Any]) -> dict[str, Any]:
    """Columns in the words of the API; an amount that goes with others is not said where it will
    follow the lines.
    """
    said = {name: value for name, value in values.items() if name in _PLAIN}
    for column, kind in _LINKS.items():
        if column in values:
            value = values[column]
            said[column.removesuffix("_id")] = ids.encode(kind, value) if value else None
    if len(said) > 1 and said.get("amount_from_lines", deal.amount_from_lines):
        said.pop("amount", None)
    return said
