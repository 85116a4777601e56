"""The criteria language: one way to filter lists, views, segments, rules, exports and the API.

A criterion is JSON: `{"all": […]}`, `{"any": […]}`, `{"not": …}` or a condition
`{"field": "lifecycle", "op": "is", "value": "customer"}`, with `"within_days": 90` where related
rows are dated, and where it is asked whether a field `changed`. It compiles to one condition of one
SQL query; names come from the resource's registry and values are always parameters.
"""

from __future__ import annotations

import json
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from circulo.accounts.models import User
from circulo.records.conditions import CHANGED, BadCriteria, Condition, operators_of, step
from circulo.records.own.conditions import OwnCondition
from circulo.records.resources import Field, Resource

MOST_LEVELS = 8
MOST_CONDITIONS = 200

__all__ = ["BadCriteria", "compile_for", "is_told", "narrow", "parse", "written"]


def parse(text: str) -> Any:
    """A criterion from its JSON text; BadCriteria where it is not JSON, or no object."""
    try:
        said = json.loads(text, object_pairs_hook=_each_once)
    except BadCriteria:
        raise
    except (ValueError, RecursionError) as error:
        raise BadCriteria("", _("This is not JSON.")) from error
    if not isinstance(said, dict):
        raise BadCriteria("", _("A criterion is an object."))
    return said


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object as it is: of a key that stands twice JSON would keep the last in silence."""
    said = dict(pairs)
    if len(said) < len(pairs):
        names = [name for name, _value in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise BadCriteria(twice[:40], _("This key stands twice: say it once."))
    return said


def written(criterion: Any) -> str:
    """A criterion as an address carries it; empty for none."""
    if not criterion:
        return ""
    return json.dumps(criterion, ensure_ascii=False, separators=(",", ":"))


def compile_for(resource: Resource, criterion: Any, user: User) -> Q:
    """What a criterion means for this person; BadCriteria names the place of a fault."""
    return _Compiler(resource.criteria_for(user), user).group(criterion, "", 1)


def is_told(resource: Resource, criterion: Any, user: User) -> bool:
    """Whether this person may be told of a criterion: they may use every field that it asks for."""
    try:
        compile_for(resource, criterion or {"all": []}, user)
    except BadCriteria:
        return False
    return True


def narrow(rows: QuerySet[Any], resource: Resource, criterion: Any, user: User) -> QuerySet[Any]:
    """The rows of a resource that fulfil a criterion: all where there is none, or an empty one."""
    if criterion is None or criterion == {}:
        return rows
    return rows.filter(compile_for(resource, criterion, user))


class _Compiler:
    """Walks one criterion, counting its conditions."""

    def __init__(self, fields: dict[str, Field], user: User) -> None:
        self.fields, self.user = fields, user
        self.conditions = 0

    def group(self, node: Any, place: str, level: int) -> Q:
        if not isinstance(node, dict):
            raise BadCriteria(place, _("A criterion is an object."))
        if level > MOST_LEVELS:
            raise BadCriteria(place, _("Criteria nest at most %d levels deep.") % MOST_LEVELS)
        if "field" in node:
            return self.condition(node, place)
        if len(node) != 1:
            raise BadCriteria(place, _("Use exactly one of all, any, not or field."))
        ((word, inner),) = node.items()
        if word == "not":
            return ~self.group(inner, step(place, "not"), level + 1)
        if word not in ("all", "any"):
            raise BadCriteria(step(place, str(word)[:40]), _("Use one of all, any, not or field."))
        return self.members(word, inner, step(place, word), level)

    def members(self, word: str, inner: Any, place: str, level: int) -> Q:
        if not isinstance(inner, list):
            raise BadCriteria(place, _("This must be a list of criteria."))
        parts = [self.group(node, f"{place}[{i}]", level + 1) for i, node in enumerate(inner)]
        if word == "all":
            return Q(*parts)
        return Q(*parts, _connector=Q.OR) if parts else Q(pk__in=())

    def condition(self, node: dict[str, Any], place: str) -> Q:
        self.conditions += 1
        if self.conditions > MOST_CONDITIONS:
            raise BadCriteria(place, _("A criterion has at most %d conditions.") % MOST_CONDITIONS)
        unknown = set(node) - {"field", "op", "value", "within_days"}
        if unknown:
            raise BadCriteria(step(place, sorted(map(str, unknown))[0][:40]), _("Unknown key."))
        name = node["field"]
        known = self.fields.get(name) if isinstance(name, str) else None
        if known is None:
            raise BadCriteria(step(place, "field"), _("There is no such field here."))
        op = node.get("op")
        if op == CHANGED and known.kept is None:
            raise BadCriteria(step(place, "op"), _("No changes of this field are kept."))
        if op not in operators_of(known):
            allowed = ", ".join(operators_of(known))
            raise BadCriteria(
                step(place, "op"), _("This field knows these operators: %s.") % allowed
            )
        kind = OwnCondition if known.written else Condition
        condition = kind(known, op, node.get("value"), node.get("within_days"), place, self.user)
        return condition.compile()
