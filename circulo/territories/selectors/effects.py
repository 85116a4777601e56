"""What a change of the tree would do: who would move from where to where, before anything moves.

The moves are worked out into a table that lasts as long as the transaction: companies first, then
people, who follow where their company would be.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.db.models import BigIntegerField, Case, Value, When
from django.db.models.expressions import Combinable, RawSQL
from django.db.models.functions import Coalesce, NullIf

from circulo.accounts.models import User
from circulo.lib import ids
from circulo.lib.compiled import compiled
from circulo.parties.models import RESOURCES, PartyKind
from circulo.parties.placing import OF_COMPANY, PIN, branches, placed
from circulo.territories.proposals import Proposal

MOST_SHOWN, MOST_OWNERS = 200, 10
NOWHERE = 0
_TABLE = """
    SET LOCAL statement_timeout = '120s'; SET LOCAL work_mem = '64MB';
    CREATE TEMPORARY TABLE territory_move (id bigint PRIMARY KEY, before bigint NOT NULL,
                                           after bigint NOT NULL) ON COMMIT DROP
"""
_MOVE = """
    INSERT INTO territory_move
    SELECT p.id, COALESCE(p.territory_id, 0), COALESCE(placed.territory, 0)
    FROM parties_party p JOIN ({statement}) AS placed(id, territory) USING (id)
    WHERE p.territory_id IS DISTINCT FROM placed.territory
"""
_PARTIES = """
    SELECT m.before, m.after, p.kind, count(*) FROM territory_move m JOIN parties_party p USING (id)
    WHERE p.binned_at IS NULL GROUP BY 1, 2, 3
"""
_DEALS = """
    SELECT m.before, m.after, d.currency, d.owner_id, count(*), COALESCE(sum(d.amount), 0)
    FROM territory_move m JOIN sales_deal d ON d.party_id = m.id
    WHERE d.outcome = 'open' AND d.binned_at IS NULL GROUP BY 1, 2, 3, 4
"""
_LIST = """
    SELECT p.id, p.kind, p.name, u.name FROM territory_move m JOIN parties_party p USING (id)
    LEFT JOIN accounts_user u ON u.id = p.owner_id
    WHERE p.binned_at IS NULL AND m.before = %s AND m.after = %s
    ORDER BY p.kind DESC, p.sort_key, p.id LIMIT %s
"""


@dataclass
class Flow:
    """Those who would move from one territory to another, and the open deals that go with them."""

    before: int
    after: int
    companies: int = 0
    contacts: int = 0
    deals: int = 0
    amounts: dict[str, Decimal] = field(default_factory=dict)

    @property
    def parties(self) -> int:
        return self.companies + self.contacts


@dataclass
class Effect:
    """What a change would do; `owners` says how many open deals of each colleague would move."""

    flows: list[Flow] = field(default_factory=list)
    owners: dict[int, int] = field(default_factory=dict)

    @property
    def parties(self) -> int:
        return sum(flow.parties for flow in self.flows)

    @property
    def deals(self) -> int:
        return sum(flow.deals for flow in self.flows)

    @property
    def amounts(self) -> dict[str, Decimal]:
        """The open deals that would move, by currency."""
        added: dict[str, Decimal] = {}
        for flow in self.flows:
            for currency, amount in flow.amounts.items():
                added[currency] = added.get(currency, Decimal(0)) + amount
        return added


@dataclass(frozen=True)
class Mover:
    """Somebody who would move."""

    url: str
    name: str
    owner: str
    is_company: bool


def effect_of(proposal: Proposal) -> Effect:
    """What a change would do, without doing it."""
    with _worked_out(proposal):
        parties, deals = _rows(_PARTIES), _rows(_DEALS)
    flows: dict[tuple[int, int], Flow] = {}
    for before, after, kind, count in parties:
        flow = flows.setdefault((before, after), Flow(before, after))
        setattr(flow, RESOURCES[PartyKind(kind)], count)
    found = Effect()
    for before, after, currency, owner, count, amount in deals:
        flow = flows.setdefault((before, after), Flow(before, after))
        flow.deals += count
        flow.amounts[currency] = flow.amounts.get(currency, Decimal(0)) + amount
        found.owners[owner] = found.owners.get(owner, 0) + count
    found.flows = sorted(flows.values(), key=lambda flow: -flow.parties)
    return found


def movers(proposal: Proposal, before: int, after: int) -> list[Mover]:
    """The first of those who would move from one territory to another, by name."""
    with _worked_out(proposal):
        rows = _rows(_LIST, before, after, MOST_SHOWN)
    return [_mover(*row) for row in rows]


def owners_of(effect: Effect) -> list[tuple[str, int]]:
    """Whose open deals would move, and how many: the most first."""
    names = dict(User.objects.filter(pk__in=effect.owners).values_list("pk", "name"))
    order = sorted(effect.owners.items(), key=lambda pair: -pair[1])[:MOST_OWNERS]
    return [(names.get(key, ""), count) for key, count in order]


@contextmanager
def _worked_out(proposal: Proposal) -> Iterator[None]:
    """Within the block the table of moves is there."""
    rules, pin = branches(proposal.rows), _pin(proposal.pins)
    with transaction.atomic():
        _run(_TABLE)
        for kind, of_company in (
            (PartyKind.ORGANISATION, OF_COMPANY),
            (PartyKind.PERSON, _company_after()),
        ):
            sql, parameters = compiled(placed(rules, kind, pin=pin, of_company=of_company))
            _run(_MOVE.format(statement=sql), *parameters)
        yield
        _run("DROP TABLE territory_move")


def _pin(pins: dict[int, int | None]) -> Combinable:
    """The pin of a party; one to a territory that goes leads elsewhere."""
    if not pins:
        return PIN
    key: BigIntegerField[int, int] = BigIntegerField()
    led = [
        When(pinned_territory=gone, then=Value(to, output_field=key)) for gone, to in pins.items()
    ]
    return Case(*led, default=PIN, output_field=key)


def _company_after() -> Combinable:
    """Where the company of a person would be."""
    moved = RawSQL(
        "(SELECT m.after FROM territory_move m WHERE m.id = parties_party.company_id)", []
    )
    key: BigIntegerField[int, int] = BigIntegerField()
    return NullIf(Coalesce(moved, OF_COMPANY, output_field=key), Value(NOWHERE))


def _mover(key: int, kind: str, name: str, owner: str | None) -> Mover:
    place = RESOURCES[PartyKind(kind)]
    url = f"/{place}/{ids.encode('party', key)}"
    return Mover(url, name, owner or "", kind == PartyKind.ORGANISATION)


def _rows(sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())


def _run(sql: str, *parameters: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters or None)
