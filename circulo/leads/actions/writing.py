"""The set-based statements that write leads: an act on one lead is the set of one.

Rows travel as one JSON parameter and are spread by `json_to_recordset`, so that a form, a call of
the API and a load of many rows run the same statements.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from circulo.accounts import prepared
from circulo.parties.actions.writing import array_of, json_of, run
from circulo.records.own.definitions import defined
from circulo.records.stays import Stays

TEXTS = (
    "given_name", "first_surname", "second_surname", "company", "job_title", "email", "phone",
    "city", "postal_code", "region", "country", "message", "language", "source", "campaign",
    "channel", "reason_note", "reference",
)  # fmt: skip
COLUMNS: dict[str, str] = dict.fromkeys(TEXTS, "text") | {
    "party_id": "bigint",
    "company_party_id": "bigint",
    "status": "text",
    "reason_id": "bigint",
    "score": "smallint",
    "score_kind": "text",
    "score_reasons": "jsonb",
    "scored_at": "timestamptz",
    "owner_id": "bigint",
    "team_id": "bigint",
    "route": "jsonb",
    "arrived_at": "timestamptz",
    "answer_due_at": "timestamptz",
    "answered_at": "timestamptz",
    "deal_id": "bigint",
    "converted_at": "timestamptz",
    "interaction_id": "bigint",
    "created_by_id": "bigint",
    "tags": "varchar[]",
    "custom": "jsonb",
}
_DEFAULTS: dict[str, str] = dict.fromkeys(TEXTS, "''") | {
    "status": "'new'",
    "score": "0",
    "score_kind": "'rules'",
    "score_reasons": "'[]'",
    "route": "'{}'",
    "arrived_at": "now()",
    "tags": "'{}'",
    "custom": "'{}'",
}
STAYS = Stays("leads_leadstay", "leads_lead", "lead_id", ("status",))
SEARCHED = ("given_name", "first_surname", "second_surname", "company", "email", "phone",
            "reference")  # fmt: skip


def searched(record: str, said: Collection[str] = (*SEARCHED, "custom")) -> str:
    """SQL of the text that search looks into: names, ways to reach, own fields that are searched.

    Only of the columns that are `said`.
    """
    own = defined("leads").searchable if "custom" in said else ()
    parts = [f"NULLIF({record}.{name}, '')" for name in SEARCHED if name in said]
    parts += [f"{record}.custom ->> '{key}'" for key in own]
    return f"circulo_plain(concat_ws(' ', {', '.join(parts) or 'NULL'}))"


def insert_leads(rows: Sequence[dict[str, Any]], *, is_demo: bool = False) -> list[int]:
    """Insert leads with the beginning of their way; their new keys in order."""
    if not rows:
        return []
    said = set().union(*rows)
    shape = "".join(f", {name} {kind}" for name, kind in COLUMNS.items() if name in said)
    values = ", ".join(_value_of(name, said) for name in COLUMNS)
    sql = f"""
        WITH d AS (
            SELECT nextval('leads_lead_id_seq') AS id, d.*
            FROM (SELECT * FROM json_to_recordset(%s) AS d(n integer{shape}) ORDER BY n) d
        ), added AS (
            INSERT INTO leads_lead (id, {", ".join(COLUMNS)}, search, is_demo, version,
                                    created_at, updated_at)
            SELECT d.id, {values}, {searched("d", said)}, %s, 1, now(), now() FROM d
            RETURNING id, status, arrived_at
        ), begun AS (
            INSERT INTO leads_leadstay (lead_id, status, entered_at)
            SELECT id, status, arrived_at FROM added ORDER BY id
        )
        SELECT id FROM d ORDER BY n
    """
    numbered = [{"n": n, **row} for n, row in enumerate(rows)]
    return [key for (key,) in prepared.run(sql, [json_of(numbered), is_demo])]


def _value_of(name: str, said: set[str]) -> str:
    """What a column of a new lead holds; what no row says is not read either."""
    if name not in said:
        return _DEFAULTS.get(name, "NULL")
    value = f"COALESCE(d.{name}, {_DEFAULTS[name]})" if name in _DEFAULTS else f"d.{name}"
    return f"jsonb_strip_nulls({value})" if name == "custom" else value


def update_leads(rows: Sequence[dict[str, Any]], names: Sequence[str]) -> list[int]:
    """Set the named columns of the leads that differ, and give the keys of those changed."""
    changed = _write(rows, names, "version = p.version + 1, updated_at = now()")
    if {*SEARCHED, "custom"} & set(names):
        refresh_search(changed)
    return changed


def settle_leads(rows: Sequence[dict[str, Any]], names: Sequence[str]) -> list[int]:
    """Set columns that follow from a lead, such as its score: that is no new version of it."""
    return _write(rows, names, "scored_at = now()")


def _write(rows: Sequence[dict[str, Any]], names: Sequence[str], also: str) -> list[int]:
    if not rows or not names:
        return []
    shape = ", ".join(f"{name} {COLUMNS[name]}" for name in names)
    new_of = {name: _patched(name) for name in names}
    told = ", ".join([*(f"{name} = {value}" for name, value in new_of.items()), also])
    sql = f"""
        UPDATE leads_lead p SET {told}
        FROM json_to_recordset(%s) AS d(id bigint, {shape})
        WHERE p.id = d.id
          AND ({", ".join(f"p.{n}" for n in names)}) IS DISTINCT FROM ({", ".join(new_of.values())})
        RETURNING p.id
    """
    return [key for (key,) in prepared.run(sql, [json_of(rows)])]


def set_columns(keys: Sequence[int], values: dict[str, Any]) -> list[int]:
    """Set the same values on the leads that differ, and give the keys of those changed."""
    return update_leads([{"id": key, **values} for key in keys], list(values))


def _patched(name: str) -> str:
    """The new value of a column; of own fields only those that are named, null taking one away."""
    return "jsonb_strip_nulls(p.custom || d.custom)" if name == "custom" else f"d.{name}"


def retag(keys: Sequence[int], add: str, remove: str) -> list[int]:
    """Take a tag off these leads and put another on; the keys of those changed."""
    sql = """
        UPDATE leads_lead p
        SET tags = d.tags, version = p.version + 1, updated_at = now()
        FROM (
            SELECT id, CASE WHEN %s = '' OR %s = ANY(tags) THEN array_remove(tags, %s)
                       ELSE array_append(array_remove(tags, %s), %s) END AS tags
            FROM leads_lead WHERE id = ANY(%s) ORDER BY id FOR UPDATE) d
        WHERE p.id = d.id AND p.tags IS DISTINCT FROM d.tags
        RETURNING p.id
    """
    said = [add, add, remove, remove, add, array_of(keys)]
    return [key for (key,) in run(sql, said)] if keys else []


def refresh_search(keys: Iterable[int]) -> None:
    """Write the searched text of these leads anew, where it changed."""
    text = searched("p")
    run(
        f"""
        UPDATE leads_lead p SET search = {text}
        WHERE p.id = ANY(%s) AND p.search IS DISTINCT FROM {text}
        """,
        [array_of(keys)],
    )


def stale_search() -> list[int]:
    """The leads whose searched text is not what it should be."""
    sql = f"SELECT p.id FROM leads_lead p WHERE p.search IS DISTINCT FROM {searched('p')}"
    return [key for (key,) in run(f"{sql} ORDER BY p.id", [])]
