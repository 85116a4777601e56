"""The shapes of mails over the API."""

from circulo.channels.email.actions.writing import MOST_SUBJECT, MOST_TEXT
from circulo.channels.email.models import Mail
from circulo.records.rest.schemas import (
    choice,
    component,
    identifier,
    list_of,
    moment,
    nullable,
    record,
    text,
    whole,
)

_READER = record(
    {
        "address": nullable(text(254, description="null where the role hides addresses")),
        "name": text(),
        "part": choice(("to", "cc")),
        "state": choice(("waiting", "taken", "refused")),
        "said": text(description="The words of the mail server"),
    }
)
MAIL = component(
    "Mail",
    record(
        {
            "id": identifier("mail"),
            "state": choice(Mail.State.values),
            "subject": text(MOST_SUBJECT),
            "text": text(MOST_TEXT),
            "readers": list_of(_READER),
            "files": list_of(text()),
            "by": nullable(identifier("user")),
            "message_id": text(),
            "attempts": whole(0),
            "last_error": text(),
            "queued_at": moment(),
            "due_at": nullable(moment(description="When it is tried next")),
            "ended_at": nullable(moment()),
        },
        required=["id", "state", "subject", "readers"],
    ),
)
