"""Whose the amount of a deal is that several sell: each colleague has the share that was said, and
what nobody has a share of stays its owner's.

Parts are whole units of the currency and come to exactly the amount: what rounding down leaves over
goes, a unit each, to those who lost most by it, of equal ones to the owner first, then to who had
a share first. How many deals there are follows from their owners alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_DOWN, Decimal
from functools import cache
from typing import Any

from django.db.models import QuerySet

from circulo.lib import money
from circulo.lib.compiled import compiled
from circulo.sales.models import Deal

# Of each share of the deals in `{deals}`: the part of the amount, who has it, and whose deal it is;
# and once more, as what the owner has the less.
_MOVED = """
    SELECT t.*, v.who, v.moved, v.who_has FROM (
        SELECT r.*, r.unit * (r.whole + (
            row_number() OVER (PARTITION BY {once} ORDER BY r.rest DESC, r.share)
            + (mod(100 - mod(sum(r.rest) OVER (PARTITION BY {once}), 100), 100) >= r.rest)::int
            <= ceil(sum(r.rest) OVER (PARTITION BY {once}) / 100))::int) AS part
        FROM (
            SELECT d.*, s.id AS share, s.user_id AS colleague, s.percent,
                   {unit} AS unit,
                   div(trunc(d.amount * {per_unit}) * s.percent, 100) AS whole,
                   mod(trunc(d.amount * {per_unit}) * s.percent, 100) AS rest
            FROM sales_dealshare s JOIN ({deals}) d ON d.id = s.deal_id
            WHERE d.amount > 0
        ) r
    ) t CROSS JOIN LATERAL (
        VALUES (t.colleague, t.part, true), (t.owner_id, -t.part, false)
    ) v(who, moved, who_has)
"""


def parts_of(amount: Decimal, percents: Sequence[int], currency: str) -> list[Decimal]:
    """The parts of those who have these shares of an amount, in the order in which they got them;
    the owner has what is left of it."""
    if not percents:
        return []
    whole = amount.quantize(money.unit_of(currency), ROUND_DOWN)
    weights = [Decimal(100 - sum(percents)), *map(Decimal, percents)]
    return money.shared(whole, weights, currency)[1:]


def moved(rows: QuerySet[Deal], *names: str, pieces: str = "") -> tuple[str, tuple[Any, ...]]:
    """The statement that says what shares of these deals move: `moved` to `who`, in their currency.

    Each share stands in it twice: with what the colleague has, where `who_has` is true, and with
    what the owner has the less. Beside it stand the columns `names` of the deal. Where deals stand
    in several pieces among the rows, `pieces` names the column that tells them apart.
    """
    sql, parameters = compiled(
        rows.order_by().values("id", "owner_id", "amount", "currency", *names)
    )
    return moved_of(sql, "id", *filter(None, [pieces])), parameters


def moved_of(deals: str, *once: str) -> str:
    """The same of a statement of deals with the columns id, owner_id, amount and currency."""
    unit, per_unit = _units()
    by = ", ".join(f"r.{name}" for name in once or ("id",))
    return _MOVED.format(deals=deals, once=by, unit=unit, per_unit=per_unit)


@cache
def _units() -> tuple[str, str]:
    """The smallest unit of the currency of a deal, and how many of it make up one, in SQL."""
    named: dict[int, list[str]] = {}
    for code in sorted(money.currencies()):
        named.setdefault(money.decimals_of(code), []).append(code)
    usual = named.pop(2)
    assert usual, "most currencies have cents"
    of = [(f"d.currency IN ({_listed(codes)})", n) for n, codes in sorted(named.items())]
    unit = " ".join(f"WHEN {those} THEN {Decimal(1).scaleb(-n):f}" for those, n in of)
    per_unit = " ".join(f"WHEN {those} THEN {10**n}" for those, n in of)
    return f"(CASE {unit} ELSE 0.01 END)", f"(CASE {per_unit} ELSE 100 END)"


def _listed(codes: Sequence[str]) -> str:
    return ", ".join(f"'{code}'" for code in codes)
