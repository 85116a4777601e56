"""What is to be done next for a deal: entries of the agenda that belong to it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from circulo.accounts.models import User
from circulo.agenda import actions as agenda
from circulo.agenda.models import Entry
from circulo.agenda.plans import Plan, zone_name
from circulo.lib.errors import RuleBroken
from circulo.lib.zones import zone_of
from circulo.sales.actions import telling, writing
from circulo.sales.actions.deals import refuse_binned
from circulo.sales.actions.moving import refuse_over
from circulo.sales.models import Deal, DealStep, StageAct


@transaction.atomic
def plan_step(deal: Deal, plan: Plan, *, by: User) -> Entry:
    """Plan something for a deal in the agenda, with its party unless the plan names another."""
    plan.matters["deal"] = deal.pk
    return agenda.add_entry(plan, by=by)


@transaction.atomic
def plan_act(deal: Deal, act: StageAct, *, by: User, on: date | None = None) -> Entry:
    """Plan what the stage of a deal suggests, once: what is planned or done already is given as it
    is, and what was dropped is planned anew. Whoever plans for the same deal waits here. It is due
    as the act says, unless `on` another day; whoever plans it is reminded in its morning.
    """
    deal = Deal.objects.select_for_update(of=("self",)).get(pk=deal.pk)
    refuse_over(deal)
    if act.stage_id != deal.stage_id:
        raise RuleBroken(_("“%s” is suggested in another stage.") % act.title)
    there = Entry.objects.filter(deal_step__deal=deal, deal_step__act=act)
    last = there.exclude(state=Entry.State.DROPPED).order_by("-pk").first()
    if last is not None:
        return last
    today = timezone.localdate(timezone=zone_of(zone_name(by)))
    day = on or today + timedelta(days=act.after_days)
    columns = {"title": act.title, "kind": act.kind, "starts_on": day}
    plan = Plan(False, columns, reminders=[0])
    entry = plan_step(deal, plan, by=by)
    DealStep.objects.filter(entry=entry).update(act=act)
    return entry


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
