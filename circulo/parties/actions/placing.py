"""Putting parties into their territories: what follows from rules and pins, written set-based.

Where a party belongs is worked out from what it says, as its searched text is. It is therefore no
change of the party: it makes no new version, and the ledger does not keep it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from circulo.accounts import prepared
from circulo.lib.later import at
from circulo.parties import placing
from circulo.parties.actions.writing import array_of, run
from circulo.parties.models import Party, PartyKind

BATCH = 20_000
AT_ONCE, MOST_PER_JOB, WAITS = 100, 2_000, 20
_BOTH = (PartyKind.ORGANISATION, PartyKind.PERSON)
_PLACE = """
    UPDATE parties_party AS placed_party SET territory_id = placed.territory
    FROM ({statement}) AS placed(id, territory)
    WHERE placed_party.id = placed.id
      AND placed_party.territory_id IS DISTINCT FROM placed.territory
    RETURNING placed_party.id
"""
_AMONG = 'AND "parties_party"."id" = ANY(%s::bigint[])'
_BETWEEN = 'AND "parties_party"."id" BETWEEN %s AND %s'
_OF_COMPANIES = "SELECT id FROM parties_party WHERE company_id = ANY(%s::bigint[])"


def place_parties(keys: Iterable[int], kinds: Collection[str] = _BOTH) -> list[int]:
    """Put these parties where they belong now; those that moved.

    The people of a company that moved move with it. `kinds` are those that the parties may be of.
    """
    rules, wanted = placing.known(), list(keys)
    if not rules.is_any or not wanted:
        return []
    moved: list[int] = []
    if PartyKind.ORGANISATION in kinds:
        moved = _place(rules, PartyKind.ORGANISATION, wanted)
    people = wanted if PartyKind.PERSON in kinds else []
    if moved:
        people = [*people, *(key for (key,) in run(_OF_COMPANIES, [array_of(moved)]))]
    return moved + _place(rules, PartyKind.PERSON, people)


def place_soon(keys: Iterable[int]) -> None:
    """Have these parties put where they belong: a few at once, many by a job that is born with what
    brought them and lets a load go on undisturbed first."""
    wanted = list(keys)
    if len(wanted) <= AT_ONCE:
        place_parties(wanted)
        return
    if not placing.known().is_any:
        return
    then = timezone.now() + timedelta(seconds=WAITS)
    for start in range(0, len(wanted), MOST_PER_JOB):
        some = wanted[start : start + MOST_PER_JOB]
        at(then, "parties.place_parties", once=str(some[0]), keys=",".join(map(str, some)))


def place_all() -> int:
    """Put every party where it belongs, companies first; how many moved."""
    return sum(
        place_batch(kind, first) for kind in _BOTH for first in range(1, last_key() + 1, BATCH)
    )


@transaction.atomic
def place_batch(kind: str, first: int) -> int:
    """Put the parties of a kind from this key on where they belong, so many at a time."""
    sql, parameters = placing.statement(placing.known(), kind)
    asked = f"{sql} {_BETWEEN}"
    return len(run(_PLACE.format(statement=asked), [*parameters, first, first + BATCH - 1]))


def misplaced(limit: int = 1000) -> list[int]:
    """The parties that are not where pins and rules say."""
    found: list[int] = []
    for kind in _BOTH:
        sql, parameters = placing.statement(placing.known(), kind)
        wrong = f"""
            SELECT p.id FROM parties_party p JOIN ({sql}) AS placed(id, territory) USING (id)
            WHERE p.territory_id IS DISTINCT FROM placed.territory ORDER BY p.id LIMIT %s
        """
        found += [key for (key,) in run(wrong, [*parameters, limit])]
    return found


def are_more_than(count: int) -> bool:
    """Whether there are more parties than that; their keys do not say so, for some are gone."""
    return Party.objects.order_by("pk")[count : count + 1].exists()


def last_key() -> int:
    """The greatest key of a party."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT COALESCE(max(id), 0) FROM parties_party")
        return int(cursor.fetchone()[0])


def _place(rules: placing.Known, kind: str, keys: list[int]) -> list[int]:
    if not keys:
        return []
    sql, parameters = placing.statement(rules, kind)
    asked = _PLACE.format(statement=f"{sql} {_AMONG}")
    return [key for (key,) in prepared.run(asked, [*parameters, array_of(keys)])]
