"""The shapes of deals, pipelines and reasons over the API."""

from circulo.agenda.kinds import TASKS
from circulo.catalog.lines import MOST_LINES
from circulo.catalog.schemas import GOODS, GOODS_IN
from circulo.records.rest.schemas import (
    MONEY,
    Schema,
    anything,
    choice,
    component,
    day,
    flag,
    identifier,
    list_of,
    moment,
    nullable,
    record,
    text,
    whole,
)
from circulo.sales.actions import MOST_ACTS
from circulo.sales.drafts import LENGTHS, MOST_HANGING, MOST_NOTES, MOST_TAGS, STRENGTHS
from circulo.sales.expressions import CLOSED
from circulo.sales.models import Deal, DealPerson, ForecastAs, Reason
from circulo.sales.models.acts import MOST_DAYS
from circulo.sales.selectors.acts import STATES

_MONEY_IN: Schema = {"anyOf": [MONEY, {"type": "number"}, text(40), {"type": "null"}]}
_PERSON: dict[str, Schema] = {
    "party": identifier("contact or company"),
    "name": text(),
    "part": choice(DealPerson.Part.values),
}
_RIVAL: dict[str, Schema] = {
    "name": text(120),
    "strength": choice(list(STRENGTHS)),
    "note": text(500),
}
_SHARE: dict[str, Schema] = {
    "user": identifier("user"),
    "name": text(),
    "percent": whole(1, 100),
    "amount": nullable(MONEY) | {"description": "The part of the amount; follows from percent"},
}
PERSON = component("DealPerson", record(_PERSON, required=["party"]))
_SENT: dict[str, Schema] = {
    **{name: text(most) for name, most in LENGTHS.items()},
    "party": nullable(identifier("contact or company")),
    "pipeline": identifier("pipeline"),
    "stage": identifier("stage"),
    "expected_on": nullable(day()),
    "owner": identifier("user"),
    "forecast_as": choice(
        ["", *ForecastAs.values], description="How a forecast counts it; empty as its stage says"
    ),
    "tags": list_of(text(50), MOST_TAGS),
    "notes": text(MOST_NOTES),
    "people": list_of(PERSON, MOST_HANGING),
    "rivals": list_of(component("Rival", record(_RIVAL, required=["name"])), MOST_HANGING),
    "shares": list_of(
        component("DealShare", record(_SHARE, required=["user", "percent"])), MOST_HANGING
    ),
    "amount_from_lines": flag(),
    "custom": anything(),
}
DEAL = component(
    "Deal",
    record(
        _SENT
        | {
            "id": identifier("deal"),
            "party_name": nullable(text()),
            "pipeline_name": text(),
            "stage_name": text(),
            "amount": nullable(MONEY),
            "probability": whole(0, 100),
            "weighted": nullable(MONEY),
            "lines": list_of(GOODS, None),
            "forecast": choice([*ForecastAs.values, CLOSED]),
            "outcome": choice(Deal.Outcome.values),
            "closed_at": nullable(moment()),
            "opened_at": moment(),
            "stage_since": moment(),
            "days_in_stage": whole(),
            "is_stale": flag(),
            "next_step": nullable(anything()),
            "owner_name": text(),
            "created_by": nullable(identifier("user")),
            "reason": nullable(identifier("reason")),
            "reason_label": nullable(text()),
            "reason_note": text(),
            "lost_to": text(),
            "version": whole(1),
            "created_at": moment(),
            "updated_at": moment(),
        },
        required=["id", "title", "stage", "outcome", "owner"],
    ),
)
_LOST_TO = text(120, description="The competitor that a deal was lost to, where it is known")
_IN = _SENT | {
    "lines": list_of(GOODS_IN, MOST_LINES),
    "amount": _MONEY_IN,
    "currency": text(3, description="Such as EUR"),
    "outcome": choice(Deal.Outcome.values),
    "closed_at": nullable(moment()),
    "reason": nullable(identifier("reason, which a lost deal needs")),
    "reason_note": text(2_000),
    "lost_to": _LOST_TO,
}
DEAL_IN = component("DealToSend", record(_IN, required=["title"]))
DEAL_CHANGE = component("DealChange", record(_IN))
MOVE = component(
    "DealMove",
    record(
        {
            "stage": identifier("stage"),
            "before": nullable(identifier("deal")),
            "after": nullable(identifier("deal")),
        },
        required=["stage"],
    ),
)
_NOTE = text(2_000)
WIN = component("DealWin", record({"reason": nullable(identifier("reason")), "note": _NOTE}))
LOSE = component(
    "DealLose",
    record(
        {"reason": identifier("reason"), "note": _NOTE, "lost_to": _LOST_TO}, required=["reason"]
    ),
)
_ACT: dict[str, Schema] = {
    "kind": choice([kind.value for kind in TASKS]),
    "title": text(300),
    "after_days": whole(0, MOST_DAYS),
}
_ACT_KNOWN = identifier("act that a stage suggests")
STAGE_ACT = component(
    "StageAct", record(_ACT | {"id": _ACT_KNOWN}, required=["id", "kind", "title", "after_days"])
)
STAGE_ACT_IN = component(
    "StageActToSend",
    record(_ACT | {"id": identifier("act, to change one that is there")}, required=["title"]),
)
DEAL_ACT = component(
    "DealAct",
    record(
        _ACT
        | {
            "id": _ACT_KNOWN,
            "state": choice(list(STATES)),
            "entry": nullable(identifier("task that it was planned as, where one sees that")),
        },
        required=["id", "kind", "title", "after_days", "state", "entry"],
    ),
)
_STAGE: dict[str, Schema] = {
    "name": text(80),
    "probability": whole(0, 100),
    "entry": anything(),
    "required": list_of(text(120), 50),
    "stale_after": nullable(whole(1, 3_650)),
    "advice": text(2_000),
    "forecast_as": choice(["", *ForecastAs.values]),
}
STAGE = component(
    "Stage",
    record(
        _STAGE
        | {"id": identifier("stage"), "position": whole(0), "acts": list_of(STAGE_ACT, None)},
        required=["id", "name"],
    ),
)
STAGE_IN = component(
    "StageToSend",
    record(
        _STAGE
        | {
            "id": identifier("stage, to change one that is there"),
            "acts": list_of(STAGE_ACT_IN, MOST_ACTS),
        },
        required=["name"],
    ),
)
_PIPELINE: dict[str, Schema] = {"name": text(80), "is_active": flag(), "is_default": flag()}
PIPELINE = component(
    "Pipeline",
    record(
        _PIPELINE
        | {"id": identifier("pipeline"), "position": whole(0), "stages": list_of(STAGE, None)},
        required=["id", "name", "stages"],
    ),
)
PIPELINE_IN = component(
    "PipelineToSend",
    record(_PIPELINE | {"stages": list_of(STAGE_IN, 30)}, required=["name", "stages"]),
)
PIPELINE_CHANGE = component("PipelineChange", record(_PIPELINE | {"stages": list_of(STAGE_IN, 30)}))
REASON = component(
    "Reason",
    record(
        {
            "id": identifier("reason"),
            "outcome": choice(Reason.Outcome.values),
            "label": text(120),
            "position": whole(0),
            "is_active": flag(),
            "asks_rival": flag(),
        },
        required=["id", "outcome", "label"],
    ),
)
