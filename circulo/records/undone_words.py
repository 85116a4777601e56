"""What an undo did, in the words of the records that it was done to."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from circulo.accounts.models import User
from circulo.lib import format as fmt
from circulo.records.history import Line
from circulo.records.models import ChangeSet
from circulo.records.told_changes import Records, Told, told_of
from circulo.records.tracking import roots, tracked

_SAID, _NAMED, _LOOKED_AT, _FIELDS = 2, 3, 20, 2


def named_in(change_set: ChangeSet, user: User) -> Records:
    """The records of a change set by name, for one to ask before an undo takes them away."""
    return told_of(user, [change_set], records=_NAMED, lines=0).get(change_set.pk, Records())


def undone_in_words(undo: ChangeSet, were: Records, user: User) -> str:
    """What stands as it was again: each record in its own words where they are few, else by name.

    `were` are the records of what was undone: of those that are gone nothing else is known.
    """
    found = told_of(user, [undo], records=_NAMED, lines=_LOOKED_AT).get(undo.pk, Records())
    if found.told and undo.undoes and undo.undoes.kind == ChangeSet.Kind.MERGE:
        return _("Apart again: %s.") % _listed(found)
    few = len(found.told) <= _SAID and not (found.more or found.is_cut)
    if found.told and few:
        return " ".join(_of_one(one) for one in found.told)
    if found.told:
        return _("Undone: %s.") % _listed(found)
    if were.told:
        return _("Taken away again: %s.") % _listed(were)
    kinds = _kinds(undo)
    return _("Undone: %s.") % kinds if kinds else _("Undone.")


def _of_one(one: Told) -> str:
    kind, _key = one.root
    own = [line for line in one.lines if line.kind == kind]
    for line in own:
        if text := _known(line):
            return text % one.name
    fields = [line for line in one.lines if line.op == "u" and not line.is_move]
    if not fields:
        return _("Undone: %s.") % one.name
    said = ", ".join(f"{line.label}: {line.after or '—'}" for line in fields[:_FIELDS])
    more = len(fields) - _FIELDS + one.more
    if more > 0:
        text = ngettext("and %s more field", "and %s more fields", more)
        said += f" {text % fmt.number(more)}"
    return _("Undone: %(name)s · %(fields)s.") % {"name": one.name, "fields": said}


def _known(line: Line) -> str:
    """The sentence that there is for a change: of the bin everywhere, of its states by each app."""
    if line.op == "i":
        return _("There again: %s.")
    if line.column == "binned_at":
        return _("In the bin: %s.") if line.new else _("Out of the bin: %s.")
    root = roots().get(tracked()[line.kind].root_kind or line.kind)
    states = root.says.get(line.column, {}) if root else {}
    return str(states.get(line.new, "")) if isinstance(line.new, str) else ""


def _kinds(undo: ChangeSet) -> str:
    """What kinds of thing it touched, where none of them has a name that one may be told."""
    kinds = undo.changes.values_list("kind", flat=True).distinct()[:_LOOKED_AT]
    labels = {str(tracked()[kind].label) for kind in kinds if kind in tracked()}
    return ", ".join(sorted(labels)[:_NAMED])


def _listed(records: Records) -> str:
    """The first records by name, and how many more there are where that is known."""
    names = ", ".join(one.name for one in records.told)
    if records.is_cut:
        return f"{names} {_('and more records')}"
    if not records.more:
        return names
    text = ngettext("and %s more record", "and %s more records", records.more)
    return f"{names} {text % fmt.number(records.more)}"
