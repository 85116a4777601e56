"""Defining own fields: adding, changing, ordering, hiding, retiring and removing them.

What has to happen to the records themselves is done later, in batches, by `tending`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from circulo.accounts import news
from circulo.accounts.actions import hide_field
from circulo.accounts.actions.audit import audit
from circulo.accounts.models import Audit, User
from circulo.lib.errors import Invalid, RuleBroken
from circulo.lib.later import later
from circulo.records.models import OwnField
from circulo.records.own.converting import converted
from circulo.records.own.defining import MOST_FIELDS, checked, finished, key_of, readers_of
from circulo.records.own.fields import kinds_with_own_fields
from circulo.records.own.place import place_of

Step, Kind = OwnField.Step, OwnField.Kind
MOST_DIFFERENT, MOST_EXAMPLES = 50_000, 8


@transaction.atomic
def add_field(
    name: str, kind: str, said: Mapping[str, Any], *, key: str = "", by: User | None
) -> OwnField:
    """Give a kind of record a new field, at the end of its form."""
    if name not in kinds_with_own_fields() or kind not in Kind.values:
        raise Invalid({"kind": _("Choose one of: %s.") % ", ".join(Kind.values)})
    if OwnField.objects.filter(resource=name).count() >= MOST_FIELDS:
        raise RuleBroken(_("A kind of record has at most %d own fields.") % MOST_FIELDS)
    last = OwnField.objects.filter(resource=name).aggregate(last=Max("position"))["last"]
    made = OwnField(resource=name, kind=kind, position=(last or 0) + 1, default=None)
    _set(made, checked(made, said))
    made.key = key_of(name, key, made.label_es)
    finished(made)
    made.pending = [Step.CONVERT, *_work(made, OwnField())]
    made.save()
    _tell(made, by, "added")
    return made


@transaction.atomic
def change_field(one: OwnField, said: Mapping[str, Any], *, by: User | None) -> OwnField:
    """Change what a field is called, offers, computes or is found by, but not what it holds."""
    one = OwnField.objects.select_for_update().get(pk=one.pk)
    before = OwnField.objects.get(pk=one.pk)
    _set(one, checked(one, said))
    finished(one)
    one.pending = _merged(one.pending, _work(one, before))
    one.save()
    _tell(one, by, "changed")
    return one


@dataclass
class Preview:
    """What a change of kind would do: how many values fit, how many do not, and examples of what
    they are in the field as it would be (`new`).
    """

    new: OwnField
    fits: int = 0
    fails: int = 0
    examples: list[tuple[Any, Any, str]] = field(default_factory=list)
    is_whole: bool = True


def preview_conversion(one: OwnField, kind: str, said: Mapping[str, Any]) -> Preview:
    """What would become of the values of a field that is to hold something else."""
    new = _converted(one, kind, said)
    found = place_of(one).values(one.key, MOST_DIFFERENT + 1)
    preview = Preview(new, is_whole=len(found) <= MOST_DIFFERENT)
    for value, count in found[:MOST_DIFFERENT]:
        try:
            turned, why = converted(new, value), ""
            preview.fits += count
        except Invalid as invalid:
            turned, why = None, str(next(iter(invalid.fields.values())))
            preview.fails += count
        if len([1 for _v, _t, w in preview.examples if bool(w) == bool(why)]) < MOST_EXAMPLES:
            preview.examples.append((value, turned, why))
    return preview


@transaction.atomic
def convert_field(
    one: OwnField, kind: str, said: Mapping[str, Any], *, by: User | None
) -> OwnField:
    """Let a field hold something else; its values are converted later.

    A value that does not fit is not lost: it stays, as it was, under the key `…_before`.
    """
    one = OwnField.objects.select_for_update().get(pk=one.pk)
    if Step.CONVERT in one.pending or Step.REMOVE in one.pending:
        raise RuleBroken(_("Its values are being changed already: wait until that is done."))
    _refuse_what_formulas_read(one)
    new = _converted(one, kind, said)
    new.pending = _merged(one.pending, [Step.CONVERT, *_work(new, one)])
    new.done_up_to = 0
    new.save()
    _tell(new, by, "converted")
    return new


@transaction.atomic
def move_field(one: OwnField, steps: int, *, by: User | None) -> None:
    """Let a field stand so many places further down (or up) on the form."""
    rows = list(OwnField.objects.select_for_update().filter(resource=one.resource).in_order())
    order = [row for row in rows if row.pk != one.pk]
    here = next(place for place, row in enumerate(rows) if row.pk == one.pk)
    order.insert(min(max(here + steps, 0), len(order)), one)
    _order(order)


@transaction.atomic
def order_fields(name: str, keys: Sequence[str], *, by: User | None) -> None:
    """Put the fields of a kind of record in the order of these keys; the others come after."""
    rows = list(OwnField.objects.select_for_update().filter(resource=name).in_order())
    places = {key: place for place, key in enumerate(keys)}
    _order(sorted(rows, key=lambda row: places.get(row.key, len(places))))


@transaction.atomic
def hide_own_field(one: OwnField, roles: Sequence[str], *, by: User | None) -> None:
    """Let exactly these roles not see a field: in no list, filter, search, file or answer."""
    hide_field(one.resource, one.name, roles, by=by)


@transaction.atomic
def retire_field(one: OwnField, *, by: User | None) -> OwnField:
    """Take a field out of use; its values stay until somebody removes them."""
    _refuse_what_formulas_read(one)
    return _retired(one, by, is_over=True)


@transaction.atomic
def revive_field(one: OwnField, *, by: User | None) -> OwnField:
    """Take a retired field into use again, with the values it had."""
    return _retired(one, by, is_over=False)


@transaction.atomic
def remove_field(one: OwnField, *, confirmed: int, by: User | None) -> int:
    """Remove a retired field and, later, its values; whoever confirms names how many they are."""
    one = OwnField.objects.select_for_update().get(pk=one.pk)
    if not one.is_retired:
        raise RuleBroken(_("Retire the field first: then its values can be removed."))
    count = 0 if one.is_computed else place_of(one).count(one.key)
    if confirmed != count:
        raise RuleBroken(
            _("The field has %d values by now. Confirm that number to remove them.") % count
        )
    one.pending, one.done_up_to = [Step.REMOVE], 0
    one.save()
    _tell(one, by, "removed")
    return count


def _set(one: OwnField, said: Mapping[str, Any]) -> None:
    for name, value in said.items():
        setattr(one, name, value)


def _converted(one: OwnField, kind: str, said: Mapping[str, Any]) -> OwnField:
    """The field as it would be."""
    if kind not in Kind.values or Kind.COMPUTED in (kind, one.kind):
        raise Invalid({"kind": _("A computed field cannot become another one, nor the reverse.")})
    new = OwnField.objects.get(pk=one.pk)
    new.kind, new.default = kind, None
    _set(new, checked(new, said))
    finished(new)
    return new


def _work(new: OwnField, old: OwnField) -> list[str]:
    """What has to be done so that the records are as the field says."""
    searched = new.is_searchable and not new.is_retired
    steps = [Step.SEARCH] if searched != (old.is_searchable and not old.is_retired) else []
    shape = (new.is_fast, new.kind, new.formula, new.key, new.is_retired)
    if (new.is_fast or old.is_fast) and shape != (
        old.is_fast, old.kind, old.formula, old.key, old.is_retired
    ):  # fmt: skip
        steps.append(Step.INDEX)
    return [*steps]


def _merged(steps: Sequence[str], more: Sequence[str]) -> list[str]:
    return [step for step in Step.values if step in (*steps, *more)]


def _refuse_what_formulas_read(one: OwnField) -> None:
    readers = [reader for reader in readers_of(one) if reader.pk != one.pk]
    if readers:
        raise RuleBroken(
            _("The formula of “%s” reads this field: change that formula first.") % readers[0].label
        )


def _retired(one: OwnField, by: User | None, *, is_over: bool) -> OwnField:
    one = OwnField.objects.select_for_update().get(pk=one.pk)
    before = OwnField.objects.get(pk=one.pk)
    if Step.REMOVE in one.pending:
        raise RuleBroken(_("Its values are being removed."))
    one.retired_at = timezone.now() if is_over else None
    one.pending = _merged(one.pending, _work(one, before))
    one.save()
    _tell(one, by, "retired" if is_over else "revived")
    return one


def _order(rows: Sequence[OwnField]) -> None:
    for place, row in enumerate(rows, 1):
        row.position = place
    OwnField.objects.bulk_update(rows, ["position"])
    news.renew()


def _tell(one: OwnField, by: User | None, what: str) -> None:
    """Put it on record, let every process know, and have what is pending done."""
    audit(Audit.What.FIELD_CHANGED, by=by, about=f"{one.resource}.{one.key}", act=what)
    news.renew()
    if one.pending:
        later("records.tend_field", field=one.pk)
