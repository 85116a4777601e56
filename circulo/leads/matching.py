"""Who a lead is known to be: found by address, phone and name among everybody.

The machine looks at all parties, so that nobody is entered twice; what it found is shown only to
who may see it. One that fits is linked, several are only offered: a wrong merge is never made.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from circulo.accounts import prepared
from circulo.lib import names
from circulo.parties.actions.writing import json_of
from circulo.parties.models import PartyKind

ENOUGH = 2
_SQL = f"""
    SELECT d.n, p.id, p.kind FROM json_to_recordset(%s) AS d(n integer, k text, v text)
    CROSS JOIN LATERAL (
        SELECT t.party_id AS id FROM parties_point t
        WHERE d.k <> 'name' AND t.kind = d.k AND t.value = d.v
        LIMIT {ENOUGH * 5}) found
    JOIN parties_party p ON p.id = found.id WHERE p.binned_at IS NULL
    UNION
    SELECT d.n, p.id, p.kind FROM json_to_recordset(%s) AS d(n integer, k text, v text)
    CROSS JOIN LATERAL (
        SELECT o.id, o.kind FROM parties_party o
        WHERE d.k = 'name' AND o.kind = 'organisation' AND o.sort_key = d.v
          AND o.binned_at IS NULL
        LIMIT {ENOUGH}) p
"""


def link_known(rows: Sequence[dict[str, Any]]) -> None:
    """Say in the columns of new leads who is known: where exactly one contact, or company, fits."""
    asked = [
        {"n": number, "k": kind, "v": value}
        for number, row in enumerate(rows)
        for kind, value in _keys(row)
        if value
    ]
    if not asked:
        return
    hits: dict[tuple[int, str], set[int]] = {}
    for number, key, kind in prepared.run(_SQL, [json_of(asked)] * 2):
        hits.setdefault((number, kind), set()).add(key)
    columns = {PartyKind.PERSON.value: "party_id", PartyKind.ORGANISATION.value: "company_party_id"}
    for (number, kind), keys in hits.items():
        if len(keys) == 1:
            rows[number].setdefault(columns[kind], keys.pop())


def _keys(row: Mapping[str, Any]) -> list[tuple[str, str]]:
    company = row.get("company") or ""
    return [
        ("email", row.get("email") or ""),
        ("phone", row.get("phone") or ""),
        ("name", names.sort_key(company) if company else ""),
    ]
