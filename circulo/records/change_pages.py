"""What the pages of change sets show: a page of them, and one with what its undo would meet."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db import connection
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from circulo.accounts.models import User
from circulo.lib import ids
from circulo.records.models import Change, ChangeSet
from circulo.records.told_changes import Records, told_of
from circulo.records.tracking import roots, tracked
from circulo.records.undoing.clashes import clashes_of, said_as
from circulo.records.wording import label_of

PAGE, NAMED, MOST_CLASHES = 40, 12, 100
# So many records with so many fields each: in the list, and on the page of one.
IN_LIST, ON_PAGE = {"records": 2, "lines": 3}, {"records": 12, "lines": 20}
FILTERS: dict[str, str | Promise] = {
    ChangeSet.Kind.EDIT: _("Edits"),
    ChangeSet.Kind.IMPORT: _("Imports"),
    ChangeSet.Kind.BULK: _("Changes of many"),
    ChangeSet.Kind.DELETE: _("To the bin"),
    ChangeSet.Kind.MERGE: _("Merges"),
    ChangeSet.Kind.AUTOMATION: _("Automation"),
    ChangeSet.Kind.UNDO: _("Undone"),
}
MARKS = {
    "edit": "pencil", "import": "upload", "bulk": "list-checks", "delete": "trash-2",
    "restore": "undo-2", "merge": "merge", "automation": "zap", "undo": "undo-2",
}  # fmt: skip
_ROOTS = """
    SELECT s.id, r.root_kind, r.root FROM unnest(%s::bigint[]) AS s(id)
    CROSS JOIN LATERAL (
        SELECT DISTINCT c.root_kind, c.root FROM (
            SELECT COALESCE(root_kind, kind) AS root_kind, COALESCE(root, key) AS root
            FROM records_change
            WHERE change_set_id = s.id AND (root IS NOT NULL OR kind = ANY(%s))
            ORDER BY step, key LIMIT 200) c
        LIMIT %s) r
"""
_COUNTS = """
    SELECT kind, op, sum(COALESCE(upper(keys) - lower(keys), 1))::bigint
    FROM records_change WHERE change_set_id = %s GROUP BY kind, op ORDER BY kind, op
"""
OPS = {
    "i": pgettext_lazy("what became of one", "added"),
    "u": pgettext_lazy("what became of one", "changed"),
    "d": pgettext_lazy("what became of one", "deleted"),
}


@dataclass
class Shown:
    """A change set as a list shows it, with some of the records it is about: where the ledger says
    more of them than their names, with what changed of each.
    """

    change_set: ChangeSet
    names: list[tuple[str, str]]
    records: Records

    @property
    def mark(self) -> str:
        return MARKS.get(self.change_set.kind, "history")


@dataclass
class Found:
    """A page of change sets, and where the next begins."""

    shown: list[Shown]
    older: str = ""


def page_of_sets(user: User, kind: str, before: str) -> Found:
    """The change sets that a person sees, newest first."""
    rows = ChangeSet.objects.visible_to(user).defer("keys").select_related("by", "undone_by")
    rows = rows.filter(kind=kind) if kind else rows
    key = ids.decode("change_set", before) if before else None
    rows = rows.filter(pk__lt=key) if key else rows
    found = list(rows.order_by("-pk")[: PAGE + 1])
    older = found[PAGE - 1].public_id if len(found) > PAGE else ""
    found = found[:PAGE]
    names = _names(user, [each.pk for each in found], 3)
    told = told_of(user, found, **IN_LIST)
    return Found(
        [Shown(each, names.get(each.pk, []), told.get(each.pk, Records())) for each in found], older
    )


def detail_of(change_set: ChangeSet, user: User) -> dict[str, Any]:
    """What the page of one change set shows."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, [change_set.pk])
        counts = cursor.fetchall()
    may_undo = not change_set.is_undone and change_set.is_recent and not change_set.is_running
    may_undo = may_undo and bool(counts)
    clashes = clashes_of(change_set, MOST_CLASHES + 1) if may_undo else []
    return {
        "change_set": change_set,
        "mark": MARKS.get(change_set.kind, "history"),
        "counts": [(_called(kind), OPS[op], count) for kind, op, count in counts],
        "rows": sum(count for _kind, _op, count in counts),
        "names": names_of(change_set, user),
        "records": told_of(user, [change_set], **ON_PAGE).get(change_set.pk, Records()),
        "may_undo": may_undo,
        "clashes": _worded(user, clashes[:MOST_CLASHES]),
        "has_more_clashes": len(clashes) > MOST_CLASHES,
        "kept": _worded(user, _kept(change_set)),
    }


def names_of(change_set: ChangeSet, user: User) -> list[tuple[str, str]]:
    """Names and pages of some records that a change set is about, as far as one may see them."""
    return _names(user, [change_set.pk], NAMED).get(change_set.pk, [])


def called(change_set: ChangeSet, user: User) -> str:
    """What a change set is called: its kind, and the first records it is about."""
    found = told_of(user, [change_set], records=3, lines=0).get(change_set.pk, Records())
    return " · ".join(filter(None, (str(change_set), ", ".join(one.name for one in found.told))))


def brought_in(change_set: ChangeSet, path: str) -> bool:
    """Whether the page at a path is that of a record which a change set brought in."""
    added = change_set.changes.filter(op=Change.Op.INSERTED, kind__in=roots())
    known = [
        Q(kind=kind, keys__contains=key)
        for kind in added.values_list("kind", flat=True).distinct()
        for key in filter(None, (ids.decode(kind, part) for part in path.split("/")))
    ]
    return bool(known) and added.filter(reduce(or_, known)).exists()


def _kept(change_set: ChangeSet) -> list[dict[str, Any]]:
    rows = change_set.clashes.filter(is_forced=False).order_by("pk")[:NAMED]
    return [vars(clash) for clash in rows]


def _called(kind: str) -> str:
    table = tracked().get(kind)
    return str(table.label) if table else kind


def _names(user: User, keys: list[int], most: int) -> dict[int, list[tuple[str, str]]]:
    """Names and pages of the records that change sets are about, as far as one may see them."""
    heads = [table.kind for table in tracked().values() if not table.root_kind]
    with connection.cursor() as cursor:
        cursor.execute(_ROOTS, [keys, heads, most])
        found = cursor.fetchall()
    known: dict[str, dict[int, tuple[str, str]]] = {}
    for kind in {kind for _key, kind, _root in found}:
        root = roots().get(kind)
        wanted = {root_key for _key, other, root_key in found if other == kind}
        known[kind] = root.named(user, wanted) if root and root.named else {}
    named: dict[int, list[tuple[str, str]]] = {}
    for key, kind, root_key in found:
        if root_key in known[kind]:
            named.setdefault(key, []).append(known[kind][root_key])
    return named


def _worded(user: User, clashes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Clashes with the names of their records and fields; those out of sight without a name."""
    wanted: dict[str, set[int]] = {}
    for clash in clashes:
        wanted.setdefault(clash["root_kind"], set()).add(clash["root"])
    known: dict[str, dict[int, tuple[str, str]]] = {}
    for kind, keys in wanted.items():
        root = roots().get(kind)
        known[kind] = root.named(user, keys) if root and root.named else {}
    return [
        {
            "said": said_as(clash),
            "named": known[clash["root_kind"]].get(clash["root"]),
            "fields": [label_of(clash["kind"], name) for name in clash["names"]]
            or [_called(clash["kind"])],
            "why": WHY[clash["why"]],
        }
        for clash in clashes
    ]


WHY = {
    "changed": _("Somebody changed this since."),
    "gone": _("Somebody deleted this since."),
    "used": _("Somebody went on working with it since."),
    "taken": _("Something else stands in its place now."),
}
