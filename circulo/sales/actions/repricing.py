"""Lines of many deals priced anew, for a party or a currency that is another now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from circulo.catalog.lines import Wanted, priced_for
from circulo.catalog.selectors.pricing import Asked
from circulo.parties.actions.writing import json_of, run
from circulo.sales.actions import lines
from circulo.sales.models import Deal, DealLine

_COLUMNS = {"unit": "text", "unit_price": "numeric", "listed": "numeric", "net": "numeric",
            "tax": "numeric", "includes_tax": "boolean", "is_priced": "boolean",
            "tax_class": "text", "tax_name": "text", "tax_rate": "numeric",
            "steps": "jsonb"}  # fmt: skip
_NAMES = ", ".join(_COLUMNS)
_WRITE = f"""
    UPDATE sales_dealline l SET ({_NAMES}) = ROW({", ".join(f"d.{name}" for name in _COLUMNS)})
    FROM json_to_recordset(%s) AS d(id bigint, {", ".join(map(" ".join, _COLUMNS.items()))})
    WHERE l.id = d.id AND ({", ".join(f"l.{name}" for name in _COLUMNS)})
          IS DISTINCT FROM ({", ".join(f"d.{name}" for name in _COLUMNS)})
"""


def price_anew(was: Mapping[int, str]) -> None:
    """Price the lines of deals anew at the prices of today, and have the amounts follow that do.

    Each `was` in a currency, of which its prices by hand are: Invalid where it is in another now.
    """
    there: dict[int, list[DealLine]] = {}
    for line in DealLine.objects.filter(deal__in=was).order_by("deal", "position", "pk"):
        there.setdefault(line.deal_id, []).append(line)
    deals = Deal.objects.select_related("party").in_bulk(there)
    lots = [
        ([Wanted.of(line, said_in=was[key]) for line in some],
         Asked([], deals[key].party, deals[key].currency))
        for key, some in there.items()
    ]  # fmt: skip
    rows: list[dict[str, Any]] = []
    for some, (_priced, found) in zip(there.values(), priced_for(lots), strict=True):
        rows += [{"id": line.pk} | {name: row[name] for name in _COLUMNS}
                 for line, row in zip(some, found, strict=True)]  # fmt: skip
    if rows:
        run(_WRITE, [json_of(rows)])
        lines.follow(list(there))
