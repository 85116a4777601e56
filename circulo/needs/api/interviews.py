"""Interviews over the API: everybody may read them, administrators decide them."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from circulo.accounts.models import User
from circulo.lib import ids
from circulo.lib.errors import Invalid
from circulo.needs import actions, schemas
from circulo.needs.actions import Asked
from circulo.needs.api import common
from circulo.needs.models import Interview
from circulo.needs.selectors.sittings import every_interview, questions_of
from circulo.records.rest import lists, reading
from circulo.records.rest.answers import answer, etag_of, one, version_of
from circulo.records.rest.operations import Call, Operation, offer
from circulo.records.rest.schemas import page_of
from circulo.records.rest.versions import refuse_older

CHANGED = ("name_es", "name_en", "order", "is_for_contacts", "is_for_companies")
_LINE = {"topic", "if_topic", "if_test", "if_value"}


def list_interviews(call: Call) -> HttpResponse:
    """One page of the interviews, with their questions."""
    common.refuse_who_sees_none(call)
    return lists.page(call, "interviews", _shape)


def show_interview(call: Call) -> HttpResponse:
    """One interview with the questions of its present version."""
    (said,) = _shape(call.user, [found(call)])
    return one(call.request, said, etag_of(version_of(said)))


def add_interview(call: Call) -> HttpResponse:
    """Add an interview."""
    common.refuse_all_but_administrators(call)
    values, asked = _read(call)
    made = actions.add_interview(values, asked or [], by=call.user)
    return _told(call.user, made, status=201)


def change_interview(call: Call) -> HttpResponse:
    """Change an interview; other questions make a new version."""
    common.refuse_all_but_administrators(call)
    interview = found(call)
    (now,) = _shape(call.user, [interview])
    refuse_older(call, version_of(now), lambda: now)
    values, asked = _read(call)
    return _told(call.user, actions.change_interview(interview, values, asked, by=call.user))


def retire_interview(call: Call) -> HttpResponse:
    """Begin an interview no more."""
    common.refuse_all_but_administrators(call)
    return _told(call.user, actions.retire_interview(found(call), by=call.user))


def restore_interview(call: Call) -> HttpResponse:
    """Offer an interview again."""
    common.refuse_all_but_administrators(call)
    return _told(call.user, actions.restore_interview(found(call), by=call.user))


def found(call: Call) -> Interview:
    """The interview that a call names."""
    key = ids.decode("interview", call.ids[0]) or 0
    rows = every_interview() if call.user.may("preferences", "view") else every_interview().none()
    interview = rows.filter(pk=key).first()
    if interview is None:
        raise common.gone()
    return interview


def _read(call: Call) -> tuple[dict[str, Any], list[Asked] | None]:
    said = reading.known(call.said, (*CHANGED, "questions"))
    with reading.collecting() as take:
        asked = take("questions", _questions, said.pop("questions")) if "questions" in said else (
            None
        )  # fmt: skip
        values = {name: take(name, READERS[name], value) for name, value in said.items()}
    return values, asked


def _questions(value: Any) -> list[Asked]:
    if not isinstance(value, list) or len(value) > 200:
        raise Invalid({"": _("This must be a list of questions.")})
    return [_question(line) for line in value]


def _question(line: Any) -> Asked:
    if not isinstance(line, dict) or set(line) - _LINE:
        raise Invalid({"": _("A question has a topic, and if_topic, if_test and if_value.")})
    depends = line.get("if_topic")
    return Asked(
        common.topic(line.get("topic")),
        common.topic(depends) if depends is not None else None,
        reading.word(line.get("if_test", "")),
        reading.word(line.get("if_value", ""))[:60],
    )


READERS: dict[str, Any] = {
    "name_es": reading.word, "name_en": reading.word, "order": reading.word,
    "is_for_contacts": reading.flag, "is_for_companies": reading.flag,
}  # fmt: skip


def _told(user: User, interview: Interview, *, status: int = 200) -> HttpResponse:
    (said,) = _shape(user, [interview])
    where = f"interviews/{said['id']}" if status == 201 else ""
    return answer(said, status=status, etag=etag_of(version_of(said)), location=where)


def _shape(_user: User, rows: list[Interview]) -> list[dict[str, Any]]:
    asked = questions_of(rows)
    return [_shown(row, asked.get(row.pk, [])) for row in rows]


def _shown(interview: Interview, asked: list[Any]) -> dict[str, Any]:
    return {
        "id": interview.public_id,
        "version": interview.version,
        **{name: getattr(interview, name) for name in CHANGED},
        "questions": [
            {
                "topic": line.topic.key,
                "if_topic": line.if_topic.key if line.if_topic else None,
                "if_test": line.if_test,
                "if_value": line.if_value,
            }
            for line in asked
        ],
        "retired_at": interview.retired_at,
    }


offer(
    Operation("GET", "interviews", list_interviews, "List interviews",
              gives=page_of(schemas.INTERVIEW), parameters=lists.PAGES),
    Operation("POST", "interviews", add_interview, "Add an interview",
              takes=schemas.INTERVIEW_IN, gives=schemas.INTERVIEW, status=201),
    Operation("GET", "interviews/{id}", show_interview, "Get an interview",
              gives=schemas.INTERVIEW),
    Operation("PATCH", "interviews/{id}", change_interview, "Change an interview",
              takes=schemas.INTERVIEW_CHANGE, gives=schemas.INTERVIEW),
    Operation("POST", "interviews/{id}/retire", retire_interview, "Hold an interview no more",
              gives=schemas.INTERVIEW),
    Operation("POST", "interviews/{id}/restore", restore_interview, "Hold an interview again",
              gives=schemas.INTERVIEW),
)  # fmt: skip
