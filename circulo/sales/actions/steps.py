"""What is to be done next for a deal: entries of the agenda that belong to it."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from circulo.accounts.models import User
from circulo.agenda import actions as agenda
from circulo.agenda.models import Entry
from circulo.agenda.plans import Plan
from circulo.sales.actions import telling, writing
from circulo.sales.actions.deals import refuse_binned
from circulo.sales.models import Deal, DealStep


@transaction.atomic
def plan_step(deal: Deal, plan: Plan, *, by: User) -> Entry:
    """Plan something for a deal in the agenda, with its party unless the plan names another."""
    plan.matters["deal"] = deal.pk
    return agenda.add_entry(plan, by=by)


@transaction.atomic
def put_steps(pairs: Sequence[tuple[Entry, int | None]], *, by: User) -> None:
    """Have entries of the agenda be steps each of a deal, or of none; they are those of one only.

    The deals that won or lost a step count as changed, and no step comes to what is in the bin.
    """
    wanted = {entry.pk: key for entry, key in pairs}
    before = dict(DealStep.objects.filter(entry__in=wanted).values_list("entry_id", "deal_id"))
    changed = {entry: key for entry, key in wanted.items() if before.get(entry) != key}
    keys = {key for key in (*changed.values(), *map(before.get, changed)) if key}
    locked = Deal.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk")
    for deal in locked:
        if deal.pk in changed.values():
            refuse_binned(deal)
    DealStep.objects.filter(entry__in=changed).delete()
    DealStep.objects.bulk_create(
        DealStep(entry_id=entry, deal_id=key) for entry, key in changed.items() if key
    )
    if keys:
        writing.touch(sorted(keys))
        telling.publish_deals(sorted(keys))
