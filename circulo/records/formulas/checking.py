"""Whether a formula makes sense: every field is there, every part holds what is asked of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from circulo.records.formulas.functions import FUNCTIONS, Function
from circulo.records.formulas.tree import (
    BadFormula,
    Binary,
    Call,
    Holds,
    Name,
    Node,
    Number,
    Text,
    Unary,
)

LABELS = {
    Holds.NUMBER: lazy("a number"),
    Holds.TEXT: lazy("a text"),
    Holds.DATE: lazy("a date"),
    Holds.YES_NO: lazy("yes or no"),
}


def check(node: Node, fields: Mapping[str, Holds]) -> Holds:
    """What a formula over these fields gives; BadFormula where it makes no sense."""
    if isinstance(node, Number):
        return Holds.NUMBER
    if isinstance(node, Text):
        return Holds.TEXT
    if isinstance(node, Name):
        return _field(node, fields)
    if isinstance(node, Call):
        return _call(node, fields)
    if isinstance(node, Unary):
        wanted = Holds.YES_NO if node.sign == "not" else Holds.NUMBER
        return _must(check(node.inner, fields), {wanted}, node.sign)
    return _binary(node, fields) if isinstance(node, Binary) else Holds.YES_NO


def _field(node: Name, fields: Mapping[str, Holds]) -> Holds:
    if node.name not in fields:
        raise BadFormula(_("There is no field “%s” that a formula can read.") % node.name)
    return fields[node.name]


def _binary(node: Binary, fields: Mapping[str, Holds]) -> Holds:
    left, right = check(node.left, fields), check(node.right, fields)
    if node.sign in ("and", "or"):
        _must(left, {Holds.YES_NO}, node.sign)
        return _must(right, {Holds.YES_NO}, node.sign)
    if node.sign in ("=", "!="):
        _must(right, {left}, node.sign)
        return Holds.YES_NO
    if node.sign in ("<", "<=", ">", ">="):
        _must(left, {Holds.NUMBER, Holds.DATE}, node.sign)
        _must(right, {left}, node.sign)
        return Holds.YES_NO
    if left is Holds.DATE and node.sign in ("+", "-"):
        return _from_a_date(right, node.sign)
    _must(left, {Holds.NUMBER}, node.sign)
    return _must(right, {Holds.NUMBER}, node.sign)


def _from_a_date(right: Holds, sign: str) -> Holds:
    """A date and days give a date; between two dates lie days."""
    if sign == "-" and right is Holds.DATE:
        return Holds.NUMBER
    _must(right, {Holds.NUMBER}, sign)
    return Holds.DATE


def _call(node: Call, fields: Mapping[str, Holds]) -> Holds:
    known = FUNCTIONS.get(node.name)
    if known is None:
        raise BadFormula(_("There is no function “%s”.") % node.name)
    _count(node, known)
    if known.literal:
        _literal(node, known.literal)
    given = [check(argument, fields) for argument in node.arguments]
    for place, holds in enumerate(given):
        _must(holds, known.takes[min(place, len(known.takes) - 1)], node.name)
    alike = given[known.alike :] if known.alike is not None else []
    for holds in alike:
        _must(holds, {alike[0]}, node.name)
    return known.gives or alike[0]


def _count(node: Call, known: Function) -> None:
    least, given = len(known.takes), len(node.arguments)
    if known.many:
        least = 1
    if given < least or (given > len(known.takes) and not known.many):
        raise BadFormula(
            _("%(name)s is written like this: %(example)s")
            % {"name": node.name, "example": known.example}
        )


def _literal(node: Call, limits: tuple[int, int]) -> None:
    """The last argument, such as how many decimals, is a whole number within limits."""
    last = node.arguments[-1]
    least, most = limits
    is_whole = isinstance(last, Number) and last.value == last.value.to_integral_value()
    if not is_whole or not isinstance(last, Number) or not least <= last.value <= most:
        raise BadFormula(
            _("%(name)s ends with a whole number from %(least)d to %(most)d.")
            % {"name": node.name, "least": least, "most": most}
        )


def _must(holds: Holds, wanted: frozenset[Holds] | set[Holds], where: str) -> Holds:
    if holds not in wanted:
        raise BadFormula(
            _("“%(where)s” needs %(wanted)s here, but gets %(holds)s.")
            % {"where": where, "wanted": _listed([h for h in Holds if h in wanted]),
               "holds": LABELS[holds]}
        )  # fmt: skip
    return holds


def _listed(kinds: Sequence[Holds]) -> str:
    return _(" or ").join(str(LABELS[kind]) for kind in kinds)
