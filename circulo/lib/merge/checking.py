"""Whether a tree asks only for what there is: fields by their names, filters by what they take."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TypeAlias

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from circulo.lib.merge.faults import MergeFault
from circulo.lib.merge.filters import FILTERS, Kind
from circulo.lib.merge.syntax import Filter, For, If, Path, Show, Tree


@dataclass(frozen=True)
class Leaf:
    """A value: what it is, and what people call it."""

    label: str | Promise
    kind: Kind = Kind.TEXT


@dataclass(frozen=True)
class Group:
    """Values under one name."""

    fields: Mapping[str, Known]
    label: str | Promise = ""


@dataclass(frozen=True)
class Rows:
    """Any number of groups of values, one after the other."""

    row: Group
    label: str | Promise = ""


Known: TypeAlias = Leaf | Group | Rows


def check(tree: Tree, known: Group) -> None:
    """MergeFault at the first place where a tree asks for what there is not."""
    for node in tree:
        match node:
            case Show():
                _check_show(node, known)
            case If(path, _negated, then, otherwise):
                _find(path, known)
                check(then, known)
                check(otherwise, known)
            case For(name, path, body):
                check(body, Group({**known.fields, name: _row(path, known)}))


def fields_of(known: Group, before: str = "") -> Iterator[tuple[str, Leaf]]:
    """Every value that can be shown, by its whole name; those of rows belong into a loop."""
    for name, one in known.fields.items():
        if isinstance(one, Leaf):
            yield f"{before}{name}", one
        elif isinstance(one, Group):
            yield from fields_of(one, f"{before}{name}.")


def _check_show(node: Show, known: Group) -> None:
    kind = Kind.TEXT
    if isinstance(node.value, Path):
        found = _find(node.value, known)
        if not isinstance(found, Leaf):
            raise MergeFault(
                node.value.place,
                _("“%s” is not one value.") % node.value,
                _remedy(found, node.value),
            )
        kind = found.kind
    for one in node.filters:
        kind = _checked(one, kind)


def _checked(one: Filter, kind: Kind) -> Kind:
    """The kind of value that a filter leaves."""
    if not one.name:
        return kind
    known = FILTERS.get(one.name)
    if known is None:
        raise MergeFault(one.place, _("There is no filter “%s”.") % one.name,
                         _("There are: %s.") % ", ".join(FILTERS))  # fmt: skip
    if kind not in known.takes:
        raise MergeFault(one.place, _("The filter “%s” does not fit this value.") % one.name,
                         _("Take it away, or put it before the others."))  # fmt: skip
    if not known.fits(one.argument):
        raise MergeFault(one.place, _("The filter “%s” does not take this.") % one.name,
                         str(known.how))  # fmt: skip
    return Kind.TEXT


def _row(path: Path, known: Group) -> Known:
    found = _find(path, known)
    if isinstance(found, Rows):
        return found.row
    if isinstance(found, Leaf) and found.kind is Kind.TEXTS:
        return Leaf(found.label)
    raise MergeFault(path.place, _("“%s” has no rows.") % path,
                     _("Show it with “{{ … }}” instead."))  # fmt: skip


def _find(path: Path, known: Group) -> Known:
    here: Known = known
    for at, name in enumerate(path.names):
        fields = here.fields if isinstance(here, Group) else {}
        found = fields.get(name)
        if found is None:
            raise _unknown(path, path.names[:at], name, fields)
        here = found
    return here


def _unknown(
    path: Path, before: tuple[str, ...], name: str, fields: Mapping[str, Known]
) -> MergeFault:
    near = get_close_matches(name, fields, 1, 0.5)
    how = ""
    if near:
        how = _("Do you mean “%s”?") % ".".join((*before, *near))
    elif fields:
        how = _("There are: %s.") % ", ".join(list(fields)[:12])
    return MergeFault(path.place, _("There is no field “%s”.") % path, how)


def _remedy(found: Known, path: Path) -> str:
    if isinstance(found, Rows):
        return _("Go through it: “{%% for one in %s %%}…{%% end %%}”.") % path
    assert isinstance(found, Group)
    names = [f"{path}.{name}" for name in found.fields]
    return _("Choose one of its fields: %s.") % ", ".join(names[:6])
