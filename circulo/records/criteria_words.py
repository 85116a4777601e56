"""Criteria in words: what a list is filtered by, what a rule asks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from dataclasses import field as dataclass_field
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext_lazy

from circulo.lib import format as one
from circulo.lib.clock import time_of
from circulo.records.conditions import CHANGED
from circulo.records.periods import PERIODS
from circulo.records.resources import Field, Type
from circulo.records.trees import Condition, Group

MOST_SHOWN = 3
DATED = (Type.DATE, Type.MOMENT)
DAYS = {
    "within_days": lazy("in the last … days"),
    "before_days": lazy("more than … days ago"),
    "next_days": lazy("in the next … days"),
}
_SIZE = {
    "is": lazy("is"),
    "gt": lazy("is more than"),
    "gte": lazy("is at least"),
    "lt": lazy("is less than"),
    "lte": lazy("is at most"),
    "between": lazy("is between"),
}
_OF_CODES: dict[str, str | Promise] = {"between": lazy("is between")}
_OF_CHANGES: dict[str, str | Promise] = {"changed": lazy("was changed")}
_EMPTINESS = {"empty": lazy("is empty"), "filled": lazy("is filled in")}
_DATES = {
    "during": lazy("is"),
    **DAYS,
    "gt": lazy("is after"),
    "gte": lazy("is from … on"),
    "lt": lazy("is before"),
    "lte": lazy("is until"),
    "between": lazy("is between"),
}
OPERATORS: dict[Type, dict[str, str | Promise]] = {
    Type.TEXT: {
        "contains": lazy("contains"),
        "is": lazy("is"),
        "in": lazy("is one of"),
        "starts": lazy("begins with"),
        **_EMPTINESS,
    },
    Type.NUMBER: {**_SIZE, "in": lazy("is one of"), **_EMPTINESS},
    Type.DATE: {**_DATES, "is": lazy("is the day"), **_EMPTINESS},
    Type.MOMENT: {**_DATES, **_EMPTINESS},
    Type.TIME: {
        "gt": pgettext_lazy("time of day", "is after"),
        "gte": pgettext_lazy("time of day", "is from … on"),
        "lt": pgettext_lazy("time of day", "is before"),
        "lte": pgettext_lazy("time of day", "is until"),
        "between": pgettext_lazy("time of day", "is between"),
        "is": lazy("is"),
        "in": lazy("is one of"),
        **_EMPTINESS,
    },
    Type.YES_NO: {"is": lazy("is"), **_EMPTINESS},
    Type.CHOICE: {"in": lazy("is one of"), "is": lazy("is"), **_EMPTINESS},
    Type.LIST: {
        "is": lazy("holds"),
        "contains": lazy("holds"),
        "in": lazy("holds one of"),
        **_EMPTINESS,
    },
    Type.LINK: {
        "in": lazy("is one of"),
        "is": lazy("is"),
        "within": lazy("is in or within"),
        **_EMPTINESS,
    },
}


def operators_in_words(field: Field) -> dict[str, str | Promise]:
    """What a field can be asked, in words."""
    more = {**(_OF_CODES if field.is_code else {}), **(_OF_CHANGES if field.kept else {})}
    return OPERATORS[field.type] | more


@dataclass(frozen=True)
class Words:
    """Says conditions in words; `names` are those of linked records, by link and identifier.

    What a field can be is asked once, however many values are said.
    """

    fields: Mapping[str, Field]
    names: Mapping[tuple[str, str], str]
    known: dict[str, Mapping[str, str | Promise]] = dataclass_field(default_factory=dict)

    def of(self, node: Condition | Group) -> str:
        """A condition, or a whole group of them, as one line."""
        if isinstance(node, Group):
            inside = self._inside(node)
            return _("not (%s)") % inside if node.is_negated else inside
        if node.is_negated and node.op == "empty":
            return self._condition(replace(node, value=node.value is False))
        if node.is_negated and node.op == "before_days" and node.value == 0:
            return f"{_label(self.fields[node.field])} {_('is not before now')}"
        text = self._condition(node)
        return _("not: %s") % text if node.is_negated else text

    def _inside(self, node: Group) -> str:
        """The members of a group; of fields that are asked the same, what they are asked once."""
        told = _(" or ") if node.word == "any" else _(" and ")
        texts = [self.of(member) for member in node.members]
        asked = [one for one in node.members if isinstance(one, Condition) and not one.is_negated]
        if len(asked) < len(texts):
            pairs = zip(node.members, texts, strict=True)
            return told.join(f"({text})" if isinstance(one, Group) else text for one, text in pairs)
        labels = [_label(self.fields[one.field]) for one in asked]
        rests = {text.removeprefix(label) for text, label in zip(texts, labels, strict=True)}
        return told.join(labels) + rests.pop() if len(rests) == 1 else told.join(texts)

    def _condition(self, node: Condition) -> str:
        field = self.fields[node.field]
        op = "filled" if node.op == "empty" and node.value is False else node.op
        label, word = _label(field), str(operators_in_words(field).get(op, op))
        if node.op == "before_days" and node.value == 0:
            return f"{label} {_('is before now')}"
        if "…" in word:
            value = one.number(node.value) if node.op in DAYS else self._one(field, node.value)
            return f"{label} {word.replace('…', value)}"
        if node.op in ("empty", CHANGED):
            return f"{label} {word}{self._lately(node)}"
        if node.op == "during":
            return f"{label} {word} {PERIODS.get(str(node.value), node.value)}"
        text = f"{label} {word} {self._values(field, node)}"
        return text + self._lately(node)

    def _lately(self, node: Condition) -> str:
        if node.days is None:
            return ""
        return " " + str(DAYS["within_days"]).replace("…", one.number(node.days))

    def _values(self, field: Field, node: Condition) -> str:
        if node.op == "between":
            least, most = (self._one(field, value) for value in node.value)
            return _("%(least)s and %(most)s") % {"least": least, "most": most}
        values = node.value if isinstance(node.value, list) else [node.value]
        shown = [self._one(field, value) for value in values[:MOST_SHOWN]]
        more = len(values) - MOST_SHOWN
        return ", ".join(shown) + (f" +{more}" if more > 0 else "")

    def _one(self, field: Field, value: Any) -> str:
        if field.choices:
            if field.name not in self.known:
                self.known[field.name] = field.choices()
            return str(self.known[field.name].get(value, value))
        if field.type is Type.LINK:
            return self.names.get((field.link, str(value))) or _("somebody you cannot see")
        if field.type in DATED:
            return one.day(date.fromisoformat(str(value)[:10]))
        if field.type is Type.TIME:
            clock = time_of(str(value))
            return one.clock(clock) if clock else str(value)
        if field.type is Type.YES_NO:
            return _("yes") if value else _("no")
        return str(value)


def _label(field: Field) -> str:
    """What a field is called, with the record that it belongs to where that is another one."""
    return f"{field.of}: {field.label}" if field.of else str(field.label)


def links_in(tree: Group, fields: Mapping[str, Field]) -> dict[str, set[str]]:
    """The identifiers that a tree names, by what they link to."""
    found: dict[str, set[str]] = {}
    for condition in tree.conditions():
        field = fields.get(condition.field)
        if field and field.type is Type.LINK and condition.op not in ("empty", CHANGED):
            values = condition.value if isinstance(condition.value, list) else [condition.value]
            found.setdefault(field.link, set()).update(map(str, values))
    return found
