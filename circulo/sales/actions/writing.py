"""The set-based statements that write deals: an act on one deal is the set of one.

Rows travel as one JSON parameter and are spread by `json_to_recordset`, so that a form, a call of
the API and a load of a hundred thousand rows run the same statements.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from circulo.accounts import prepared
from circulo.parties.actions.writing import array_of, json_of, run
from circulo.records.own.definitions import defined
from circulo.records.stays import Stays
from circulo.sales.models.deals import SEARCHED

TEXTS = ("title", "currency", "agent", "source", "campaign", "reason_note", "notes", "reference",
         "forecast_as", "lost_to")  # fmt: skip
COLUMNS: dict[str, str] = dict.fromkeys(TEXTS, "text") | {
    "party_id": "bigint",
    "pipeline_id": "bigint",
    "stage_id": "bigint",
    "amount": "numeric",
    "amount_from_lines": "boolean",
    "outcome": "text",
    "closed_at": "timestamptz",
    "expected_on": "date",
    "opened_at": "timestamptz",
    "stage_since": "timestamptz",
    "owner_id": "bigint",
    "created_by_id": "bigint",
    "reason_id": "bigint",
    "tags": "varchar[]",
    "custom": "jsonb",
}
_DEFAULTS: dict[str, str] = dict.fromkeys(TEXTS, "''") | {
    "amount_from_lines": "false",
    "outcome": "'open'",
    "opened_at": "now()",
    "stage_since": "now()",
    "tags": "'{}'",
    "custom": "'{}'",
}
STAYS = Stays("sales_dealstay", "sales_deal", "deal_id", ("stage_id", "outcome"))
_ARRIVES = "lpad(nextval('sales_deal_rank_seq')::text, 12, '0')"


def searched(record: str, said: Collection[str] = (*SEARCHED, "custom")) -> str:
    """SQL of the text that search looks into: title, reference and own fields that are searched.

    Only of the columns that are `said`.
    """
    own = defined("deals").searchable if "custom" in said else ()
    parts = [f"NULLIF({record}.{name}, '')" for name in SEARCHED if name in said]
    parts += [f"{record}.custom ->> '{key}'" for key in own]
    return f"circulo_plain(concat_ws(' ', {', '.join(parts)}))"


def likelihood(outcome: str, stage: str) -> str:
    """SQL of how likely a deal is won, in percent: as its stage says, until it is over."""
    said = f"(SELECT s.probability FROM sales_stage s WHERE s.id = {stage})"
    return f"CASE {outcome} WHEN 'won' THEN 100 WHEN 'lost' THEN 0 ELSE {said} END"


def insert_deals(rows: Sequence[dict[str, Any]], *, is_demo: bool = False) -> list[int]:
    """Insert deals at the end of their columns, with their stays; their new keys in order."""
    if not rows:
        return []
    said = set().union(*rows)
    shape = "".join(f", {name} {kind}" for name, kind in COLUMNS.items() if name in said)
    values = ", ".join(_value_of(name, said) for name in COLUMNS)
    likely = likelihood(_value_of("outcome", said), "d.stage_id")
    sql = f"""
        WITH d AS (
            SELECT nextval('sales_deal_id_seq') AS id, {_ARRIVES} AS rank, d.*
            FROM (SELECT * FROM json_to_recordset(%s) AS d(n integer{shape}) ORDER BY n) d
        ), added AS (
            INSERT INTO sales_deal (id, rank, {", ".join(COLUMNS)}, probability, search, is_demo,
                                    version, created_at, updated_at)
            SELECT d.id, d.rank, {values}, {likely}, {searched("d", said)}, %s, 1, now(), now()
            FROM d
        )
        SELECT id FROM d ORDER BY n
    """
    numbered = [{"n": n, **row} for n, row in enumerate(rows)]
    keys = [key for (key,) in prepared.run(sql, [json_of(numbered), is_demo])]
    _begin_stays(keys)
    return keys


def _value_of(name: str, said: set[str]) -> str:
    """What a column of a new deal holds; what no row says is not read either."""
    if name not in said:
        return _DEFAULTS.get(name, "NULL")
    value = f"COALESCE(d.{name}, {_DEFAULTS[name]})" if name in _DEFAULTS else f"d.{name}"
    return f"jsonb_strip_nulls({value})" if name == "custom" else value


def insert_lines(rows: Sequence[dict[str, Any]]) -> None:
    """Name the product of deals that have no lines: one unit, for the amount of the deal."""
    if rows:
        run(_LINES, [json_of(rows)])


_LINES = """
    INSERT INTO sales_dealline (deal_id, product_id, position, description, quantity, unit, price,
        discount, unit_price, listed, net, tax, includes_tax, is_priced, tax_class, tax_name, steps)
    SELECT d.deal_id, p.id, 0, '', 1, p.unit, d.amount, 0, COALESCE(d.amount, 0),
        COALESCE(d.amount, 0), COALESCE(d.amount, 0), 0, false, d.amount IS NOT NULL, p.tax_class,
        '', CASE WHEN d.amount IS NULL THEN '[]' ELSE jsonb_build_array(jsonb_build_object(
            'kind', 'given', 'amount', d.amount::text, 'values', '{}'::jsonb,
            'numbers', jsonb_build_object('price', d.amount::text))) END
    FROM json_to_recordset(%s) AS d(deal_id bigint, product_id bigint, amount numeric)
    JOIN catalog_product p ON p.id = d.product_id
"""


def update_deals(rows: Sequence[dict[str, Any]], names: Sequence[str]) -> list[int]:
    """Set the named columns of the deals that differ, and give the keys of those changed."""
    if not rows or not names:
        return []
    shape = ", ".join(f"{name} {COLUMNS[name]}" for name in names)
    new_of = {name: _patched(name) for name in names}
    settings = ", ".join(f"{name} = {value}" for name, value in new_of.items())
    if {"stage_id", "outcome"} & set(names):
        outcome, stage = (new_of.get(name, f"p.{name}") for name in ("outcome", "stage_id"))
        settings += f", probability = {likelihood(outcome, stage)}"
    sql = f"""
        UPDATE sales_deal p
        SET {settings}, version = p.version + 1, updated_at = now()
        FROM json_to_recordset(%s) AS d(id bigint, {shape})
        WHERE p.id = d.id
          AND ({", ".join(f"p.{n}" for n in names)}) IS DISTINCT FROM ({", ".join(new_of.values())})
        RETURNING p.id
    """
    changed = [key for (key,) in run(sql, [json_of(rows)])]
    if {*SEARCHED, "custom"} & set(names):
        refresh_search(changed)
    return changed


def set_columns(keys: Sequence[int], values: dict[str, Any]) -> list[int]:
    """Set the same values on the deals that differ, and give the keys of those changed."""
    return update_deals([{"id": key, **values} for key in keys], list(values))


def _patched(name: str) -> str:
    """The new value of a column; of own fields only those that are named, null taking one away."""
    return "jsonb_strip_nulls(p.custom || d.custom)" if name == "custom" else f"d.{name}"


def claim(people: Sequence[int]) -> list[int]:
    """Give these people the deals that were theirs elsewhere, by name; the keys of those given.

    Two who are called alike get none: nobody can tell whose they were.
    """
    sql = """
        UPDATE sales_deal d
        SET owner_id = u.id, agent = '', version = d.version + 1, updated_at = now()
        FROM (SELECT min(id) AS id, circulo_plain(name) AS called FROM accounts_user
              WHERE is_active GROUP BY 2 HAVING count(*) = 1) u
        WHERE d.agent <> '' AND u.id = ANY(%s) AND circulo_plain(d.agent) = u.called
        RETURNING d.id
    """
    return [key for (key,) in run(sql, [list(people)])] if people else []


def retag(keys: Sequence[int], add: str, remove: str) -> list[int]:
    """Take a tag off these deals and put another on; the keys of those changed."""
    sql = """
        UPDATE sales_deal p
        SET tags = d.tags, version = p.version + 1, updated_at = now()
        FROM (
            SELECT id, CASE WHEN %s = '' OR %s = ANY(tags) THEN array_remove(tags, %s)
                       ELSE array_append(array_remove(tags, %s), %s) END AS tags
            FROM sales_deal WHERE id = ANY(%s) ORDER BY id FOR UPDATE) d
        WHERE p.id = d.id AND p.tags IS DISTINCT FROM d.tags
        RETURNING p.id
    """
    said = [add, add, remove, remove, add, array_of(keys)]
    return [key for (key,) in run(sql, said)] if keys else []


def put_last(keys: Sequence[int]) -> None:
    """Put these deals at the end of the columns that they stand in, in the order of the keys."""
    run(
        f"""
        UPDATE sales_deal p SET rank = d.rank
        FROM (SELECT id, {_ARRIVES} AS rank FROM unnest(%s::bigint[]) AS id) d
        WHERE p.id = d.id
        """,
        [array_of(keys)],
    )


def put_at(key: int, rank: str) -> None:
    """Put a deal at a place of its column."""
    run("UPDATE sales_deal SET rank = %s WHERE id = %s AND rank <> %s", [rank, key, rank])


def _begin_stays(keys: Sequence[int]) -> None:
    """The stays of new deals: since they began and, where they are over, since their end."""
    run(
        """INSERT INTO sales_dealstay (deal_id, stage_id, outcome, entered_at, left_at)
           SELECT id, stage_id, 'open', LEAST(stage_since, closed_at), closed_at
           FROM sales_deal WHERE id = ANY(%s)
           UNION ALL
           SELECT id, stage_id, outcome, closed_at, NULL
           FROM sales_deal WHERE id = ANY(%s) AND outcome <> 'open'""",
        [array_of(keys), array_of(keys)],
    )


def refresh_search(keys: Iterable[int]) -> None:
    """Write the searched text of these deals anew, where it changed."""
    text = searched("p")
    run(
        f"""
        UPDATE sales_deal p SET search = {text}
        WHERE p.id = ANY(%s) AND p.search IS DISTINCT FROM {text}
        """,
        [array_of(keys)],
    )


def stale_search() -> list[int]:
    """The deals whose searched text is not what it should be."""
    sql = f"SELECT p.id FROM sales_deal p WHERE p.search IS DISTINCT FROM {searched('p')}"
    return [key for (key,) in run(f"{sql} ORDER BY p.id", [])]


def follow_stages(stages: Sequence[int]) -> None:
    """Have the open deals of these stages be as likely as the stages say.

    Whoever writes deals meanwhile is waited for, or waits: they would not know what is said now.
    That is no change of a deal, whose version and history stay.
    """
    run("LOCK TABLE sales_deal IN SHARE ROW EXCLUSIVE MODE", [])
    run(
        """
        UPDATE sales_deal p SET probability = s.probability FROM sales_stage s
        WHERE s.id = p.stage_id AND s.id = ANY(%s) AND p.outcome = 'open'
          AND p.probability <> s.probability
        """,
        [array_of(stages)],
    )


def refresh_probability(keys: Iterable[int]) -> None:
    """Have these deals be as likely as their stage and outcome say."""
    likely = likelihood("p.outcome", "p.stage_id")
    run(
        f"""
        UPDATE sales_deal p SET probability = {likely}
        WHERE p.id = ANY(%s) AND p.probability <> {likely}
        """,
        [array_of(keys)],
    )


def stale_probability() -> list[int]:
    """The deals that are not as likely as their stage and outcome say."""
    likely = likelihood("p.outcome", "p.stage_id")
    sql = f"SELECT p.id FROM sales_deal p WHERE p.probability <> {likely} ORDER BY p.id"
    return [key for (key,) in run(sql, [])]


def touch(keys: Collection[int]) -> None:
    """Count a change of what belongs to these deals as a new version of them."""
    run(
        "UPDATE sales_deal SET version = version + 1, updated_at = now() WHERE id = ANY(%s)",
        [array_of(keys)],
    )
