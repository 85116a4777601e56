"""Who buys: which price lists and rules are theirs by their criteria, and where they are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, Case, OuterRef, QuerySet, Subquery, Value, When
from django.utils import timezone

from circulo.accounts.models import User
from circulo.accounts.selectors import house
from circulo.catalog.models import PriceList, PriceRule
from circulo.catalog.regions import region_of
from circulo.lib.compiled import compiled
from circulo.parties.models import Party, PartyKind, PostalAddress
from circulo.records import criteria
from circulo.records.criteria import written
from circulo.records.resources import Resource, resource
from circulo.records.rows import Rows, statement


@dataclass(frozen=True)
class Customer:
    """Who buys: which lists and rules are theirs by their criteria, and where they are."""

    party: int = 0
    fulfilled: frozenset[str] = frozenset()
    region: str = ""

    def gets(self, one: PriceList | PriceRule) -> bool:
        """Whether a list or a rule is for them: for everybody, by its criteria, or by name."""
        if isinstance(one, PriceRule) and one.party_id is not None:
            return one.party_id == self.party
        if not (one.for_contacts or one.for_companies):
            return True
        return _mark(one) in self.fulfilled


NOBODY = Customer()


def customers_of(
    parties: Sequence[Party], terms: Sequence[Any], home_country: str
) -> dict[int, Customer]:
    """Customers by their keys, in one statement for people and one for others."""
    people = [party for party in parties if party.kind == PartyKind.PERSON]
    others = [party for party in parties if party.kind != PartyKind.PERSON]
    return {
        **_read(people, "for_contacts", terms, home_country),
        **_read(others, "for_companies", terms, home_country),
    }


def _read(
    parties: Sequence[Party], column: str, terms: Sequence[Any], home_country: str
) -> dict[int, Customer]:
    """Which lists and rules are for customers by their criteria, and where they are: an address
    that names no country lies in that of the firm.
    """
    if not parties:
        return {}
    criteria_of = {_mark(one): getattr(one, column) for one in terms if getattr(one, column)}
    asked = {written(criterion): criterion for criterion in criteria_of.values()}
    asker = house()
    about = resource(parties[0].resource)
    rows = Rows(lambda _user: Party.objects.all(), asker, "customers", Party)
    rows = rows.with_keys([party.pk for party in parties]).changed(
        (about.name, timezone.localdate(), *asked),  # "this month" is another one tomorrow
        lambda query: _tested(query, about, asked.values(), asker),
    )
    found = {}
    for key, country, code, *answers in statement("who they are to prices", compiled, rows).rows():
        region = region_of(country or (home_country if code else ""), code or "")
        held = {text for text, is_held in zip(asked, answers, strict=True) if is_held}
        fulfilled = frozenset(n for n, one in criteria_of.items() if written(one) in held)
        found[key] = Customer(key, fulfilled, region)
    return found


def _tested(
    rows: QuerySet[Party], about: Resource, asked: Iterable[Any], asker: User
) -> QuerySet[Any, Any]:
    """Of each its key, where its first address lies, and whether it fulfils each criterion."""
    home = PostalAddress.objects.filter(party=OuterRef("pk"), is_primary=True)
    places = (Subquery(home.values(column)[:1]) for column in ("country", "postal_code"))
    tests = (_fulfils(criterion, about, asker) for criterion in asked)
    return rows.values_list("pk", *places, *tests)


def _fulfils(criterion: Any, about: Resource, asker: User) -> Case:
    """Whether the customer fulfils a criterion, as the house sees it whoever asks.

    One that is not understood any more, such as that of a field which is gone, nobody fulfils.
    """
    try:
        condition = criteria.compile_for(about, criterion, asker)
    except criteria.BadCriteria:
        return Case(default=Value(False), output_field=BooleanField())
    if not condition:
        return Case(default=Value(True), output_field=BooleanField())
    return Case(When(condition, then=Value(True)), default=Value(False))


def _mark(one: Any) -> str:
    """What a list or a rule goes by among those whose conditions are fulfilled."""
    return f"{one._meta.model_name}_{one.pk}"
