"""What of figures by seller or team moves from the owners of won deals to those who share them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from django.db.models import QuerySet

from circulo.accounts import prepared
from circulo.accounts.models import User
from circulo.sales.credit import moved
from circulo.sales.models import Deal

# Whoever has a share is named, and stands in their own team; who owns the deal stays as it says.
_MOVED = """
    SELECT {names}, currency, CASE WHEN who_has THEN who END, sum({brings})
    FROM ({moved}) m GROUP BY {places}
"""


def moved_amounts(rows: QuerySet[Deal], names: Collection[str]) -> Iterator[dict[str, Any]]:
    """What shares move of these won deals, group by group by these columns of them, as figures
    count deals; where there are several rows of a deal, each `brings` a `piece` of its amount."""
    is_in_pieces = "piece" in rows.query.annotations
    more = ("brings", "piece") if is_in_pieces else ()
    sql, parameters = moved(rows, *names, *more, pieces="piece" if is_in_pieces else "")
    sql = _MOVED.format(
        moved=sql, names=", ".join(names), places=", ".join(map(str, range(1, len(names) + 3))),
        brings="moved * brings / amount" if is_in_pieces else "moved",
    )  # fmt: skip
    found = prepared.run_anew(sql, parameters)
    people = _people({who for *_columns, who, _amount in found if who is not None})
    for *columns, currency, who, amount in found:
        row = dict(zip(names, columns, strict=True)) | people.get(who, {})
        told = {"outcome": Deal.Outcome.WON, "currency": currency, "count": 0, "total": amount}
        yield row | told | {"is_shared": True}


def _people(keys: Collection[int]) -> dict[int, dict[str, Any]]:
    """By person what groups by seller and by team say of them."""
    rows = User.objects.filter(pk__in=keys).values_list("pk", "name", "team_id", "team__name")
    return {
        key: {"agent_key": "", "owner_key": key, "owner_called": name, "team_key": team,
              "team_called": team_name}
        for key, name, team, team_name in rows
    }  # fmt: skip
