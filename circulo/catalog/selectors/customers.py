"""Who buys: which price lists and rules are theirs by their criteria, and where they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, Case, OuterRef, Subquery, Value, When

from circulo.accounts.selectors import house
from circulo.catalog.models import PriceList, PriceRule
from circulo.catalog.regions import region_of
from circulo.parties.models import Party, PartyKind, PostalAddress
from circulo.records import criteria
from circulo.records.criteria import written
from circulo.records.resources import resource


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
    places = {text: f"test_{place}" for place, text in enumerate(asked)}
    home = PostalAddress.objects.filter(party=OuterRef("pk"), is_primary=True)
    said = {
        "home_country": Subquery(home.values("country")[:1]),
        "home_code": Subquery(home.values("postal_code")[:1]),
    }
    tests = {places[text]: _fulfils(criterion, parties[0]) for text, criterion in asked.items()}
    rows = Party.objects.filter(pk__in=[party.pk for party in parties])
    found = {}
    for row in rows.annotate(**said, **tests).values("pk", *said, *tests):
        code = row["home_code"] or ""
        region = region_of(row["home_country"] or (home_country if code else ""), code)
        held = {text for text, place in places.items() if row[place]}
        fulfilled = frozenset(n for n, one in criteria_of.items() if written(one) in held)
        found[row["pk"]] = Customer(row["pk"], fulfilled, region)
    return found


def _fulfils(criterion: Any, party: Party) -> Case:
    """Whether the customer fulfils a criterion, as the house sees it whoever asks.

    One that is not understood any more, such as that of a field which is gone, nobody fulfils.
    """
    try:
        condition = criteria.compile_for(resource(party.resource), criterion, house())
    except criteria.BadCriteria:
        return Case(default=Value(False), output_field=BooleanField())
    if not condition:
        return Case(default=Value(True), output_field=BooleanField())
    return Case(When(condition, then=Value(True)), default=Value(False))


def _mark(one: Any) -> str:
    """What a list or a rule goes by among those whose conditions are fulfilled."""
    return f"{one._meta.model_name}_{one.pk}"
