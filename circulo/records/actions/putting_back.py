"""Putting one value back, or one row: an act of its own, which can be undone like any other."""

from __future__ import annotations

from typing import Any

import orjson
from django.db import DataError, IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from circulo.accounts.models import User
from circulo.lib import acting
from circulo.lib.errors import RuleBroken
from circulo.records.columns import columns_of
from circulo.records.models import Change, ChangeSet, Clash
from circulo.records.tracking import roots, tracked
from circulo.records.undoing.deletions import put_back_rows
from circulo.records.undoing.standing import Standing
from circulo.records.undoing.updates import put_back_changes
from circulo.records.undoing.work import Group, Undoing


@transaction.atomic
def put_value_back(change: Change, column: str, *, by: User) -> None:
    """Give a column of a record, or a row that was deleted, what it had before a change; and with
    it what goes together with that column.
    """
    table = tracked()[change.kind]
    known = roots().get(change.root_kind or "")
    try:
        with transaction.atomic():
            if known and known.change and not table.root_kind and change.op == "u":
                known.change(change.key, _old_values(change, column), change.old or {}, by)
            else:
                _put_row_back(change, by)
    except (IntegrityError, DataError) as error:
        raise RuleBroken(_("This cannot be put back as the record is now.")) from error


def _old_values(change: Change, column: str) -> dict[str, Any]:
    """What is set: of own fields the one that is meant among those that stand now."""
    old: dict[str, Any] = change.old or {}
    name, _dot, inner = column.partition(".")
    if not inner:
        return _as_it_was(change, name)
    model = tracked()[change.kind].model
    now = dict(model._default_manager.values_list(name, flat=True).get(pk=change.key))
    now.pop(inner, None)
    if inner in old.get(name, {}):
        now[inner] = old[name][inner]
    return {name: now}


def _as_it_was(change: Change, column: str) -> dict[str, Any]:
    """A column as it was before a change, and what of its group was changed by that or since."""
    table = tracked()[change.kind]
    since = Standing(table, frozenset({column})).since("c", ())
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT ({since} || c.old)::text FROM records_change c"
            " WHERE c.change_set_id = %s AND c.step = %s AND c.key = %s",
            [change.change_set_id, change.step, change.key],
        )
        was = orjson.loads(cursor.fetchone()[0])
    return {name: was[name] for name in table.with_column(column) if name in was}


def _put_row_back(change: Change, by: User) -> None:
    """Put back one line as an undo would, whatever came after."""
    act = acting.current()
    kept = ChangeSet.objects.create(by=by, through=act.through if act else "")
    group = Group(change.step, change.kind, change.op, change.key, change.key, 1)
    work = Undoing(change.change_set, kept, by)
    Clash.objects.create(
        undo=kept,
        kind=change.kind,
        key=change.key,
        root_kind=change.root_kind or change.kind,
        root=change.root or change.key,
        why=Clash.Why.CHANGED,
        is_forced=True,
    )
    with acting.acting(by.pk, kept.through, change_set=kept.pk):
        found = (put_back_changes if change.op == "u" else put_back_rows)(group, work)
        if not found.back:
            raise RuleBroken(_("This cannot be put back as the record is now."))
        for kind, keys in found.roots.items():
            known = roots().get(kind)
            if known and known.settle:
                known.settle(sorted(keys), found.names)
    kept.clashes.all().delete()
    if act:
        act.told(kept.pk)


def may_be_put_back(change: Change, column: str) -> bool:
    """Whether a line holds this column, or a whole row."""
    names = {each.name for each in columns_of(tracked()[change.kind])}
    if change.op == "d":
        return column == ""
    return change.op == "u" and column.partition(".")[0] in names & set(change.new or {})
