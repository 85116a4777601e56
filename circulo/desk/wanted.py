"""What the address of a list asks for: search, criterion, order, columns, shape, page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self
from urllib.parse import urlencode

from django.http import QueryDict

from circulo.records.arranging import MOST_COLUMNS, is_width
from circulo.web.components.sorting import sort_in

MOST_LETTERS, MOST_BY = 200, 121
_WIDTH = re.compile(r"([a-z_.0-9]{1,60}):([0-9]{1,4})(?=,|$)")
_ONES = ("q", "filter", "sort", "view", "shape", "by", "density", "widths", "rule")


@dataclass(frozen=True)
class Wanted:
    """What the address of a list asks for, as it was written.

    `rule` names the territory, the stage or the rule that the criterion is being made for.
    """

    q: str = ""
    filter: str = ""
    sort: str = ""
    columns: tuple[str, ...] = ()
    cursor: str = ""
    view: str = ""
    shape: str = ""
    by: str = ""
    density: str = ""
    widths: str = ""
    rule: str = ""

    @classmethod
    def of(cls, query: QueryDict) -> Self:
        names = [name for part in query.getlist("columns") for name in part.split(",")]
        return cls(
            query.get("q", "").replace("\0", "").strip()[:MOST_LETTERS],
            query.get("filter", "").strip(),
            sort_in(query),
            tuple(dict.fromkeys(names[:MOST_COLUMNS])),
            query.get("cursor", ""),
            query.get("view", "")[:10],
            query.get("shape", "")[:8],
            ",".join(filter(None, query.getlist("by")))[:MOST_BY],
            query.get("density", "")[:8],
            query.get("widths", "")[:2000],
            query.get("rule", "")[:10],
        )

    @property
    def is_of_a_view(self) -> bool:
        """Whether a saved view is open; `none` says that none is to be."""
        return self.view not in ("", "none")

    @property
    def every_width(self) -> dict[str, int]:
        """The widths of columns that it says, but for what no column can have."""
        said = {name: int(width) for name, width in _WIDTH.findall(self.widths)}
        return {name: width for name, width in said.items() if is_width(width)}

    def pairs(self) -> list[tuple[str, str]]:
        """What a form has to carry along to come back to this list, but for the page."""
        said = [(name, str(getattr(self, name))) for name in _ONES]
        return [*((k, v) for k, v in said if v), *(("columns", name) for name in self.columns)]

    def address(self, **changes: Any) -> str:
        """The query of this list with some of it changed; any change leads to the first page."""
        wanted = replace(self, cursor="", **changes) if "cursor" not in changes else (
            replace(self, **changes)
        )  # fmt: skip
        said = [(k, v) for k, v in wanted.pairs() if k != "columns"]
        if wanted.columns:
            said.append(("columns", ",".join(wanted.columns)))
        if wanted.cursor:
            said.append(("cursor", wanted.cursor))
        return "?" + urlencode(said)


def widths_in_words(widths: Mapping[str, int]) -> str:
    """Widths of columns as an address carries them."""
    return ",".join(f"{name}:{width}" for name, width in widths.items())
