"""An e-mail that somebody sent with their own program: told to the timeline."""

from __future__ import annotations

from dataclasses import dataclass

from circulo.accounts.models import User
from circulo.documents.actions.letters import MOST_BODY, MOST_SUBJECT
from circulo.lib.text import clean
from circulo.parties.models import Party
from circulo.timeline import actions as timeline
from circulo.timeline.actions import Telling
from circulo.timeline.kinds import Kind
from circulo.timeline.models import Interaction


@dataclass(frozen=True)
class Email:
    """What an e-mail said, and to which address it went."""

    to: str
    subject: str
    body: str


def note_email(party: Party, said: Email, *, by: User) -> Interaction:
    """Tell the timeline that somebody wrote to a party."""
    told = Telling(
        subject=clean(said.subject, limit=MOST_SUBJECT),
        body=clean(said.body, limit=MOST_BODY, lines=True),
        direction="out",
        data={"to": [said.to]} if said.to else {},
    )
    return timeline.record(Kind.EMAIL, party=party, by=by, telling=told)
