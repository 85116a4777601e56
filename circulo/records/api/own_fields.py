"""Own fields over the API: everyone reads those they see, administrators define them."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from circulo.lib import ids
from circulo.lib.errors import Invalid, Text
from circulo.records.actions import own_fields as actions
from circulo.records.models import OwnField
from circulo.records.own.defining import NAMES
from circulo.records.own.fields import kinds_with_own_fields, type_of
from circulo.records.rest import lists
from circulo.records.rest.answers import answer, etag_of, nothing, one, version_of
from circulo.records.rest.operations import Call, Operation, offer
from circulo.records.rest.refusals import forbidden, not_found
from circulo.records.rest.schemas import (
    choice,
    component,
    flag,
    identifier,
    list_of,
    page_of,
    record,
    text,
    whole,
)
from circulo.records.rest.versions import refuse_older

_CHOICE = component(
    "FieldChoice",
    record({"key": text(40), "es": text(60), "en": text(60), "gone": flag()}, required=["es"]),
)
_SENT = {
    "label_es": text(60),
    "label_en": text(60),
    "help_es": text(200),
    "help_en": text(200),
    "section": text(60),
    "choices": list_of(_CHOICE, 200),
    "default": {},
    "target": choice(["", *OwnField.Target.values]),
    "currency": text(3),
    "formula": text(1_000),
    "is_required": flag(),
    "is_searchable": flag(),
    "is_fast": flag(),
}
_KINDS = {"resource": text(30), "kind": choice(OwnField.Kind.values), "key": text(40)}
FIELD = component(
    "Field",
    record(
        {
            "id": identifier("field"),
            "name": text(description="What criteria, columns and sorts call it"),
            **_KINDS,
            **_SENT,
            "type": text(description="What the criteria language knows it as"),
            "position": whole(0),
            "is_retired": flag(),
            "pending": list_of(choice(OwnField.Step.values)),
        },
        required=["id", "name", "resource", "kind", "key", "label_es"],
    ),
)
FIELD_IN = component("FieldToSend", record(_KINDS | _SENT, required=["resource", "kind"]))
FIELD_CHANGE = component("FieldChange", record(_SENT | {"is_retired": flag()}))


def list_fields(call: Call) -> HttpResponse:
    """One page of the own fields of every kind of record that this person sees."""
    return lists.page(call, "fields", lambda _user, rows: [_shape(row) for row in rows])


def show_field(call: Call) -> HttpResponse:
    """One own field."""
    said = _shape(_found(call))
    return one(call.request, said, etag_of(version_of(said)))


def add_field(call: Call) -> HttpResponse:
    """Give a kind of record a field."""
    _refuse_all_but_administrators(call)
    said = dict(call.said)
    resource, kind, key = (said.pop(name, "") for name in ("resource", "kind", "key"))
    _refuse_unknown(said)
    if not isinstance(resource, str) or resource not in kinds_with_own_fields():
        known = ", ".join(kinds_with_own_fields())
        raise Invalid({"resource": _("Choose one of: %s.") % known})
    if not isinstance(key, str) or not isinstance(kind, str):
        raise Invalid({"key": _("This must be text.")})
    said.setdefault("label_es", key.replace("_", " ").capitalize())
    made = actions.add_field(resource, kind, said, key=key, by=call.user)
    told = _shape(made)
    return answer(told, status=201, etag=etag_of(version_of(told)), location=f"fields/{told['id']}")


def change_field(call: Call) -> HttpResponse:
    """Change a field, or take it out of use and into use again; what it holds stays."""
    _refuse_all_but_administrators(call)
    field, said = _found(call), dict(call.said)
    _refuse_older(call, field)
    is_retired = said.pop("is_retired", field.is_retired)
    _refuse_unknown(said)
    if not isinstance(is_retired, bool):
        raise Invalid({"is_retired": _("This must be true or false.")})
    if said:
        field = actions.change_field(field, said, by=call.user)
    if is_retired != field.is_retired:
        act = actions.retire_field if is_retired else actions.revive_field
        field = act(field, by=call.user)
    told = _shape(field)
    return answer(told, etag=etag_of(version_of(told)))


def retire_field(call: Call) -> HttpResponse:
    """Take a field out of use; its values stay until an administrator removes them on screen."""
    _refuse_all_but_administrators(call)
    field = _found(call)
    _refuse_older(call, field)
    actions.retire_field(field, by=call.user)
    return nothing()


def _refuse_older(call: Call, field: OwnField) -> None:
    now = _shape(field)
    refuse_older(call, version_of(now), lambda: now)


def _refuse_unknown(said: dict[str, Any]) -> None:
    unknown: dict[str, Text] = {
        str(name)[:60]: _("There is no such field here.") for name in said if name not in NAMES
    }
    if unknown:
        raise Invalid(unknown)


def _refuse_all_but_administrators(call: Call) -> None:
    if not call.user.is_admin:
        raise forbidden(_("Only administrators define fields."))


def _found(call: Call) -> OwnField:
    rows = OwnField.objects.visible_to(call.user)
    found = rows.filter(pk=ids.decode("field", call.ids[0]) or 0).first()
    if found is None:
        raise not_found(_("There is no such record."))
    return found


def _shape(field: OwnField) -> dict[str, Any]:
    return {
        "id": field.public_id,
        "name": field.name,
        **{name: getattr(field, name) for name in (*_KINDS, *_SENT)},
        "type": type_of(field).value,
        "position": field.position,
        "is_retired": field.is_retired,
        "pending": list(field.pending),
    }


offer(
    Operation("GET", "fields", list_fields, "List own fields", gives=page_of(FIELD),
              parameters=lists.PAGES),
    Operation("GET", "fields/{id}", show_field, "Get an own field", gives=FIELD),
    Operation("POST", "fields", add_field, "Add an own field", takes=FIELD_IN, gives=FIELD,
              status=201),
    Operation("PATCH", "fields/{id}", change_field, "Change an own field", takes=FIELD_CHANGE,
              gives=FIELD),
    Operation("DELETE", "fields/{id}", retire_field, "Take an own field out of use", status=204),
)  # fmt: skip
