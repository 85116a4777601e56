"""What is to be done next for a deal: entries of the agenda that belong to it."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from circulo.accounts.models import User
from circulo.agenda import actions as agenda
from circulo.agenda.models import Entry
from circulo.agenda.plans import Plan
from circulo.lib.errors import RuleBroken
from circulo.sales.actions import telling, writing
from circulo.sales.actions.deals import refuse_binned
from circulo.sales.models import Deal, DealStep


@transaction.atomic
def plan_step(deal: Deal, plan: Plan, *, by: User) -> Entry:
    """Plan something for a deal in the agenda, with its party unless the plan names another."""
    locked = Deal.objects.select_for_update(of=("self",)).get(pk=deal.pk)
    refuse_binned(locked)
    if plan.parties is None and locked.party_id is not None:
        plan.parties = [locked.party_id]
    entry = agenda.add_entry(plan, by=by)
    link_step(locked, entry, by=by)
    return entry


@transaction.atomic
def link_step(deal: Deal, entry: Entry, *, by: User) -> DealStep:
    """Say that an entry of the agenda is a step of a deal; it can be that of one deal only."""
    step, is_new = DealStep.objects.get_or_create(entry=entry, defaults={"deal": deal})
    if not is_new and step.deal_id != deal.pk:
        raise RuleBroken(_("“%s” belongs to another deal.") % entry.title)
    if is_new:
        writing.touch([deal.pk])
        telling.publish_deals([deal.pk])
    return step
