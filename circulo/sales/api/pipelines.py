"""Pipelines and reasons over the API: everybody may read them, administrators decide them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.utils.translation import gettext as _

from circulo.accounts.models import User
from circulo.lib.errors import Invalid
from circulo.lib.text import clean
from circulo.records.rest import lists, reading
from circulo.records.rest.answers import answer, etag_of, nothing, one, version_of
from circulo.records.rest.operations import Call, Operation, offer
from circulo.records.rest.refusals import forbidden, not_found
from circulo.records.rest.schemas import page_of
from circulo.records.rest.versions import refuse_older
from circulo.sales import actions, schemas
from circulo.sales.api.acts import act_shown, read_acts
from circulo.sales.models import ForecastAs, Pipeline, Reason, Stage, StageAct
from circulo.sales.selectors.acts import acts_by_stage
from circulo.sales.selectors.deals import pipeline_called, stages_of

STAGE = ("name", "probability", "entry", "required", "stale_after", "advice", "forecast_as")
PIPELINE = ("name", "is_active", "is_default")


def list_pipelines(call: Call) -> HttpResponse:
    """One page of the pipelines, each with its stages."""
    _refuse_who_sees_none(call.user)
    return lists.page(call, "pipelines", _shape)


def show_pipeline(call: Call) -> HttpResponse:
    """One pipeline with its stages."""
    said = shown(_found(call))
    return one(call.request, said, etag_of(version_of(said)))


def add_pipeline(call: Call) -> HttpResponse:
    """Add a pipeline with its stages in order."""
    _refuse_all_but_administrators(call.user)
    values, stages = _read(call)
    if not stages:
        raise Invalid({"stages": _("A pipeline has at least one stage.")})
    if any("id" in stage for stage in stages):
        raise Invalid({"stages": _("A new pipeline has new stages.")})
    return _told(actions.add_pipeline(values, stages, by=call.user), status=201)


@transaction.atomic
def change_pipeline(call: Call) -> HttpResponse:
    """Change a pipeline; stages that are named with their id are changed, the others added.

    The order is that of the list; a stage is taken out on the page of the pipeline, where it is
    said what becomes of its deals.
    """
    _refuse_all_but_administrators(call.user)
    pipeline = _found(call)
    now = shown(pipeline)
    refuse_older(call, version_of(now), lambda: now)
    values, stages = _read(call)
    pipeline = actions.change_pipeline(pipeline, values, by=call.user)
    if stages is not None:
        _put_stages(pipeline, stages, call.user)
    return _told(pipeline)


def retire_pipeline(call: Call) -> HttpResponse:
    """Begin no more deals in a pipeline; those that are in it go on."""
    _refuse_all_but_administrators(call.user)
    pipeline = _found(call)
    now = shown(pipeline)
    refuse_older(call, version_of(now), lambda: now)
    actions.change_pipeline(pipeline, {"is_active": False}, by=call.user)
    return nothing()


def list_reasons(call: Call) -> HttpResponse:
    """One page of the reasons why deals are won or lost."""
    _refuse_who_sees_none(call.user)
    return lists.page(call, "reasons", lambda _user, rows: [_reason(row) for row in rows])


def _put_stages(pipeline: Pipeline, stages: Sequence[dict[str, Any]], by: User) -> None:
    known = {stage.public_id: stage for stage in stages_of(pipeline.pk)}
    if any("id" in values and values["id"] not in known for values in stages):
        raise Invalid({"stages": _("There is no such stage.")})
    order = []
    for values in stages:
        stage = known.get(values.pop("id", ""))
        if stage is None:
            order.append(actions.add_stage(pipeline, values, by=by).pk)
        else:
            order.append(actions.change_stage(stage, values, by=by).pk)
    actions.order_stages(pipeline, order, by=by)


def _read(call: Call) -> tuple[dict[str, Any], list[dict[str, Any]] | None]:
    said = reading.known(call.said, (*PIPELINE, "stages"))
    with reading.collecting() as take:
        stages = take("stages", _stages, said.pop("stages")) if "stages" in said else None
        values = {name: take(name, _READERS[name], value) for name, value in said.items()}
    return values, stages


def _stages(value: Any) -> list[dict[str, Any]]:
    if not isinstance(value, list) or len(value) > actions.MOST_STAGES:
        raise Invalid({"": _("This must be a list of at most %d values.") % actions.MOST_STAGES})
    return [_stage(one) for one in value]


def _stage(said: Any) -> dict[str, Any]:
    if not isinstance(said, Mapping) or set(said) - {*STAGE, "acts", "id"}:
        raise Invalid({"": _("Each of these has: %s.") % ", ".join([*STAGE, "acts"])})
    try:
        read = {name: _READERS[name](value) for name, value in said.items()}
    except Invalid as invalid:
        raise Invalid({"": next(iter(invalid.fields.values()))}) from invalid
    if not read.get("name"):
        raise Invalid({"": _("A name is needed.")})
    return read


def _name(value: Any) -> str:
    return clean(reading.word(value), limit=80)


def _words(value: Any) -> list[str]:
    if not isinstance(value, list) or len(value) > 50:
        raise Invalid({"": _("This must be a list of at most %d values.") % 50})
    return [clean(reading.word(one), limit=120) for one in value]


def _forecast_as(value: Any) -> str:
    if value not in ("", *ForecastAs.values):
        raise Invalid({"": _("Choose one of: %s.") % ", ".join(ForecastAs.values)})
    return str(value)


_READERS: dict[str, Any] = {
    "id": reading.word,
    "name": _name,
    "is_active": reading.flag,
    "is_default": reading.flag,
    "probability": reading.whole(0, 100),
    "stale_after": lambda value: None if value is None else reading.whole(1, 3_650)(value),
    "forecast_as": _forecast_as,
    "entry": reading.anything,
    "required": _words,
    "acts": read_acts,
    "advice": lambda value: clean(reading.word(value), limit=2_000, lines=True),
}


def _found(call: Call) -> Pipeline:
    found = pipeline_called(call.ids[0]) if call.user.may("deals", "view") else None
    if found is None:
        raise not_found(_("There is no such record."))
    return found


def _shape(_user: User | None, rows: Sequence[Pipeline]) -> list[dict[str, Any]]:
    """Pipelines with their stages and acts, each read in one statement."""
    stages: dict[int, list[Stage]] = {}
    for stage in stages_of(*(row.pk for row in rows)):
        stages.setdefault(stage.pipeline_id, []).append(stage)
    acts = acts_by_stage(stage.pk for each in stages.values() for stage in each)
    return [_pipeline(row, stages.get(row.pk, ()), acts) for row in rows]


def _told(pipeline: Pipeline, *, status: int = 200) -> HttpResponse:
    said = shown(pipeline)
    where = f"pipelines/{said['id']}" if status == 201 else ""
    return answer(said, status=status, etag=etag_of(version_of(said)), location=where)


def shown(pipeline: Pipeline) -> dict[str, Any]:
    """A pipeline with its stages as the API tells it."""
    return _shape(None, [pipeline])[0]


def _pipeline(
    pipeline: Pipeline, stages: Sequence[Stage], acts: Mapping[int, list[StageAct]]
) -> dict[str, Any]:
    return {
        "id": pipeline.public_id,
        **{name: getattr(pipeline, name) for name in PIPELINE},
        "position": pipeline.position,
        "stages": [_stage_shown(stage, acts.get(stage.pk, ())) for stage in stages],
    }


def _stage_shown(stage: Stage, acts: Sequence[StageAct]) -> dict[str, Any]:
    return {
        "id": stage.public_id,
        **{name: getattr(stage, name) for name in STAGE},
        "acts": [act_shown(act) for act in acts],
        "position": stage.position,
    }


def _reason(reason: Reason) -> dict[str, Any]:
    names = ("outcome", "label", "position", "is_active", "asks_rival")
    return {"id": reason.public_id, **{name: getattr(reason, name) for name in names}}


def _refuse_who_sees_none(user: User) -> None:
    if not user.may("deals", "view"):
        raise forbidden(_("Your role does not allow this."))


def _refuse_all_but_administrators(user: User) -> None:
    if not user.is_admin:
        raise forbidden(_("Only administrators may do this."))


offer(
    Operation("GET", "pipelines", list_pipelines, "List pipelines with their stages",
              gives=page_of(schemas.PIPELINE), parameters=lists.PAGES),
    Operation("POST", "pipelines", add_pipeline, "Add a pipeline", takes=schemas.PIPELINE_IN,
              gives=schemas.PIPELINE, status=201),
    Operation("GET", "pipelines/{id}", show_pipeline, "Get a pipeline with its stages",
              gives=schemas.PIPELINE),
    Operation("PATCH", "pipelines/{id}", change_pipeline, "Change a pipeline and its stages",
              takes=schemas.PIPELINE_CHANGE, gives=schemas.PIPELINE),
    Operation("DELETE", "pipelines/{id}", retire_pipeline, "Begin no more deals in a pipeline",
              status=204),
    Operation("GET", "reasons", list_reasons, "List the reasons for won and lost deals",
              gives=page_of(schemas.REASON), parameters=lists.PAGES),
)  # fmt: skip
