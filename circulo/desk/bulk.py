"""Acts on many records of a list: who may, how they are done, and the act on an own field."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from circulo.accounts.models import User
from circulo.desk.own_bulk import choices_of_fields, help_of, settable, values_of, writer
from circulo.lib.errors import Invalid
from circulo.records.actions import many
from circulo.records.bulk import Act, acts_of, change_nothing
from circulo.records.models import OWN, ChangeSet
from circulo.records.resources import resource
from circulo.records.rosters import roster


def _ask_further(keys: Sequence[int], value: str, user: User) -> int:
    raise Invalid({"value": _("Choose one of the list.")})


OWN_FIELD = Act("field", lazy("Own field"), "pencil", "edit", _ask_further,
                lazy("Change an own field of %s"), lazy("Own field of %s changed."),
                lazy("Field"), order=40)  # fmt: skip


FORMATS = ("xlsx", "csv")
EXPORT = Act("export", lazy("Export"), "download", "view", change_nothing, lazy("Export %s"),
             "", lazy("Format"), lambda _user: [(one, one.upper()) for one in FORMATS],
             order=80)  # fmt: skip


def do_to_many(
    name: str, act: Act, picked: Sequence[int], value: str, *, by: User, label: str
) -> ChangeSet:
    """Do an act to these records of a list: at once where they are few, by a job if many."""
    job = {"task": "desk.change_many", "act": act.name, "value": value,
           "of": name, "field": act.field}  # fmt: skip
    return many.change_many(picked, write_batch, by=by, label=label, job=job)


def write_batch(change_set: ChangeSet, keys: list[int]) -> tuple[int, int]:
    """Do the act of a change set to a batch of its records; those out of reach are left out.

    So are those that are no longer as the act needs them.
    """
    job, by = change_set.job, change_set.by
    act = act_named(by, job["of"], job["act"], job.get("field", "")) if by else None
    if by is None or act is None or act.asks_further:
        return 0, len(keys)
    rows = roster(job["of"]).within(by, act.right).filter(pk__in=keys)
    within = list(rows.values_list("pk", flat=True))
    try:
        fitting = act.fitting(within, job["value"], by)
    except Invalid:
        return 0, len(keys)
    return act.write(fitting, job["value"], by), len(keys) - len(fitting)


def act_named(user: User, name: str, act: str, field: str = "") -> Act | None:
    """An act of a list; that on an own field is about the one chosen, or asks which."""
    if act == EXPORT.name and acts_of(name):
        return replace(EXPORT, needs=(resource(name).kind, "export"))
    if act != "field":
        return acts_of(name).get(act)
    one = settable(user, name).get(OWN + field)
    if one is None:
        return replace(OWN_FIELD, choices=lambda _user: choices_of_fields(user, name))
    values = values_of(one, user)
    return replace(
        OWN_FIELD,
        write=writer(name, one),
        asks=one.label,
        choices=(lambda _user: values) if values is not None else None,
        field=field,
        help=one.help or help_of(one),
    )


def acts_for(user: User, name: str) -> Iterator[dict[str, Any]]:
    """The buttons of the bar over the selected rows, as far as this person may."""
    more = [OWN_FIELD] if settable(user, name) else []
    if export := act_named(user, name, EXPORT.name):
        more.append(export)
    for act in sorted([*acts_of(name).values(), *more], key=lambda act: act.order):
        if act.is_open_to(user, name):
            url = reverse(f"desk:bulk_{name}", args=[act.name])
            yield {"label": act.label, "url": url, "mark": act.mark, "tone": act.tone}
