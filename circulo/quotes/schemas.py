"""The shapes of quotes over the API."""

from circulo.catalog.lines import MOST_LINES
from circulo.catalog.schemas import GOODS, GOODS_IN
from circulo.channels.email.actions.writing import MOST_READERS, MOST_SUBJECT
from circulo.channels.email.actions.writing import MOST_TEXT as MOST_MAIL
from circulo.channels.email.schemas import MAIL
from circulo.quotes.actions.answering import MOST_NAME, MOST_TEXT
from circulo.quotes.drafts import LENGTHS, TEXTS
from circulo.quotes.models import Answer, Approval, Quote
from circulo.quotes.models.quotes import LANGUAGES
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

_EXACT = text(40, description="An exact number")
_SAID: dict[str, Schema] = {
    **{name: text(most) for name, most in (LENGTHS | TEXTS).items()},
    "party": nullable(identifier("contact or company")),
    "contact": nullable(identifier("contact")),
    "deal": nullable(identifier("deal")),
    "language": choice(dict(LANGUAGES)),
    "currency": text(3, description="Such as EUR"),
    "valid_until": day(),
    "owner": identifier("user"),
    "custom": anything(),
}
_TAX = record({"tax": text(), "tax_class": text(), "rate": _EXACT, "base": MONEY, "amount": MONEY})
APPROVAL = component(
    "Approval",
    record(
        {
            "reason": text(),
            "state": choice(Approval.State.values),
            "comment": text(),
            "asked_at": moment(),
            "decided_at": nullable(moment()),
            "decided_by": nullable(identifier("user")),
        },
        required=["reason", "state"],
    ),
)
ANSWER = component(
    "QuoteAnswer",
    record(
        {
            "kind": choice(Answer.Kind.values),
            "name": text(),
            "text": text(),
            "at": moment(),
            "sha256": text(64, description="Of the document that was answered"),
            "on_line": flag(description="Said by the customer, not noted by a colleague"),
        },
        required=["kind", "name", "at"],
    ),
)
QUOTE = component(
    "Quote",
    record(
        _SAID
        | {
            "id": identifier("quote"),
            "number": text(),
            "revision": whole(1),
            "party_name": nullable(text()),
            "owner_name": text(),
            "status": choice(Quote.Status.values),
            **{name: MONEY for name in ("net", "tax", "gross", "withheld", "total")},
            "discount": _EXACT,
            "most_discount": nullable(_EXACT),
            "taxes": list_of(_TAX),
            "cost": nullable(MONEY),
            "margin": nullable(MONEY),
            "margin_rate": nullable(_EXACT),
            "lines": list_of(GOODS),
            "approvals": list_of(APPROVAL),
            "answers": list_of(ANSWER),
            "mails": list_of(MAIL),
            "sha256": text(64, description="Of the document that was sent"),
            "sent_at": nullable(moment()),
            "seen_at": nullable(moment()),
            "decided_at": nullable(moment()),
            "decision_note": text(),
            "version": whole(1),
            "created_at": moment(),
            "updated_at": moment(),
        },
        required=["id", "number", "title", "status", "total", "owner"],
    ),
)
_IN = _SAID | {"lines": list_of(GOODS_IN, MOST_LINES)}
QUOTE_IN = component("QuoteToSend", record(_IN, required=["title"]))
QUOTE_CHANGE = component("QuoteChange", record(_IN))
COMMENT = component("ApprovalComment", record({"comment": text(2_000)}))
TOLD = component(
    "QuoteAnswerToNote",
    record({"name": text(MOST_NAME), "note": text(MOST_TEXT)}, required=["note"]),
)
_TO = list_of(text(254, description="An e-mail address"), MOST_READERS)
MAIL_IN = component(
    "QuoteMail",
    record({"to": _TO, "cc": _TO, "subject": text(MOST_SUBJECT), "text": text(MOST_MAIL)}),
)
LINK = component(
    "QuoteSent",
    record(
        {"quote": QUOTE, "url": text(description="The page on line; told once")},
        required=["quote", "url"],
    ),
)
