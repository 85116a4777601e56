"""Topics over the API: everybody may read what is asked, administrators decide it."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from circulo.lib.errors import Invalid
from circulo.needs import actions, schemas
from circulo.needs.api import common
from circulo.needs.models import Topic
from circulo.needs.selectors.parties import topic_of
from circulo.records.rest import lists, reading
from circulo.records.rest.answers import answer, etag_of, one, version_of
from circulo.records.rest.operations import Call, Operation, offer
from circulo.records.rest.schemas import page_of
from circulo.records.rest.versions import refuse_older

CHANGED = ("label_es", "label_en", "short_es", "short_en", "choices", "is_for_contacts",
           "is_for_companies", "half_life_days", "weight", "rest_days", "position")  # fmt: skip


def list_topics(call: Call) -> HttpResponse:
    """One page of what is asked."""
    common.refuse_who_sees_none(call)
    return lists.page(call, "topics", lambda _user, rows: [shown(row) for row in rows])


def show_topic(call: Call) -> HttpResponse:
    """One topic."""
    said = shown(_found(call))
    return one(call.request, said, etag_of(version_of(said)))


def add_topic(call: Call) -> HttpResponse:
    """Add something to ask."""
    common.refuse_all_but_administrators(call)
    values = _read(call, ("key", "answer"))
    missing = [name for name in ("label_es", "label_en", "short_es", "short_en") if
               not values.get(name)]  # fmt: skip
    if missing:
        raise Invalid(dict.fromkeys(missing, _("This is needed.")))
    return _told(actions.add_topic(values, by=call.user), status=201)


def change_topic(call: Call) -> HttpResponse:
    """Change how something is asked; its key and kind of answer stay."""
    common.refuse_all_but_administrators(call)
    topic = _found(call)
    now = shown(topic)
    refuse_older(call, version_of(now), lambda: now)
    return _told(actions.change_topic(topic, _read(call), by=call.user))


def retire_topic(call: Call) -> HttpResponse:
    """Ask something no more; what was answered stays."""
    common.refuse_all_but_administrators(call)
    return _told(actions.retire_topic(_found(call), by=call.user))


def restore_topic(call: Call) -> HttpResponse:
    """Ask something again."""
    common.refuse_all_but_administrators(call)
    return _told(actions.restore_topic(_found(call), by=call.user))


def _read(call: Call, more: tuple[str, ...] = ()) -> dict[str, Any]:
    said = reading.known(call.said, (*CHANGED, "kind", *more))
    with reading.collecting() as take:
        values = {name: take(name, READERS[name], value) for name, value in said.items()}
    if "kind" in values:
        values["sort"] = values.pop("kind")
    return values


def _choices(value: Any) -> list[dict[str, str]]:
    if not isinstance(value, list) or len(value) > 100:
        raise Invalid({"": _("This must be a list of choices.")})
    found = []
    for choice in value:
        if not isinstance(choice, dict) or set(choice) - {"key", "es", "en"}:
            raise Invalid({"": _("A choice has a key, and words in es and en.")})
        found.append({name: reading.word(text) for name, text in choice.items()})
    return found


READERS: dict[str, Any] = {
    **dict.fromkeys(("label_es", "label_en", "short_es", "short_en", "key", "answer", "kind"),
                    reading.word),
    **dict.fromkeys(("half_life_days", "weight", "rest_days", "position"), common.whole),
    **dict.fromkeys(("is_for_contacts", "is_for_companies"), reading.flag),
    "choices": _choices,
}  # fmt: skip


def _found(call: Call) -> Topic:
    found = topic_of(call.ids[0]) if call.user.may("preferences", "view") else None
    if found is None:
        raise common.gone()
    return found


def _told(topic: Topic, *, status: int = 200) -> HttpResponse:
    said = shown(topic)
    where = f"topics/{said['id']}" if status == 201 else ""
    return answer(said, status=status, etag=etag_of(version_of(said)), location=where)


def shown(topic: Topic) -> dict[str, Any]:
    """A topic as the API tells it."""
    return {
        "id": topic.public_id,
        "key": topic.key,
        "kind": topic.sort,
        "answer": topic.answer,
        **{name: getattr(topic, name) for name in CHANGED},
        "retired_at": topic.retired_at,
    }


offer(
    Operation("GET", "topics", list_topics, "List topics",
              gives=page_of(schemas.TOPIC), parameters=lists.PAGES),
    Operation("POST", "topics", add_topic, "Add a topic",
              takes=schemas.TOPIC_IN, gives=schemas.TOPIC, status=201),
    Operation("GET", "topics/{id}", show_topic, "Get a topic", gives=schemas.TOPIC),
    Operation("PATCH", "topics/{id}", change_topic, "Change a topic",
              takes=schemas.TOPIC_CHANGE, gives=schemas.TOPIC),
    Operation("POST", "topics/{id}/retire", retire_topic, "Ask a topic no more",
              gives=schemas.TOPIC),
    Operation("POST", "topics/{id}/restore", restore_topic, "Ask a topic again",
              gives=schemas.TOPIC),
)  # fmt: skip
