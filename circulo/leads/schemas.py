"""The shapes of leads, their reasons and public forms over the API."""

from circulo.leads.drafts import LENGTHS, MOST_MESSAGE, MOST_PHONE, MOST_TAGS
from circulo.leads.form_fields import ASKABLE, LANGUAGES, PURPOSES
from circulo.leads.models import Lead
from circulo.records.rest.schemas import (
    Schema,
    anything,
    choice,
    component,
    flag,
    identifier,
    list_of,
    moment,
    nullable,
    record,
    text,
    whole,
)
from circulo.sales.schemas import DEAL_CHANGE
from circulo.timeline.kinds import CHANNELS

_SENT: dict[str, Schema] = {
    **{name: text(most) for name, most in LENGTHS.items()},
    "email": text(300),
    "phone": text(MOST_PHONE),
    "country": text(2, description="Such as ES"),
    "message": text(MOST_MESSAGE),
    "language": text(5, description="Such as es"),
    "channel": choice(list(CHANNELS)),
    "party": nullable(identifier("contact")),
    "company_party": nullable(identifier("company")),
    "owner": nullable(identifier("user; without one the rules say whose it is")),
    "team": nullable(identifier("team in whose queue it waits")),
    "tags": list_of(text(50), MOST_TAGS),
    "custom": anything(),
}
_REASON = record(
    {"label": text(), "points": whole(-100, 100)}, required=["label", "points"], is_open=True
)
LEAD = component(
    "Lead",
    record(
        _SENT
        | {
            "id": identifier("lead"),
            "name": text(),
            "party_name": nullable(text()),
            "company_party_name": nullable(text()),
            "status": choice(Lead.Status.values),
            "score": whole(0, 100),
            "score_kind": text(),
            "score_reasons": list_of(_REASON),
            "scored_at": nullable(moment()),
            "owner_name": nullable(text()),
            "team_name": nullable(text()),
            "route": text(description="Why it came to whom it came"),
            "arrived_at": moment(),
            "answer_due_at": nullable(moment()),
            "answered_at": nullable(moment()),
            "is_unanswered": flag(),
            "is_overdue": flag(),
            "is_in_time": flag(description="Answered before `answer_due_at`"),
            "deal": nullable(identifier("deal")),
            "converted_at": nullable(moment()),
            "created_by": nullable(identifier("user")),
            "reason": nullable(identifier("reason")),
            "reason_label": nullable(text()),
            "reason_note": text(),
            "version": whole(1),
            "created_at": moment(),
            "updated_at": moment(),
        },
        required=["id"],
    ),
)
_IN = _SENT | {"name": text(200, description="A whole name, where its parts are not known")}
LEAD_IN = component("LeadToSend", record(_IN))
LEAD_CHANGE = component("LeadChange", record(_IN))
CONVERT = component(
    "LeadConvert",
    record(
        {
            "contact": nullable(identifier("contact it is; none for a new one")),
            "adds_contact": flag(description="false where there is to be no contact"),
            "company": nullable(identifier("company it is; none for a new one")),
            "adds_company": flag(description="false where there is to be no company"),
            "deal": nullable(DEAL_CHANGE),
        }
    ),
)
DISCARD = component(
    "LeadDiscard",
    record({"reason": identifier("reason"), "note": text(2_000)}, required=["reason"]),
)
REASON = component(
    "LeadReason",
    record(
        {
            "id": identifier("reason"),
            "label": text(120),
            "position": whole(0),
            "is_active": flag(),
        },
        required=["id", "label"],
    ),
)
_FIELD = record(
    {"name": choice(list(ASKABLE)), "label": text(120), "is_required": flag()}, required=["name"]
)
_CONSENT: dict[str, Schema] = {
    "purpose": choice(list(PURPOSES)),
    "text": text(2_000),
    "is_required": flag(),
}
_FORM: dict[str, Schema] = {
    "name": text(120),
    "title": text(200),
    "intro": text(2_000),
    "button": text(60),
    "language": choice(LANGUAGES),
    "fields": list_of(component("FormField", _FIELD), len(ASKABLE)),
    "source": text(100),
    "campaign": text(100),
    "tags": list_of(text(50), 50),
    "thanks": text(2_000),
    "thanks_url": text(500),
    "sites": list_of(text(200), 20),
    "is_active": flag(),
}
_AGREED = record(_CONSENT | {"version": whole(1)}, required=["purpose", "text"])
FORM = component(
    "WebForm",
    record(
        _FORM
        | {
            "id": identifier("form"),
            "url": text(),
            "consents": list_of(component("FormConsent", _AGREED), len(PURPOSES)),
            "version": whole(1),
            "created_at": moment(),
            "updated_at": moment(),
        },
        required=["id", "name", "url"],
    ),
)
_FORM_IN = _FORM | {
    "consents": list_of(
        component("FormConsentToSend", record(_CONSENT, required=["purpose", "text"])),
        len(PURPOSES),
    )
}
FORM_IN = component("WebFormToSend", record(_FORM_IN, required=["name", "title", "fields"]))
FORM_CHANGE = component("WebFormChange", record(_FORM_IN))
