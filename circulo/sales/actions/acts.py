"""What administrators decide of the acts that a stage suggests."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from circulo.accounts.models import User
from circulo.agenda.kinds import TASKS
from circulo.lib.errors import Invalid, RuleBroken
from circulo.sales.actions.moving import hold_stages
from circulo.sales.models import Stage, StageAct
from circulo.sales.models.acts import MOST_DAYS

MOST_ACTS = 12


@transaction.atomic
def add_act(stage: Stage, values: dict[str, Any], *, by: User | None) -> StageAct:
    """Have a stage suggest something, after what it suggests already."""
    hold_stages([stage.pk])
    places = list(stage.acts.values_list("position", flat=True))
    if len(places) >= MOST_ACTS:
        raise RuleBroken(_("A stage suggests at most %d acts.") % MOST_ACTS)
    _refuse_bad({"title": ""} | values)
    return StageAct.objects.create(stage=stage, position=max(places, default=-1) + 1, **values)


@transaction.atomic
def change_act(act: StageAct, values: dict[str, Any], *, by: User | None) -> StageAct:
    """Change what a stage suggests; what was planned of it stays as it is."""
    _refuse_bad(values)
    for name, value in values.items():
        setattr(act, name, value)
    act.save()
    return act


@transaction.atomic
def remove_act(act: StageAct, *, by: User | None) -> None:
    """Suggest something no more; what was planned of it stays a step of its deal."""
    act.delete()


@transaction.atomic
def order_acts(stage: Stage, keys: Sequence[int], *, by: User | None) -> None:
    """Put the acts of a stage into this order; those that are not named come after."""
    hold_stages([stage.pk])
    acts = {act.pk: act for act in stage.acts.in_order()}
    named = [acts.pop(key) for key in dict.fromkeys(keys) if key in acts]
    for position, act in enumerate([*named, *acts.values()]):
        if act.position != position:
            act.position = position
            act.save(update_fields=["position"])


@transaction.atomic
def put_acts(stage: Stage, saids: Sequence[dict[str, Any]], *, by: User | None) -> None:
    """Have a stage suggest these acts in this order and no others; one that says its `id` is there
    already, and changes.
    """
    hold_stages([stage.pk])
    known = {act.public_id: act for act in stage.acts.in_order()}
    pairs = [(known.pop(said["id"], None) if "id" in said else None, said) for said in saids]
    if any(act is None and "id" in said for act, said in pairs):
        raise Invalid({"acts": _("There is no such act in this stage.")})
    for gone in known.values():
        remove_act(gone, by=by)
    order = []
    for act, said in pairs:
        values = {name: value for name, value in said.items() if name != "id"}
        kept = change_act(act, values, by=by) if act else add_act(stage, values, by=by)
        order.append(kept.pk)
    order_acts(stage, order, by=by)


def _refuse_bad(values: dict[str, Any]) -> None:
    if not values.get("title", True):
        raise Invalid({"title": _("Say in a few words what it is.")})
    if "kind" in values and values["kind"] not in TASKS:
        raise Invalid({"kind": _("Choose one of: %s.") % ", ".join(TASKS)})
    if not 0 <= values.get("after_days", 0) <= MOST_DAYS:
        raise Invalid({"after_days": _("This must be a whole number from %(from)d to %(to)d.")
                       % {"from": 0, "to": MOST_DAYS}})  # fmt: skip
