"""Whatever the tree and its rules, parties lie where a plain reading of the rules puts them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from circulo.accounts import news
from circulo.accounts.models import Territory
from circulo.parties.actions import placing
from circulo.parties.models import Party
from circulo.territories import proposals
from circulo.territories.selectors.effects import effect_of
from circulo.testing.make import make_company, make_contact, make_territory

pytestmark = pytest.mark.django_db
SOURCES, INDUSTRIES, SIZES = ("web", "feria", "socio"), ("vino", "acero", ""), (None, 5, 50, 500)


@dataclass
class Node:
    """A territory as the plain reading sees it."""

    rule: dict[str, Any]
    people_rule: dict[str, Any]
    claims: bool
    active: bool
    within: list[Node] = field(default_factory=list)
    row: Territory | None = None


def _conditions(fields: dict[str, tuple[Any, ...]]) -> st.SearchStrategy[dict[str, Any]]:
    names = st.sampled_from(sorted(fields))
    one = names.flatmap(
        lambda name: st.builds(
            lambda value: {"field": name, "op": "is", "value": value},
            st.sampled_from([value for value in fields[name] if value]),
        )
    )
    return st.recursive(
        one,
        lambda inner: st.one_of(
            st.builds(lambda members: {"all": members}, st.lists(inner, min_size=1, max_size=2)),
            st.builds(lambda members: {"any": members}, st.lists(inner, min_size=1, max_size=3)),
            st.builds(lambda node: {"not": node}, inner),
        ),
        max_leaves=4,
    )


_COMPANY = _conditions({"source": SOURCES, "industry": INDUSTRIES, "size": SIZES})
_PERSON = _conditions({"source": SOURCES, "job_title": ("CEO", "Chef")})
_TREES: st.SearchStrategy[list[Node]] = st.recursive(
    st.just([]),
    lambda below: st.lists(
        st.builds(
            Node, st.just({}) | _COMPANY, st.just({}) | _PERSON, st.booleans(),
            st.sampled_from([True, True, True, False]), below,
        ),
        max_size=3,
    ),
    max_leaves=6,
)  # fmt: skip


def fits(rule: dict[str, Any], party: Party) -> bool:
    """Whether a party fulfils a rule, read condition by condition."""
    if "field" in rule:
        value = getattr(party, rule["field"])
        said, asked = (value, rule["value"])
        return bool(said.lower() == asked.lower() if isinstance(said, str) else said == asked)
    if "not" in rule:
        return not fits(rule["not"], party)
    members = [fits(one, party) for one in rule.get("all", rule.get("any", []))]
    return all(members) if "all" in rule else any(members)


def first(tree: list[Node], party: Party, name: str, *, only_claims: bool = False) -> Any:
    """The first territory of the walk whose rule takes a party: the deepest of its branch."""
    for node in tree:
        rule = getattr(node, name)
        if not node.active or (rule and not fits(rule, party)):
            continue
        inner = first(node.within, party, name, only_claims=only_claims)
        if inner is not None:
            return inner
        if rule and (node.claims or not only_claims) and node.row:
            return node.row.pk
    return None


def where(tree: list[Node], party: Party) -> Any:
    """Where a party belongs."""
    if party.pinned_territory_id:
        return party.pinned_territory_id
    if party.is_organisation:
        return first(tree, party, "rule")
    claimed = first(tree, party, "people_rule", only_claims=True)
    company = where(tree, party.company) if party.company else None
    return claimed or company or first(tree, party, "people_rule")


class AnyTree(TestCase):
    """Random trees over a few parties."""

    @settings(max_examples=40)
    @given(
        tree=_TREES,
        companies=st.lists(
            st.tuples(st.sampled_from(SOURCES), st.sampled_from(INDUSTRIES),
                      st.sampled_from(SIZES)), min_size=1, max_size=4),
        people=st.lists(
            st.tuples(st.sampled_from(SOURCES), st.sampled_from(["CEO", "Chef", ""]),
                      st.integers(-1, 3)), max_size=5),
        pins=st.lists(st.integers(0, 8), max_size=2),
    )  # fmt: skip
    def test_parties_lie_where_a_plain_reading_puts_them(self, tree, companies, people, pins):
        made = [make_company(source=s, industry=i, size=size) for s, i, size in companies]
        made += [
            make_contact(
                source=source, job_title=job,
                company=made[at] if 0 <= at < len(companies) else None,
            )
            for source, job, at in people
        ]  # fmt: skip
        with transaction.atomic():
            _plant(tree, None)
        rows = list(Territory.objects.order_by("pk"))
        for at in pins:
            if rows and at < len(made):
                Party.objects.filter(pk=made[at].pk).update(pinned_territory=rows[at % len(rows)])
        expected = proposals.as_it_is()
        shown = effect_of(expected).parties
        before = dict(Party.objects.values_list("pk", "territory"))

        placing.place_all()

        after = dict(Party.objects.values_list("pk", "territory"))
        found = Party.objects.select_related("company")
        assert after == {party.pk: where(tree, party) for party in found}
        assert shown == sum(before[key] != place for key, place in after.items())
        assert not placing.misplaced()


def _plant(tree: list[Node], parent: Territory | None) -> None:
    """Make the territories, and let none take anybody yet."""
    for node in tree:
        node.row = make_territory(
            rule=node.rule, people_rule=node.people_rule, claims_people=node.claims,
            is_active=node.active, parent=parent,
        )  # fmt: skip
        _plant(node.within, node.row)
    news.renew()
