"""Change sets over the API: what was changed in one go, and its undo."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from circulo.lib import ids
from circulo.lib.errors import Invalid
from circulo.records.actions import undoing
from circulo.records.change_pages import ON_PAGE
from circulo.records.models import ChangeSet
from circulo.records.rest.answers import answer
from circulo.records.rest.changes import LINE, line_shown
from circulo.records.rest.lists import MOST, USUAL
from circulo.records.rest.operations import Call, Operation, Parameter, offer
from circulo.records.rest.refusals import Refused, bad_parameter, not_found
from circulo.records.rest.schemas import (
    choice,
    component,
    flag,
    identifier,
    list_of,
    moment,
    nullable,
    page_of,
    record,
    text,
    whole,
)
from circulo.records.selectors import change_set_called
from circulo.records.told_changes import Records, Told, told_of
from circulo.records.undoing.clashes import clashes_of, said_as

SHAPE = component(
    "ChangeSet",
    record(
        {
            "id": identifier("change set"),
            "kind": choice(ChangeSet.Kind.values),
            "by": nullable(identifier("user")),
            "through": text(10),
            "label": text(300),
            "state": choice(ChangeSet.State.values),
            "at": moment(),
            "finished_at": nullable(moment()),
            "rows": nullable(whole(0, description="Rows it is about, where they were counted")),
            "done": whole(0, description="Rows of an act on many, or of an undo, that are done"),
            "kept": whole(0, description="Rows of an undo that stay as somebody changed them"),
            "refused": whole(0, description="Rows that were out of reach"),
            "undoes": nullable(identifier("change set")),
            "undone_by": nullable(identifier("change set")),
            "can_be_undone": flag(),
        },
        required=["id", "kind", "state", "at"],
    ),
)
CLASH = record({"said": text(60), "fields": list_of(text(63)), "why": text(10)})
TOLD = record(
    {
        "id": identifier("record"),
        "kind": text(30, description="`party`, `deal`, `entry` …"),
        "name": text(),
        "changes": list_of(LINE, ON_PAGE["lines"]),
        "more": whole(0, description="Changes of it that are not told here"),
    }
)
DETAIL = record(
    {
        "change_set": SHAPE,
        "records": list_of(TOLD, ON_PAGE["records"]),
        "clashes": list_of(CLASH, 100),
    }
)
UNDO_IN = component(
    "UndoIn",
    record(
        {
            "mine": list_of(
                text(60, description="`said` of a clash, or `all`: put back all the same"), 1000
            )
        }
    ),
)


def list_changes(call: Call) -> HttpResponse:
    """The change sets that this person may undo or look at, newest first."""
    rows = ChangeSet.objects.visible_to(call.user).defer("keys", "job")
    if kind := call.parameters.get("kind"):
        if kind not in ChangeSet.Kind.values:
            raise bad_parameter("kind", _("Choose one of: %s.") % ", ".join(ChangeSet.Kind.values))
        rows = rows.filter(kind=kind)
    limit, count = _limit(call), rows.count()
    if cursor := call.parameters.get("cursor"):
        key = ids.decode("change_set", cursor)
        if key is None or key >= 2**62:
            raise bad_parameter("cursor", _("This is not a cursor of this list."))
        rows = rows.filter(pk__lt=key)
    found = list(rows.order_by("-pk")[: limit + 1])
    following = found[limit - 1].public_id if len(found) > limit else None
    items = [shown(each) for each in found[:limit]]
    return answer({"items": items, "next": following, "count": count, "count_is_exact": True})


def show_change_set(call: Call) -> HttpResponse:
    """One change set, what it changed of its first records, and what its undo would meet."""
    found = _find(call)
    clashes = clashes_of(found, 100) if _can_be_undone(found) else []
    told = [
        {"said": said_as(each), "fields": each["names"], "why": each["why"]} for each in clashes
    ]
    records = told_of(call.user, [found], **ON_PAGE).get(found.pk, Records())
    return answer(
        {"change_set": shown(found), "records": [*map(_told, records.told)], "clashes": told}
    )


def _told(one: Told) -> dict[str, Any]:
    changes = [line_shown(line) for line in one.lines]
    said = {"id": one.public_id, "kind": one.root[0], "name": one.name}
    return said | {"changes": changes, "more": one.more}


def undo_change_set(call: Call) -> HttpResponse:
    """Undo a change set; the answer is the undo, which is one too, done or running."""
    mine = call.said.get("mine", [])
    if set(call.said) - {"mine"} or not isinstance(mine, list):
        raise Invalid({"mine": _("Give a list of clashes, or nothing.")})
    if not all(isinstance(each, str) and len(each) <= 60 for each in mine):
        raise Invalid({"mine": _("Give a list of clashes, or nothing.")})
    return answer(shown(undoing.undo_changes(_find(call), by=call.user, mine=set(mine))))


def shown(change_set: ChangeSet) -> dict[str, Any]:
    """A change set as the API tells it."""
    return {
        "id": change_set.public_id,
        "kind": change_set.kind,
        "by": ids.encode("user", change_set.by_id) if change_set.by_id else None,
        "through": change_set.through,
        "label": change_set.label,
        "state": change_set.state,
        "at": change_set.at,
        "finished_at": change_set.finished_at,
        "rows": change_set.total,
        "done": change_set.done,
        "kept": change_set.kept,
        "refused": change_set.refused,
        "undoes": _named(change_set.undoes_id),
        "undone_by": _named(change_set.undone_by_id),
        "can_be_undone": _can_be_undone(change_set),
    }


def _can_be_undone(change_set: ChangeSet) -> bool:
    return not change_set.is_undone and not change_set.is_running and change_set.is_recent


def _named(key: int | None) -> str | None:
    return ids.encode("change_set", key) if key else None


def _find(call: Call) -> ChangeSet:
    found = change_set_called(call.ids[0], call.user)
    if found is None:
        raise _unknown()
    return found


def _unknown() -> Refused:
    return not_found(_("There is no such change set."))


def _limit(call: Call) -> int:
    said = call.parameters.get("limit", str(USUAL))
    if not said.isdecimal() or not int(said[:9]) > 0:
        raise bad_parameter("limit", _("This must be a whole number above 0."))
    return min(int(said[:9]), MOST)


offer(
    Operation(
        "GET", "change-sets", list_changes, "List change sets", gives=page_of(SHAPE),
        parameters=(
            Parameter("kind", choice(ChangeSet.Kind.values), "Only those of this kind"),
            Parameter("limit", whole(1), f"How many a page: {USUAL} unless said, {MOST} at most"),
            Parameter("cursor", text(), "`next` of the page before"),
        ),
        more="Whatever is written in one go is one: an edit, an import, an act on many, an undo.",
    ),
    Operation("GET", "change-sets/{id}", show_change_set, "Get a change set", gives=DETAIL,
              more="`records` are the first that it changed, as far as they are seen, with each "
                   "field before and after. `clashes` is what its undo would meet that somebody "
                   "changed since, at most 100."),
    Operation("POST", "change-sets/{id}/undo", undo_change_set, "Undo a change set",
              takes=UNDO_IN, gives=SHAPE,
              more="What somebody changed since stays, unless `mine` names it. A large undo goes "
                   "on in the background: its `state` tells. For 30 days."),
)  # fmt: skip
