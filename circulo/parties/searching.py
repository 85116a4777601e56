"""Search as somebody types: the indexes give some hundred candidates, which are ranked here.

Names that begin with what was typed come first, from the index that lists are sorted by. Then
those that hold every word anywhere. How many these are decides the way: what is rare is found
by the index of words; what is common, for which that index would gather a hundred thousand rows
before the first is seen, by looking through a few thousand of the records in reach.
"""

from __future__ import annotations

from dataclasses import dataclass
from heapq import nsmallest
from itertools import product
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import QuerySet

from circulo.lib.compiled import compiled
from circulo.lib.names import plain, sort_key
from circulo.parties.models import Party, PartyKind
from circulo.parties.selectors import (
    CANDIDATES,
    LETTERS_OF_INDEX,
    beginning_of_a_word,
    matching,
    terms_of,
)
from circulo.records.paging import estimate, read_without
from circulo.records.resources import resource

if TYPE_CHECKING:
    from circulo.accounts.models import User

BEGINNINGS = 40
COMMON, ENOUGH = 5_000, 20
LOOKED_THROUGH, WORTH_IT = 10_000, 130
LISTS = {PartyKind.PERSON: "contacts", PartyKind.ORGANISATION: "companies"}
_BEGINNING = """({rows} AND parties_party.kind = %s AND parties_party.sort_key LIKE %s
    ORDER BY parties_party.sort_key, parties_party.id LIMIT {most})"""
_AMONG_SOME = """SELECT id, name, sort_key
    FROM ({rows} LIMIT {looked_through}) AS near (id, name, sort_key, search)
    WHERE {holding} LIMIT {most}"""
Candidates = dict[int, tuple[str, str]]


@dataclass(frozen=True)
class _InReach:
    """The records that a person may see, as a statement that conditions are added to."""

    rows: QuerySet[Party]
    sql: str
    parameters: tuple[Any, ...]

    @classmethod
    def of(cls, user: User) -> _InReach:
        rows = Party.objects.visible_to(user)
        return cls(rows, *compiled(rows.values_list("pk", "name", "sort_key", "search")))


def search_parties(user: User, text: str, *, limit: int = 8) -> list[Party]:
    """The parties that fit best as somebody types."""
    keys = best_keys(user, text, limit=limit)
    parties = Party.objects.visible_to(user).defer("search", "notes", "custom").in_bulk(keys)
    return [parties[key] for key in keys if key in parties]


def best_keys(user: User, text: str, *, limit: int) -> list[int]:
    """The keys of the parties that fit best: exact spelling first, then the start of a name.

    One or two letters are too few for the words inside; what a role hides is not searched.
    """
    terms = terms_of(text)
    if not terms:
        return []
    found, wanted = _candidates(user, text, terms, limit), text.strip().lower()
    near = ((_distance(name, wanted, terms), order, key) for key, (name, order) in found.items())
    return [key for _distance, _order, key in nsmallest(limit, near)]


def _candidates(user: User, text: str, terms: list[str], enough: int) -> Candidates:
    """Parties that may fit: key, and the names by which they are ranked."""
    seen = _InReach.of(user)
    found = _beginning_with(seen, text)
    if max(map(len, terms)) < LETTERS_OF_INDEX:
        return found
    hiding = [kind for kind, name in LISTS.items() if resource(name).hides_from(user)]
    if hiding:
        for kind, name in LISTS.items():
            found |= _by_index(resource(name).find(seen.rows.filter(kind=kind), text, user))
        return found
    holding = matching(seen.rows, text)
    likely = estimate(holding)
    if likely > COMMON and len(found) >= enough and len(terms) == 1:
        return found
    if likely > COMMON and likely * LOOKED_THROUGH > WORTH_IT * estimate(seen.rows):
        some = _among_some(seen, terms)
        if len(some) >= ENOUGH:
            return found | some
    return found | _by_index(holding)


def _beginning_with(seen: _InReach, text: str) -> Candidates:
    """Those whose key for sorting begins so; a space may end a part of the name or stand in it."""
    begin = sort_key(" ".join(text.split()))
    starts = {begin, begin.replace(" ", "\t")} if begin else set()
    if not starts:
        return {}
    one = _BEGINNING.format(rows=seen.sql, most=BEGINNINGS)
    pairs = list(product(PartyKind, starts))
    parameters = [
        value
        for kind, start in pairs
        for value in (*seen.parameters, kind, f"{connection.ops.prep_for_like_query(start)}%")
    ]
    return _read(" UNION ALL ".join([one] * len(pairs)), parameters)


def _among_some(seen: _InReach, terms: list[str]) -> Candidates:
    """Those that hold every word, among a few thousand of the records in reach."""
    words = [_holding(term) for term in terms]
    holding = " AND ".join(condition for condition, _value in words)
    sql = _AMONG_SOME.format(
        rows=seen.sql, looked_through=LOOKED_THROUGH, holding=holding, most=CANDIDATES
    )
    return _read(sql, [*seen.parameters, *(value for _condition, value in words)])


def _holding(term: str) -> tuple[str, str]:
    """The condition of holding a word, as `matching` has it."""
    if len(term) < LETTERS_OF_INDEX:
        return "search ~ %s", beginning_of_a_word(term)
    return "search LIKE %s", f"%{connection.ops.prep_for_like_query(term)}%"


def _by_index(rows: QuerySet[Party]) -> Candidates:
    """Those that the index of words gives, even where the planner hopes for an early end."""
    found = rows.values_list("pk", "name", "sort_key")[:CANDIDATES]
    read = read_without(found, "seqscan", "indexscan")
    return {key: (name, order) for key, name, order in read}


def _read(sql: str, parameters: list[Any]) -> Candidates:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return {row[0]: (row[1], row[2]) for row in cursor.fetchall()}


def _distance(name: str, wanted: str, terms: list[str]) -> int:
    """How far a party is from what was typed: 0 the very name, 5 somewhere inside."""
    name = name.lower()
    if wanted in name:
        words = name.split()
        if name == wanted:
            return 0
        if name.startswith(wanted) or wanted in words:
            return 1
        if any(word.startswith(wanted) for word in words):
            return 2
    folded = plain(name).split()
    if all(term in folded for term in terms):
        return 3
    return 4 if all(any(w.startswith(t) for w in folded) for t in terms) else 5
