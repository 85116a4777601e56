"""What leads do when something is recorded: who is spoken with has been answered."""

from collections.abc import Sequence

from circulo.accounts.models import User
from circulo.leads.actions.answering import ANSWERS, answer_leads_of
from circulo.timeline.kinds import Kind
from circulo.timeline.models import Interaction
from circulo.timeline.reacting import register

# What somebody of the house begins, whichever way it went.
_BOTH_WAYS = (Kind.CALL, Kind.VISIT, Kind.MEETING)


def note_first_answer(rows: Sequence[Interaction], by: User | None) -> None:
    """The first call, meeting or message of ours stops the clock of a lead."""
    if by is None:
        return
    spoken = [row for row in rows if row.direction == "out" or row.kind in _BOTH_WAYS]
    moments = {row.party_id: row.occurred_at for row in sorted(spoken, key=_latest_first)}
    if moments:
        answer_leads_of(moments)


def _latest_first(row: Interaction) -> float:
    return -row.occurred_at.timestamp()


register(ANSWERS, note_first_answer)
