"""Tables written as CSV, XLSX, JSON Lines or Parquet: memory is flat, formulas are disarmed."""

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import IO

from django.utils.translation import gettext as _

from circulo.lib.readers import parquet
from circulo.lib.readers.disarming import disarmed
from circulo.lib.readers.refusal import Unreadable
from circulo.lib.readers.sheet_writer import write_workbook

Cell = str | int | float | bool | Decimal | date | datetime | None
Row = Sequence[Cell]


def write(
    path: Path | str,
    headings: Sequence[str],
    rows: Iterable[Row],
    *,
    bom: bool = True,
    kinds: Mapping[str, str] | None = None,
) -> int:
    """Write a table in the format that the file's ending names; gives the number of rows.

    `kinds` says what columns hold besides text, where the format tells it.
    """
    path = Path(path)
    if path.suffix.lower() == ".xlsx":
        return write_workbook(path, headings, rows)
    if path.suffix.lower() in (".jsonl", ".ndjson"):
        return _write_json_lines(path, headings, rows)
    if path.suffix.lower() in parquet.ENDINGS:
        return parquet.write(path, headings, rows, kinds or {})
    if path.suffix.lower() in (".csv", ".tsv", ".txt"):
        with path.open("w", encoding="utf-8-sig" if bom else "utf-8", newline="") as file:
            return write_csv(file, headings, rows, "," if path.suffix.lower() == ".csv" else "\t")
    raise Unreadable(
        _("A file ending in “%(ending)s” cannot be written. Use .csv, .xlsx, .jsonl or .parquet.")
        % {"ending": path.suffix}
    )


def write_csv(
    file: IO[str], headings: Sequence[str], rows: Iterable[Row], separator: str = ","
) -> int:
    """Write a table as separated text into a file that is open."""
    writer = csv.writer(file, delimiter=separator)
    writer.writerow([disarmed(heading) for heading in headings])
    count = 0
    for row in rows:
        writer.writerow([_in_text(cell) for cell in row])
        count += 1
    return count


def _in_text(cell: Cell) -> str:
    if isinstance(cell, str):
        return disarmed(cell.replace("\0", ""))
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, date):
        return cell.isoformat()
    return f"{cell:f}" if isinstance(cell, Decimal) else str(cell)


def _write_json_lines(path: Path, headings: Sequence[str], rows: Iterable[Row]) -> int:
    count = 0
    with path.open("w", encoding="utf-8") as file:
        for row in rows:
            named = {name: _in_json(cell) for name, cell in zip(headings, row, strict=True)}
            file.write(json.dumps(named, ensure_ascii=False).replace("\u2028", "\\u2028") + "\n")
            count += 1
    return count


def _in_json(cell: Cell) -> str | int | float | bool | None:
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    return cell
