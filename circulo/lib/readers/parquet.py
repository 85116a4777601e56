"""Parquet: read as a table of text like any other, written with typed columns, group by group."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Context, Decimal
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from circulo.lib.decimals import MOST_DECIMALS
from circulo.lib.readers.refusal import Unreadable
from circulo.lib.readers.shapes import MOST_COLUMNS, TableShape, describe

if TYPE_CHECKING:
    import pyarrow

ENDINGS = (".parquet", ".pq")
_GROUP = 20_000
_BATCH = 2_000
_MOST_DIGITS = 38
_EXACT = Context(prec=_MOST_DIGITS)


def is_parquet(start: bytes) -> bool:
    """Whether a file that begins like this is one."""
    return start.startswith(b"PAR1")


def sniff(path: Path, *, prefer: str = "DMY") -> TableShape:
    """The columns that the file names."""
    with _readable():
        headings = tuple(_opened(path).schema_arrow.names)
    if len(headings) > MOST_COLUMNS:
        raise Unreadable(_("The file has more than %d columns.") % MOST_COLUMNS)
    shape = TableShape("parquet", headings=headings, header_row=0)
    first = list(islice(rows(path, shape), _BATCH))
    described = describe(shape, [list(headings), *first], prefer=prefer)
    return replace(described, header_row=0, has_header=True, headings=headings, decimal=".")


def rows(path: Path, shape: TableShape) -> Iterator[list[str]]:
    """Every row as texts in the order of the columns."""
    with _readable():
        for batch in _opened(path).iter_batches(_BATCH):
            for row in zip(*map(_values, batch.columns), strict=True):
                yield [_text(cell) for cell in row]


def write(
    path: Path, headings: Sequence[str], rows: Iterable[Sequence[Any]], kinds: Mapping[str, str]
) -> int:
    """Write a table whose columns hold what `kinds` says of them, else text; the number of rows."""
    import pyarrow
    from pyarrow import parquet

    types = _types()
    schema = pyarrow.schema([(name, types[kinds.get(name, "text")]) for name in headings])
    makers = [_MAKERS[kinds.get(name, "text")] for name in headings]
    rows, count = iter(rows), 0
    with parquet.ParquetWriter(path, schema, compression="zstd") as writer:
        while group := list(islice(rows, _GROUP)):
            made = [
                pyarrow.array([_made(make, cell) for cell in cells], kind.type)
                for make, cells, kind in zip(makers, zip(*group, strict=True), schema, strict=True)
            ]
            writer.write_table(pyarrow.Table.from_arrays(made, schema=schema))
            count += len(group)
    return count


def _opened(path: Path) -> Any:
    from pyarrow import parquet

    return parquet.ParquetFile(path)


@contextlib.contextmanager
def _readable() -> Iterator[None]:
    from pyarrow import ArrowException

    try:
        yield
    except (ArrowException, OSError, ValueError, OverflowError) as error:
        raise Unreadable(_("The file cannot be read as Parquet: %s") % error) from error


def _values(column: pyarrow.Array) -> list[Any]:
    """The values of a column as Python has them, which knows no parts of a microsecond."""
    import pyarrow

    if pyarrow.types.is_timestamp(column.type) and column.type.unit == "ns":
        column = column.cast(pyarrow.timestamp("us", column.type.tz), safe=False)
    found: list[Any] = column.to_pylist()
    return found


def _text(cell: Any) -> str:
    """A value as a table of text would hold it; a number that is whole has no decimals."""
    if cell is None or cell != cell:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, Decimal):
        return f"{cell.normalize(_EXACT):f}"
    if isinstance(cell, float):
        return f"{cell:.0f}" if cell.is_integer() else str(cell)
    if isinstance(cell, bytes):
        return cell.decode("utf-8", "replace")
    if isinstance(cell, list):
        return "; ".join(map(_text, cell))
    return (
        json.dumps(cell, ensure_ascii=False, default=str) if isinstance(cell, dict) else str(cell)
    )


def _types() -> dict[str, pyarrow.DataType]:
    import pyarrow

    return {
        "text": pyarrow.string(),
        "number": pyarrow.decimal128(_MOST_DIGITS, MOST_DECIMALS),
        "whole": pyarrow.int64(),
        "share": pyarrow.float64(),
        "day": pyarrow.date32(),
        "moment": pyarrow.timestamp("us", "UTC"),
        "yes_no": pyarrow.bool_(),
    }


def _made(make: Callable[[Any], Any], cell: Any) -> Any:
    return None if cell is None or cell == "" else make(cell)


def _as_text(cell: Any) -> str:
    if isinstance(cell, date):
        return cell.isoformat()
    return f"{cell:f}" if isinstance(cell, Decimal) else str(cell)


def _as_number(cell: Any) -> Decimal:
    return Decimal(str(cell)).quantize(Decimal(1).scaleb(-MOST_DECIMALS), context=_EXACT)


def _as_day(cell: Any) -> date:
    return cell if isinstance(cell, date) else date.fromisoformat(cell)


def _as_moment(cell: Any) -> datetime:
    moment = cell if isinstance(cell, datetime) else datetime.fromisoformat(cell)
    return moment.astimezone(UTC)


def _as_truth(cell: Any) -> bool:
    return cell in (True, "yes", "true")


_MAKERS: dict[str, Callable[[Any], Any]] = {
    "text": _as_text,
    "number": _as_number,
    "whole": int,
    "share": float,
    "day": _as_day,
    "moment": _as_moment,
    "yes_no": _as_truth,
}
