"""What stages suggest over the API: read with pipelines, and planned for a deal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.utils.translation import gettext as _

from circulo.agenda.kinds import TASKS
from circulo.lib.errors import Invalid
from circulo.lib.text import clean
from circulo.records.rest import reading
from circulo.records.rest.answers import answer, etag_of
from circulo.records.rest.operations import Call, Operation, offer
from circulo.records.rest.refusals import forbidden, not_found
from circulo.records.rest.schemas import page_of
from circulo.records.rest.versions import refuse_older
from circulo.sales import actions, schemas
from circulo.sales.api.deals import seen, told
from circulo.sales.models import StageAct
from circulo.sales.models.acts import MOST_DAYS
from circulo.sales.selectors.acts import Suggested, act_called, suggested_for

ACT = ("kind", "title", "after_days")


def list_acts(call: Call) -> HttpResponse:
    """What the stage of an open deal suggests, and what became of each."""
    items = [_shown(one) for one in suggested_for(call.user, seen(call))]
    return answer({"items": items, "next": None, "count": None})


@transaction.atomic
def plan_act(call: Call) -> HttpResponse:
    """Plan what the stage of a deal suggests; what is planned or done already stays as it is."""
    deal = seen(call, act="edit")
    if not call.user.may("tasks", "create"):
        raise forbidden(_("You may not add records of this kind."))
    act = act_called(call.ids[1])
    if act is None or act.stage_id != deal.stage_id:
        raise not_found(_("There is no such record."))
    refuse_older(call, deal.version, lambda: told(call.user, deal.pk))
    actions.plan_act(deal, act, by=call.user)
    deal.refresh_from_db()
    (planned,) = (one for one in suggested_for(call.user, deal) if one.act.pk == act.pk)
    return answer(_shown(planned), etag=etag_of(deal.version))


def act_shown(act: StageAct) -> dict[str, Any]:
    """An act as its stage tells it."""
    return {"id": act.public_id, **{name: getattr(act, name) for name in ACT}}


def read_acts(value: Any) -> list[dict[str, Any]]:
    """What is said of all the acts of a stage."""
    if not isinstance(value, list) or len(value) > actions.MOST_ACTS:
        raise Invalid({"": _("This must be a list of at most %d values.") % actions.MOST_ACTS})
    return [_read(one) for one in value]


def _read(said: Any) -> dict[str, Any]:
    if not isinstance(said, Mapping) or set(said) - {*ACT, "id"} or "title" not in said:
        raise Invalid({"": _("Each of these has: %s.") % ", ".join(ACT)})
    return {name: _READERS[name](value) for name, value in said.items()}


def _kind(value: Any) -> str:
    if value not in TASKS:
        raise Invalid({"": _("Choose one of: %s.") % ", ".join(TASKS)})
    return str(value)


def _shown(one: Suggested) -> dict[str, Any]:
    entry = one.entry.public_id if one.entry else None
    return act_shown(one.act) | {"state": one.state, "entry": entry}


_READERS: dict[str, Any] = {
    "id": reading.word,
    "title": lambda value: clean(reading.word(value), limit=300),
    "kind": _kind,
    "after_days": reading.whole(0, MOST_DAYS),
}
offer(
    Operation("GET", "deals/{id}/acts", list_acts, "What the stage of a deal suggests",
              gives=page_of(schemas.DEAL_ACT)),
    Operation("POST", "deals/{id}/acts/{act}", plan_act, "Plan what the stage of a deal suggests",
              gives=schemas.DEAL_ACT,
              more="What is planned or done already is answered as it is."),
)  # fmt: skip
