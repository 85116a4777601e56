"""Reads over what every record has: its files, its changes, and how its own fields are defined."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.db.models import F, Model, Q, QuerySet
from django.forms import BoundField, Form
from django.utils.translation import gettext as _

from circulo.lib import ids
from circulo.lib.errors import Invalid, Text
from circulo.lib.names import plain
from circulo.records.formulas import evaluate, parse
from circulo.records.formulas.checking import LABELS
from circulo.records.ledger import Change
from circulo.records.load_types import dumps
from circulo.records.models import Attachment, ChangeSet, Export, OwnField
from circulo.records.own import defining
from circulo.records.own.computed import as_json, values_of
from circulo.records.own.controls import control
from circulo.records.own.definitions import defined
from circulo.records.own.place import place_of
from circulo.records.own.shown import in_words
from circulo.records.own.sql import today
from circulo.records.parents import Parent, parent_of
from circulo.records.resources import resource

if TYPE_CHECKING:
    from circulo.accounts.models import User


def change_set_called(identifier: str, user: User | None = None) -> ChangeSet | None:
    """The change set of this name, or that of the load of this name, where the person sees it."""
    rows = ChangeSet.objects.all() if user is None else ChangeSet.objects.visible_to(user)
    rows = rows.select_related("by", "undoes", "undone_by", "load")
    own, load = ids.decode("change_set", identifier), ids.decode("load", identifier)
    return rows.filter(pk=own or 0).first() or rows.filter(load=load or 0).first()


MOST_EMPTY = 20
MOST_EXPORTS = 50


def types_handed_to(user: User) -> list[tuple[str, Text]]:
    """The lists that a person may have written to a file, with what they are called."""
    kinds = ((name, resource(name)) for name in sorted(dumps()))
    found = [(name, kind.label) for name, kind in kinds if user.may(kind.kind, "export")]
    return sorted(found, key=lambda pair: plain(str(pair[1])))


def exports_of(user: User) -> list[tuple[Export, Text]]:
    """A person's files, the last first, each with what the list is called."""
    rows = Export.objects.visible_to(user).order_by("-created_at", "-pk")[:MOST_EXPORTS]
    return [(export, resource(export.type).label) for export in rows]


def last_change_of(user: User) -> ChangeSet | None:
    """The newest change set of a person that can be undone: no undo, and none that was undone."""
    rows = ChangeSet.objects.filter(by=user.pk, undone_by=None).exclude(kind=ChangeSet.Kind.UNDO)
    rows = rows.exclude(state=ChangeSet.State.RUNNING)
    found = rows.defer("keys").order_by("-at", "-pk")
    return next((one for one in found[:MOST_EMPTY] if one.is_recent and one.changes.exists()), None)


def last_changed(
    named: Mapping[str, Collection[int]], *, column: str = "", but_by: User | None = None
) -> dict[tuple[str | None, int | None], Change]:
    """By kind and key the newest change of records, whose keys are given by kind, in one statement:
    of one column where that is named, by others than one person.
    """
    if not named:
        return {}
    each = (Q(root_kind=kind, root__in=keys) for kind, keys in named.items())
    rows = Change.objects.filter(Q(*each, _connector=Q.OR))
    if column:
        rows = rows.filter(kind=F("root_kind"), new__has_key=column)
    if but_by is not None:
        rows = rows.exclude(change_set__by=but_by.pk)
    newest = rows.order_by("root_kind", "root", "-step").distinct("root_kind", "root")
    return {(one.root_kind, one.root): one for one in newest.select_related("change_set__by")}


def files_of(kind: str, rows: QuerySet[Attachment]) -> Iterator[tuple[int, list[Attachment]]]:
    """The files of records of one kind, by the key of the record."""
    found = rows.filter(record_kind=kind).order_by("record_id", "pk")
    for key, files in groupby(found, key=lambda file: file.record_id):
        yield key, list(files)


def attachments_of(kind: str, key: int) -> QuerySet[Attachment]:
    """The files of one record that is already known to be visible."""
    return Attachment.objects.filter(record_kind=kind, record_id=key).order_by("pk")


def attachment_for(
    user: User, identifier: str, act: str = "view"
) -> tuple[Attachment, Parent, Model] | None:
    """A file with the record it belongs to, where the person may do this with that record."""
    attachment = Attachment.objects.filter(pk=ids.decode("file", identifier) or 0).first()
    parent = parent_of(attachment.record_kind) if attachment else None
    record = parent and attachment and parent.find(user, act, attachment.record_id)
    return (attachment, parent, record) if attachment and parent and record else None


KIND_MARKS = {
    OwnField.Kind.TEXT: "type", OwnField.Kind.LONG_TEXT: "text-quote", OwnField.Kind.NUMBER: "hash",
    OwnField.Kind.MONEY: "banknote", OwnField.Kind.DATE: "calendar",
    OwnField.Kind.MOMENT: "calendar-clock", OwnField.Kind.TIME: "clock",
    OwnField.Kind.CHOICE: "list", OwnField.Kind.CHOICES: "list-checks",
    OwnField.Kind.YES_NO: "square-check", OwnField.Kind.LINK: "link",
    OwnField.Kind.FILE: "paperclip", OwnField.Kind.COMPUTED: "calculator",
}  # fmt: skip


def offered_kinds() -> list[tuple[str, Text, str]]:
    """What a field can hold: value, label and icon."""
    return [(kind.value, kind.label, KIND_MARKS[kind]) for kind in OwnField.Kind]


def progress_of(field: OwnField) -> dict[str, Any]:
    """What is still being done for a field, and how far it has come."""
    if not field.pending:
        return {}
    step = OwnField.Step(field.pending[0])
    share = None
    if step is not OwnField.Step.INDEX:
        share = field.done_up_to / max(place_of(field).reach(), 1)
    return {"label": step.label, "share": share, "trouble": field.trouble}


def readable_fields(field: OwnField) -> list[tuple[str, str, Text]]:
    """What a formula can read: how it is written there, what it is called, what it holds."""
    about, kind = defined(field.resource), resource(field.resource)
    names = {one.key: one.label for one in about.fields.values()}
    return [
        (name, names.get(name) or str(kind.fields[name].label), LABELS[holds])
        for name, holds in about.readable.items()
        if name != field.key
    ]


@dataclass(frozen=True)
class Example:
    """How a field that is being defined would look."""

    control: BoundField | None = None
    value: str = ""
    whose: str = ""
    wrong: Text = ""


def example_of(user: User, field: OwnField, said: Mapping[str, Any]) -> Example:
    """The control of a field as it is being defined, or what its formula gives for a record."""
    try:
        for name, value in defining.checked(field, {"label_es": "…"} | dict(said)).items():
            setattr(field, name, value)
        defining.finished(field)
    except Invalid as invalid:
        return Example(wrong=next(iter(invalid.fields.values())))
    if not field.is_computed:
        form = Form()
        form.fields["example"] = control(field, user)
        return Example(form["example"])
    return _computed_example(user, field)


def _computed_example(user: User, field: OwnField) -> Example:
    about, kind = defined(field.resource), resource(field.resource)
    columns = kind.visible(user).order_by("-pk").values("name", "custom", *about.columns)
    newest = columns.first()
    if newest is None:
        return Example(wrong=_("There is no record yet to try it on."))
    values = values_of(about, newest)
    value = as_json(evaluate(parse(field.formula), values, today()))
    return Example(value=in_words(field, value, {}) or _("nothing"), whose=str(newest["name"]))
