"""What can be done with needs: say what to ask, note what is learned, hold an interview."""

from circulo.needs.actions.interviews import (
    MOST_QUESTIONS,
    Asked,
    add_interview,
    change_interview,
    restore_interview,
    retire_interview,
)
from circulo.needs.actions.preferences import (
    Statement,
    note_preference,
    note_preferences,
    rank_first,
    restore_preference,
    weigh_preference,
    withdraw_preference,
    withdraw_preferences,
)
from circulo.needs.actions.sittings import (
    answer_question,
    begin_interview,
    end_interview,
    skip_question,
)
from circulo.needs.actions.topics import add_topic, change_topic, restore_topic, retire_topic

__all__ = [
    "MOST_QUESTIONS",
    "Asked",
    "Statement",
    "add_interview",
    "add_topic",
    "answer_question",
    "begin_interview",
    "change_interview",
    "change_topic",
    "end_interview",
    "note_preference",
    "note_preferences",
    "rank_first",
    "restore_interview",
    "restore_preference",
    "restore_topic",
    "retire_interview",
    "retire_topic",
    "skip_question",
    "weigh_preference",
    "withdraw_preference",
    "withdraw_preferences",
]
