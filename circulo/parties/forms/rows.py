"""Fields of several rows: e-mails, phones, addresses. They grow with and without script."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from circulo.parties.doubts import phone_doubts
from circulo.parties.drafts import MOST_POINTS

Row = dict[str, Any]


class Rows(forms.Widget):
    """Rows of inputs named `emails_value`, `emails_label`, …; the main one is chosen by a radio."""

    use_fieldset = True

    def __init__(self, template: str, parts: tuple[str, ...], **more: Any) -> None:
        super().__init__()
        self.template, self.parts, self.more = template, parts, more
        self.spare = 1

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> list[Row]:
        if not isinstance(data, QueryDict):
            return list(data.get(name) or [])
        columns = {part: data.getlist(f"{name}_{part}") for part in self.parts}
        count = min(max(map(len, columns.values()), default=0), MOST_POINTS + 5)
        main = data.get(f"{name}_primary", "")
        rows = [
            {
                **{part: (column[n : n + 1] or [""])[0] for part, column in columns.items()},
                "primary": main == str(n),
            }
            for n in range(count)
        ]
        return settled(rows)

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return all(f"{name}_{part}" not in data for part in self.parts)

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        rows = [*(value or []), *({} for _ in range(self.spare if value else max(1, self.spare)))]
        context = {
            "name": name,
            "rows": rows,
            "attrs": {key: text for key, text in (attrs or {}).items() if key != "id"},
            "id": (attrs or {}).get("id", f"id_{name}"),
            **self.more,
            **self.beside(value or []),
        }
        return mark_safe(render_to_string(self.template, context))

    def beside(self, rows: list[Row]) -> dict[str, Any]:
        """What a template is told of the rows that are filled in; nothing is kept of it."""
        return {}


class PhoneRows(Rows):
    """Rows of numbers, with a word on those that do not look complete."""

    def beside(self, rows: list[Row]) -> dict[str, Any]:
        return {"doubts": phone_doubts([str(row.get("value") or "") for row in rows])}


class RowsField(forms.Field):
    """Several rows of texts. What they mean is read by `drafts`, not here."""

    widget: Rows

    def __init__(self, label: Any, widget: Rows) -> None:
        super().__init__(label=label, required=False, widget=widget)

    def clean(self, value: Any) -> list[Row]:
        return list(value or [])


def settled(rows: list[Row]) -> list[Row]:
    """The rows that say something, one of them the main one, as a snapshot has them."""
    told = [row for row in rows if any(_says(key, text) for key, text in row.items())]
    if told and not any(row["primary"] for row in told):
        told[0]["primary"] = True
    return [{k: v.strip() if isinstance(v, str) else v for k, v in row.items()} for row in told]


def _says(key: str, text: Any) -> bool:
    return key not in ("primary", "label", "country") and bool(str(text).strip())
