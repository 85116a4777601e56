"""To which territory a party belongs, as the rules of the territories say: compiled into SQL.

The tree is walked from the top: what lies deeper is asked before what it lies in, and those of one
parent in their order; the first whose rule takes a party has it. A rule is asked only of what the
rules above it take. A person belongs where their company does, unless a territory claims people
for itself; people without a company, or whose company is in no territory, go by rules of their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from django.db.models import BigIntegerField, Case, F, Q, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from circulo.accounts.models import Territory
from circulo.accounts.selectors import house
from circulo.accounts.territory_tree import Tree, in_order, tree
from circulo.lib.compiled import compiled
from circulo.lib.errors import Invalid, Text
from circulo.parties.models import Party, PartyKind, Point, PostalAddress
from circulo.records.conditions import CHANGED, RELATIVE
from circulo.records.criteria import BadCriteria, compile_for
from circulo.records.resources import Field, resource

if TYPE_CHECKING:
    from django.db.models import QuerySet

RULES = {"rule": "companies", "people_rule": "contacts"}
_KEY: BigIntegerField[int, int] = BigIntegerField()
_NOWHERE = Value(None, output_field=_KEY)
PIN, OF_COMPANY = F("pinned_territory_id"), F("company__territory_id")
# What moves without anybody writing the party: a rule that asked it would be out of date unseen.
_MOVING = frozenset({"created_at", "updated_at", "territory"})
_LYING_WITH_IT = (Point, PostalAddress)


@dataclass(frozen=True)
class Branch:
    """A territory as the rules see it, with those within it in their order."""

    key: int
    rule: Any = None
    people_rule: Any = None
    claims_people: bool = False
    within: tuple[Branch, ...] = ()


@dataclass
class Known:
    """What this process made of the tree in force: its rules, and the statements that ask them."""

    of: Tree | None = None
    branches: tuple[Branch, ...] = ()
    statements: dict[str, tuple[str, tuple[Any, ...]]] = field(default_factory=dict)

    @property
    def is_any(self) -> bool:
        return bool(self.of and self.of.rows)


_known = Known()


def known() -> Known:
    """The rules in force, with the statements that were made of them."""
    global _known
    in_force = tree()
    if _known.of is not in_force:
        _known = Known(in_force, branches(in_force.rows))
    return _known


def branches(rows: Iterable[Territory]) -> tuple[Branch, ...]:
    """Territories as a tree of rules; what is out of use takes nothing, nor does what is in it."""
    children: dict[int | None, list[Territory]] = {}
    for one in in_order(rows):
        children.setdefault(one.parent_id, []).append(one)

    def below(parent: int | None) -> tuple[Branch, ...]:
        return tuple(
            Branch(one.pk, one.rule, one.people_rule, one.claims_people, below(one.pk))
            for one in children.get(parent, ())
            if one.is_active
        )

    return below(None)


def placed(
    rules: Sequence[Branch],
    kind: str,
    *,
    pin: Combinable = PIN,
    of_company: Combinable = OF_COMPANY,
) -> QuerySet[Party, tuple[int, int | None]]:
    """Every party of a kind with the territory that it belongs to by pin and rules.

    A person's company is looked up where it stands now: companies are placed before people.
    """
    place = _first(_rule_by_rule(rules, "rule"))
    if kind == PartyKind.PERSON:
        own = _first(_rule_by_rule(rules, "people_rule"))
        place = Coalesce(claimed(rules), of_company, own, output_field=_KEY)
    rows = Party.objects.filter(kind=kind).order_by()
    return rows.values_list("pk", Coalesce(pin, place, output_field=_KEY))


def statement(rules: Known, kind: str) -> tuple[str, tuple[Any, ...]]:
    """`placed` for the rules in force as SQL with its parameters."""
    if kind not in rules.statements:
        rules.statements[kind] = compiled(placed(rules.branches, kind))
    return rules.statements[kind]


def claimed(rules: Sequence[Branch]) -> Combinable:
    """The territory that claims a person, whatever their company."""
    return _first(_rule_by_rule(_only_claiming(rules), "people_rule"))


def _only_claiming(rules: Sequence[Branch]) -> tuple[Branch, ...]:
    """The tree without the rules for people of those territories that do not claim any."""
    return tuple(
        replace(one, key=one.key if one.claims_people else 0, within=_only_claiming(one.within))
        for one in rules
    )


def _rule_by_rule(rules: Sequence[Branch], name: str) -> Iterator[Combinable]:
    """Of each branch an expression that is the territory in it that takes a party, or NULL."""
    for one in rules:
        rule = getattr(one, name)
        inner = list(_rule_by_rule(one.within, name))
        if not rule:
            yield from inner
            continue
        own = [Value(one.key, output_field=_KEY)] if one.key else []
        if inner or own:
            yield Case(
                When(_condition(name, rule), then=_first([*inner, *own])),
                output_field=_KEY,
            )


def _first(places: Iterable[Combinable]) -> Combinable:
    found = list(places)
    if len(found) > 1:
        return Coalesce(*found, output_field=_KEY)
    return found[0] if found else _NOWHERE


def _condition(name: str, rule: Any) -> Q:
    """What a rule asks; one whose field went meanwhile takes nothing."""
    try:
        asked = compile_for(resource(RULES[name]), rule, house())
    except BadCriteria:
        return Q(pk__in=())
    return asked if asked else Q(pk__isnull=False)


def refuse_bad_rules(values: dict[str, Any]) -> None:
    """Invalid where a rule cannot be understood, or asks what a party does not say of itself."""
    said = [name for name in RULES if name in values]
    faults: dict[str, Text] = {n: why for n in said if (why := fault(n, values[n]))}
    if faults:
        raise Invalid(faults)


def fault(name: str, rule: Any) -> str:
    """What is wrong with a rule, empty where nothing is."""
    if not rule:
        return ""
    try:
        compile_for(resource(RULES[name]), rule, house())
    except BadCriteria as bad:
        return str(bad)
    known_fields = resource(RULES[name]).criteria_for(house())
    for node in _conditions(rule):
        if not _stands_still(known_fields[node["field"]], node):
            label = known_fields[node["field"]].label
            return (
                _("“%s” changes without the contact being changed: a territory cannot go by it.")
                % label
            )
    return ""


def _stands_still(one: Field, node: dict[str, Any]) -> bool:
    """Whether an answer changes only where the party, or the company of a person, is written."""
    if node["op"] in (*RELATIVE, CHANGED) or node.get("within_days") is not None:
        return False
    if one.name.rpartition(".")[2] in _MOVING or (one.own and one.own.is_computed):
        return False
    if one.related is None:
        return not one.of_kind
    return one.name.startswith("company.") or one.related(house()).model in _LYING_WITH_IT


def _conditions(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, list):
        for member in node:
            yield from _conditions(member)
    elif isinstance(node, dict) and "field" in node:
        yield node
    elif isinstance(node, dict):
        for inner in node.values():
            yield from _conditions(inner)
