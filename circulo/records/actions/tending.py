"""Making the records as their own fields say: in batches, each of which can be the last."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

from circulo.accounts import news
from circulo.lib.errors import Invalid
from circulo.records.models import OwnField
from circulo.records.own import indexes
from circulo.records.own.converting import converted
from circulo.records.own.definitions import defined
from circulo.records.own.place import place_of
from circulo.records.resources import resource

Step = OwnField.Step
_LOCK = 0x0F1E1D
Enough = Callable[[], bool]


def tend_field(one: OwnField, *, is_enough: Enough) -> bool:
    """Do what a field still needs, until it is enough for now; whether nothing is left.

    Each batch is a transaction that also keeps how far it came, so that it goes on anywhere.
    """
    while one.pending and not is_enough():
        step = one.pending[0]
        is_done = _STEPS[Step(step)](one)
        if is_done and step == Step.REMOVE:
            _forget(one)
            return True
        if is_done:
            one.pending, one.done_up_to, one.trouble = one.pending[1:], 0, ""
            one.save(update_fields=["pending", "done_up_to", "trouble"])
    return not one.pending


@contextmanager
def alone(one: OwnField) -> Iterator[bool]:
    """Whether nobody else tends this field; as long as this lasts nobody else does."""
    key = one.pk % 2**31
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [_LOCK, key])
        is_alone = bool(cursor.fetchone()[0])
        try:
            yield is_alone
        finally:
            if is_alone:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_LOCK, key])


def note_trouble(one: OwnField, why: str) -> None:
    """Keep what went wrong, for the administrator to see."""
    OwnField.objects.filter(pk=one.pk).update(trouble=why[:500])


@transaction.atomic
def _convert(one: OwnField) -> bool:
    """Convert the next batch of values; true once there is no more."""
    if one.is_computed:
        return True
    place = place_of(one)
    rows = place.batch(one.key, one.done_up_to)
    patches = [(pk, patch) for pk, value in rows if (patch := _patch(one, value))]
    if patches:
        place.patch(patches)
    return _came_to(one, rows[-1][0] if rows else 0)


def _patch(one: OwnField, value: Any) -> dict[str, Any]:
    try:
        turned = converted(one, value)
        return {one.key: turned} if turned != value else {}
    except Invalid:
        return {one.key: None, f"{one.key}_before"[:50]: value}


@transaction.atomic
def _remove(one: OwnField) -> bool:
    place = place_of(one)
    rows = [] if one.is_computed else place.batch(one.key, one.done_up_to)
    if rows:
        place.patch([(pk, {one.key: None}) for pk, _value in rows])
    return _came_to(one, rows[-1][0] if rows else 0)


@transaction.atomic
def _search(one: OwnField) -> bool:
    own = resource(one.resource).own
    keys = place_of(one).keys(one.done_up_to)
    if own and own.refresh_search and keys:
        own.refresh_search(keys)
    return _came_to(one, keys[-1] if keys else 0)


def _came_to(one: OwnField, key: int) -> bool:
    if key:
        one.done_up_to = key
        one.save(update_fields=["done_up_to"])
    return not key


def _index(one: OwnField) -> bool:
    definition = indexes.wanted(one, defined(one.resource))
    if definition != one.index or bool(definition) != indexes.stands(one):
        indexes.make(one, definition)
        one.index = definition
        one.save(update_fields=["index"])
    return True


def _forget(one: OwnField) -> None:
    indexes.make(one, "")
    one.delete()
    news.renew()


_STEPS: dict[OwnField.Step, Callable[[OwnField], bool]] = {
    Step.CONVERT: _convert, Step.REMOVE: _remove, Step.SEARCH: _search, Step.INDEX: _index,
}  # fmt: skip
