"""Whether deals are ready for a stage: what its conditions and required fields still ask for."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from circulo.accounts.selectors import house
from circulo.lib.errors import RuleBroken
from circulo.records import criteria
from circulo.records.resources import Resource, Type, resource
from circulo.sales.expressions import FOLLOWS
from circulo.sales.models import Deal, Stage


class Unready(RuleBroken):
    """A deal lacks what a stage asks for; `missing` names the fields."""

    def __init__(self, deal: Deal, stage: Stage, missing: Sequence[str]) -> None:
        about = resource("deals").every_field()
        labels = ", ".join(str(about[name].label) for name in missing if name in about)
        text = _("“%(deal)s” is not ready for “%(stage)s”: fill in or mend %(fields)s first.")
        said = {"deal": deal.title, "stage": stage.name, "fields": labels}
        super().__init__(text % said, code="unready")
        self.missing = list(missing)


def refuse_unready(keys: Collection[int], stage: Stage) -> None:
    """Refuse where one of these deals lacks what the stage asks for, and say what."""
    for key, missing in unready(keys, stage).items():
        raise Unready(Deal.objects.get(pk=key), stage, missing)


def unready(keys: Collection[int], stage: Stage) -> dict[int, list[str]]:
    """By deal, of those that lack something, the names of the fields that it lacks."""
    found: dict[int, list[str]] = {}
    kind = resource("deals")
    rows = Deal.objects.filter(pk__in=keys).alias(**{n: made() for n, made in FOLLOWS.items()})
    for criterion, names in _asked(stage, kind):
        fulfilling = _fulfilling(rows, criterion)
        if fulfilling is None:
            continue
        bad = rows.exclude(pk__in=fulfilling)
        for key in bad.order_by("pk").values_list("pk", flat=True):
            known = found.setdefault(key, [])
            known += [name for name in names if name not in known]
    return found


def _fulfilling(rows: QuerySet[Deal], criterion: Any) -> QuerySet[Any, Any] | None:
    """Those that fulfil it; None where it asks for a field that there is no more: nobody could."""
    try:
        return criteria.narrow(rows, resource("deals"), criterion, house()).values("pk")
    except criteria.BadCriteria:
        return None


def _asked(stage: Stage, kind: Resource) -> Iterator[tuple[Any, list[str]]]:
    """Each thing that a stage asks for, as a criterion, and the fields that it concerns."""
    fields = kind.every_field()
    for name in stage.required:
        if name in fields:
            yield filled(name, fields[name].type), [name]
    entry = stage.entry or {}
    parts = entry["all"] if set(entry) == {"all"} else [entry] if entry else []
    for part in parts:
        yield part, list(dict.fromkeys(_named(part)))


def filled(name: str, type: Type) -> dict[str, Any]:
    """The criterion that a field says something; yes or no must be a yes."""
    if type is Type.YES_NO:
        return {"field": name, "op": "is", "value": True}
    return {"field": name, "op": "empty", "value": False}


def _named(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for one in node:
            yield from _named(one)
    elif isinstance(node, dict):
        if "field" in node:
            yield node["field"]
        for word in ("all", "any", "not"):
            yield from _named(node.get(word))
