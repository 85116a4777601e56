"""The shapes of quotas, forecasts and figures of sales and leads over the API."""

from circulo.forecasts.models.adjustments import CATEGORIES
from circulo.forecasts.periods import Span
from circulo.records.rest.schemas import (
    MONEY,
    Schema,
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

_MONEY_IN: Schema = {"anyOf": [MONEY, {"type": "number"}, text(40)]}
PERIOD = text(7, description="2026-11 for a month, 2026-q4 for a quarter, 2026 for a year")
_SUBJECT: dict[str, Schema] = {
    "user": nullable(identifier("user")),
    "team": nullable(identifier("team")),
    "territory": nullable(identifier("territory")),
}
QUOTA = component(
    "Quota",
    record(
        _SUBJECT
        | {
            "id": identifier("quota"),
            "user_name": nullable(text()),
            "team_name": nullable(text()),
            "territory_name": nullable(text()),
            "period": PERIOD,
            "span": choice(Span.values),
            "amount": MONEY,
            "updated_at": moment(),
        },
        required=["id", "period", "amount"],
    ),
)
QUOTA_IN = component(
    "QuotaToSend",
    record(_SUBJECT | {"period": PERIOD, "amount": _MONEY_IN}, required=["period", "amount"]),
)
ADJUSTMENT = component(
    "Adjustment",
    record(
        _SUBJECT
        | {
            "id": identifier("adjustment"),
            "period": PERIOD,
            "category": choice([str(one) for one in CATEGORIES]),
            "amount": MONEY,
            "comment": text(500),
            "by": identifier("user"),
            "made_at": moment(),
            "ended_at": nullable(moment()),
        },
        required=["id", "period", "category", "amount", "comment"],
    ),
)
ADJUSTMENT_IN = component(
    "AdjustmentToSend",
    record(
        _SUBJECT
        | {
            "period": PERIOD,
            "category": choice([str(one) for one in CATEGORIES]),
            "amount": _MONEY_IN,
            "comment": text(500),
        },
        required=["period", "category", "amount", "comment"],
    ),
)
FORECAST_OF = component(
    "ForecastOfOne",
    record(
        {
            "kind": choice(
                ["firm", "team", "person", "sight", "territory", "rest", "nowhere"],
                description="sight: what one sees of the firm; rest: what lies in the territory"
                " above and in none within it; nowhere: in no territory",
            ),
            "id": nullable(text(description="Id of the team, the user or the territory")),
            "name": nullable(text()),
            "above": nullable(text(description="Id of the team or territory it belongs to")),
            "period": PERIOD,
            "quota": nullable(MONEY),
            "won": MONEY,
            "won_count": whole(0),
            "commit": MONEY,
            "best_case": MONEY,
            "pipeline": MONEY,
            "omitted": MONEY,
            "weighted": MONEY,
            "forecast": MONEY,
            "gap": nullable(MONEY),
            "not_counted": list_of(MONEY),
        },
        required=["kind", "period", "won", "forecast"],
    ),
)
FORECAST = component(
    "Forecast", record({"items": list_of(FORECAST_OF), "currency": text(3)}, required=["items"])
)
_JUDGED: dict[str, Schema] = {
    "count": whole(0),
    "bias": MONEY,
    "mae": MONEY,
    "mape": nullable(text(20)),
}
ACCURACY = component(
    "Accuracy",
    record(
        {
            "items": list_of(
                record(
                    {"kind": choice(["firm", "team", "person"]), "id": nullable(text()),
                     "name": nullable(text()), "weeks_ahead": nullable(whole(0)), **_JUDGED},
                    required=["kind", "count"],
                )
            ),
            "stages": list_of(
                record({"name": text(), "count": whole(0), "expected": MONEY, "promised": MONEY,
                        "won": MONEY, "won_count": whole(0)})
            ),
        },
        required=["items", "stages"],
    ),
)  # fmt: skip
_NAMED = nullable(record({"id": nullable(text()), "name": text()}))
FIGURES = component(
    "SalesFigures",
    record(
        {
            "items": list_of(
                record(
                    {
                        **{name: _NAMED for name in ("owner", "team", "product", "quarter",
                                                     "month", "source", "campaign", "pipeline",
                                                     "reason", "lost_to")},
                        "won": whole(0),
                        "lost": whole(0),
                        "conversion": nullable(text(20)),
                        "amounts": list_of(MONEY),
                        "deals": text(description="The filter of the deals that were counted"),
                        "brought_by": text(
                            description="The filter of the deals that the amounts are of: by owner"
                            " or team those that were shared besides"
                        ),
                    },
                    required=["won", "lost", "amounts"],
                )
            ),
            "from": day(),
            "to": day(),
            "is_whole": flag(description="Whether all groups are told"),
        },
        required=["items", "is_whole"],
    ),
)  # fmt: skip
_PART = nullable(text(20, description="A part, such as 0.4000"))
LEAD_FIGURES = component(
    "LeadFigures",
    record(
        {
            "items": list_of(
                record(
                    {
                        **{name: _NAMED for name in ("source", "campaign", "owner", "channel",
                                                     "month")},
                        "came": whole(0),
                        "answered": whole(0),
                        "in_time": whole(0, description="Answered before `answer_due_at`"),
                        "late": whole(0, description="Answered later, or waiting too long"),
                        "converted": whole(0),
                        "discarded": whole(0),
                        "open": whole(0),
                        "conversion": _PART,
                        "promptness": _PART,
                        "first_answer_minutes": nullable(
                            whole(0, description="Half of the first answers took at most as long")
                        ),
                        "most_answer_minutes": nullable(
                            whole(0, description="Nine of ten took at most as long")
                        ),
                        "leads": text(description="The filter of the leads that were counted"),
                    },
                    required=["came", "answered", "converted", "discarded", "open", "leads"],
                )
            ),
            "from": day(),
            "to": day(),
            "is_whole": flag(description="Whether all groups are told"),
        },
        required=["items", "is_whole"],
    ),
)  # fmt: skip
