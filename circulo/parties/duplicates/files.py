"""People from any table, for `match`: columns known by their headings, rows as they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from circulo.lib import names
from circulo.lib.readers import tables, values, writers
from circulo.lib.readers.refusal import Unreadable
from circulo.lib.readers.shapes import TableShape
from circulo.lib.readers.values import Refused
from circulo.parties.linkage.records import RAW
from circulo.records.load_types import load_types
from circulo.records.mapping import folded, guess

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

BATCH = 20_000
# What lists for comparing say that lists for a CRM do not.
_ALSO = {
    "door": "street number|house number|numero|numero de calle|num|portal",
    "city": "suburb",
    "tax_id": "soc sec id|ssn|social security number|national id|numero de seguridad social|curp",
}
_PLAIN = ("given_name", "first_surname", "second_surname", "tax_id", "postal_code", "city",
          "region")  # fmt: skip


@dataclass(frozen=True)
class People:
    """A table of people: which heading holds the key of a row, which holds what."""

    path: Path
    shape: TableShape
    key: str
    columns: dict[str, list[int]]

    def rows(self) -> Iterator[list[str]]:
        """The rows that hold something."""
        return (row for row in tables.rows(self.path, self.shape) if any(row))

    def named(self) -> dict[str, str]:
        """What was understood, heading by heading."""
        headings = self.shape.headings
        return {headings[at]: field for field, places in self.columns.items() for at in places}


def people_of(path: Path, key: str) -> People:
    """The table of a file; Unreadable where it is none, or has no column of this name."""
    shape = tables.sniff(path)
    wanted = folded(key)
    found = [heading for heading in shape.headings if folded(heading) == wanted]
    if not found:
        raise Unreadable(
            _("There is no column “%(key)s”. The file has: %(headings)s.")
            % {"key": key, "headings": ", ".join(shape.headings)}
        )
    columns = _columns([h for h in shape.headings if h != found[0]], shape.headings)
    if not {"name", "given_name", "first_surname"} & set(columns):
        raise Unreadable(_("No column holds names: call one “name”, or “given name”, “surname”."))
    return People(path, shape, found[0], columns)


def put_raw(database: DuckDBPyConnection, people: People, *, side: int, first: int) -> list[str]:
    """Add the rows to the table `raw` under numbers from `first`; the keys of the file, in order"""
    import pyarrow

    keys: list[str] = []
    place = people.shape.headings.index(people.key)
    rows_of_file = people.rows()
    while batch := list(islice(rows_of_file, BATCH)):
        rows = [_raw(row, people) for row in batch]
        numbers = range(first + len(keys), first + len(keys) + len(batch))
        keys += [row[place].strip() if place < len(row) else "" for row in batch]
        columns: dict[str, Any] = {name: [row.get(name) for row in rows] for name in RAW}
        columns |= {"id": list(numbers), "side": [side] * len(rows)}
        database.register("batch", pyarrow.table(columns))
        shape = ", ".join(f"{name}::{kind}" for name, kind in RAW.items())
        database.execute(f"INSERT INTO raw SELECT {shape} FROM batch").fetchall()
        database.unregister("batch")
    return keys


def write_pairs(path: Path, headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Write a table in the format that the ending names: CSV, XLSX, JSON Lines or Parquet."""
    return writers.write(path, headings, rows, bom=False, kinds={"probability": "share"})


def _columns(headings: Sequence[str], all_headings: Sequence[str]) -> dict[str, list[int]]:
    """The places of the columns of each field."""
    also = {word: field for field, words in _ALSO.items() for word in words.split("|")}
    known = guess(headings, replace(load_types()["contacts"], own=tuple))  # without a database
    columns: dict[str, list[int]] = {}
    for at, heading in enumerate(all_headings):
        if heading in headings:
            target = known.get(heading, "").partition(":")[0] or also.get(folded(heading), "")
            if target:
                columns.setdefault(target, []).append(at)
    return columns


def _raw(row: list[str], people: People) -> dict[str, Any]:
    """One row in the shape that records are compared from."""
    said = {
        field: [row[at].strip() for at in places if at < len(row) and row[at].strip()]
        for field, places in people.columns.items()
    }
    raw: dict[str, Any] = {name: next(iter(said.get(name, ())), None) for name in _PLAIN}
    if "surnames" in said and not raw["first_surname"]:
        raw["first_surname"] = " ".join(said["surnames"]) or None
    if said.get("name") and not (raw["given_name"] or raw["first_surname"]):
        name = names.split(said["name"][0])
        raw |= {"given_name": name.given or None, "first_surname": name.first_surname or None}
        raw["second_surname"] = name.second_surname or None
    raw["street"] = " ".join([*said.get("door", ()), *said.get("street", ())]) or None
    raw["birthday"] = _born(next(iter(said.get("birthday", ())), ""), people.shape.date_order)
    raw["emails"] = [text.lower() for text in said.get("emails", ())]
    raw["phones"] = said.get("phones", [])
    return raw


def _born(text: str, order: str) -> str | None:
    """A birthday as eight digits, or as it stands where it is no day: it may hold a slip."""
    if not text or text.isdecimal():
        return text or None
    try:
        day = values.day(text, order)
    except Refused:
        return text
    return f"{day:%Y%m%d}" if day else None
