"""Holding an interview over the API: begin, answer or skip the next question, end."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from circulo.lib import ids
from circulo.lib.errors import Invalid
from circulo.needs import actions, schemas
from circulo.needs.api import common, interviews, topics
from circulo.needs.models import Sitting
from circulo.needs.selectors.sittings import sitting_of, stand
from circulo.records.rest import reading
from circulo.records.rest.answers import answer
from circulo.records.rest.operations import Call, Operation, offer


def begin_interview(call: Call) -> HttpResponse:
    """Begin an interview with a party, or go on with the one that was left."""
    common.refuse_who_notes_none(call)
    interview = interviews.found(call)
    said = reading.known(call.said, ("party",))
    with reading.collecting() as take:
        party = take("party", common.party, said.get("party"), call.user)
    sitting = actions.begin_interview(party, interview, by=call.user)
    return _told(sitting, status=201)


def show_sitting(call: Call) -> HttpResponse:
    """Where an interview stands: the next question, or none at the end."""
    return _told(_found(call))


def answer_question(call: Call) -> HttpResponse:
    """Give the answer to a question; it is kept at once, and the next question comes back."""
    sitting = _found(call)
    said = reading.known(call.said, ("topic", "value"))
    with reading.collecting() as take:
        topic = take("topic", common.topic, said.get("topic"))
    _refuse_what_is_not_asked(sitting, topic.key)
    with reading.collecting() as take:
        take("value", _answered, call, sitting, topic, said.get("value"))
    return _told(_found(call))


def skip_question(call: Call) -> HttpResponse:
    """Leave a question for another time."""
    sitting = _found(call)
    said = reading.known(call.said, ("topic",))
    with reading.collecting() as take:
        topic = take("topic", common.topic, said.get("topic"))
    _refuse_what_is_not_asked(sitting, topic.key)
    actions.skip_question(sitting, topic, by=call.user)
    return _told(_found(call))


def end_interview(call: Call) -> HttpResponse:
    """End an interview; the timeline tells how much was answered."""
    return _told(actions.end_interview(_found(call), by=call.user))


def _answered(call: Call, sitting: Sitting, topic: Any, value: Any) -> None:
    actions.answer_question(sitting, topic, value, by=call.user)


def _refuse_what_is_not_asked(sitting: Sitting, key: str) -> None:
    """Only the question that comes now can be answered, or one before it anew."""
    here = stand(sitting, again=key)
    if here.topic is None or here.topic.key != key:
        raise Invalid({"topic": _("This is not the question that comes now.")})


def _found(call: Call) -> Sitting:
    found = sitting_of(call.user, call.ids[0])
    if found is None:
        raise common.gone()
    return found


def _told(sitting: Sitting, *, status: int = 200) -> HttpResponse:
    here = stand(sitting)
    topic = None if sitting.ended_at else here.topic
    said = {
        "id": sitting.public_id,
        "party": ids.encode("party", sitting.party_id),
        "interview": sitting.interview.public_id if sitting.interview else None,
        "channel": sitting.channel,
        "began_at": sitting.began_at,
        "ended_at": sitting.ended_at,
        "next": topic and topics.shown(topic),
        "number": here.number,
        "total": here.total,
    }
    where = f"sittings/{said['id']}" if status == 201 else ""
    return answer(said, status=status, location=where)


offer(
    Operation("POST", "interviews/{id}/begin", begin_interview, "Begin an interview",
              takes=schemas.BEGINNING, gives=schemas.SITTING, status=201),
    Operation("GET", "sittings/{id}", show_sitting, "Get where an interview stands",
              gives=schemas.SITTING),
    Operation("POST", "sittings/{id}/answer", answer_question, "Answer a question",
              takes=schemas.ANSWER, gives=schemas.SITTING),
    Operation("POST", "sittings/{id}/skip", skip_question, "Skip a question",
              takes=schemas.SKIPPED, gives=schemas.SITTING),
    Operation("POST", "sittings/{id}/end", end_interview, "End an interview",
              gives=schemas.SITTING),
)  # fmt: skip
