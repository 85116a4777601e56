"""Choosing some of many: ticks where there are few, else those chosen and a box to add by name.

It works without a script: names are typed, several with commas between, and the browser offers
those that begin like what is typed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from circulo.lib.names import plain

FEW = 8
MOST_TYPED = 4_000
Choices = Iterable[tuple[Any, Any]]


def named_among(text: str, choices: Choices) -> list[str]:
    """Which choices a text names: by their value or whole name, else by a part of one name."""
    known = [(str(value), str(label)) for value, label in choices]
    wanted = plain(text)
    whole = [value for value, label in known if text in (value, _told_apart(value, label))]
    whole = whole or [value for value, label in known if plain(label) == wanted]
    words = wanted.split()
    return whole or [
        value for value, label in known if words and all(one in plain(label) for one in words)
    ]


class PickedBoxes(forms.CheckboxSelectMultiple):
    """The ticks of what is chosen, and where there are many choices a box to add others by name."""

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> list[str]:
        """What is ticked, and what was typed."""
        typed = str(data.get(_typed(name)) or "")[:MOST_TYPED]
        return [
            *(super().value_from_datadict(data, files, name) or ()),
            *filter(None, (part.strip() for part in re.split(r"[,;\n]", typed))),
        ]

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        """Draw all choices as ticks while they are few."""
        known = {str(one): str(label) for one, label in self.choices}
        if len(known) <= FEW:
            return super().render(name, value, attrs, renderer)
        said = [str(one) for one in value or ()]
        chosen = [one for one in known if one in set(said)]
        rest = [one for one in said if one not in known]
        return self._drawn(name, known, chosen, rest, attrs or {})

    def _drawn(
        self,
        name: str,
        known: Mapping[str, str],
        chosen: list[str],
        rest: list[str],
        attrs: dict[str, Any],
    ) -> SafeString:
        about = attrs.get("id") or f"id_{name}"
        ticks = format_html_join(
            "",
            '<div><label for="{0}_{1}"><input type="checkbox" name="{2}" value="{3}" id="{0}_{1}"'
            " checked> {4}</label></div>",
            ((about, nth, name, one, known[one]) for nth, one in enumerate(chosen)),
        )
        others = format_html_join(
            "",
            '<option value="{}"></option>',
            ((label,) for label in _offered(known, set(chosen))),
        )
        said = {key: attrs[key] for key in ("aria-describedby", "aria-invalid", "autofocus")
                if attrs.get(key)}  # fmt: skip
        more = format_html_join("", ' {}="{}"', said.items())
        return format_html(
            '<div id="{0}">{1}<div><input class="input" name="{2}" id="{0}_typed" value="{3}"'
            ' maxlength="{4}" list="{0}_known" autocomplete="off" aria-label="{5}"'
            ' placeholder="{5}"{6}></div></div><datalist id="{0}_known">{7}</datalist>',
            about, ticks, _typed(name), ", ".join(rest), MOST_TYPED,
            _("A name, or several with commas"), more, others,
        )  # fmt: skip


class PickedField(forms.MultipleChoiceField):
    """Some of many choices, ticked or named."""

    widget = PickedBoxes

    def to_python(self, value: Any) -> list[str]:
        """The values of what was chosen, each once; a refusal where a name is nobody's or not
        one's alone.
        """
        return list(dict.fromkeys(self._found(text) for text in super().to_python(value)))

    def _found(self, text: str) -> str:
        if self.valid_value(text):
            return text
        known = {str(one): str(label) for one, label in self.widget.choices}
        found = named_among(text, known.items())
        if not found:
            raise ValidationError(_("There is no “%s” to choose.") % text)
        if len(found) > 1:
            labels = _offered(known, set(), found)
            raise ValidationError(
                _("“%(text)s” may be: %(names)s.") % {"text": text, "names": ", ".join(labels[:5])}
            )
        return found[0]


def _offered(
    known: Mapping[str, str], but: set[str], only: Iterable[str] | None = None
) -> list[str]:
    """What choices are called where each must be told from all others."""
    seen: dict[str, int] = {}
    for label in known.values():
        seen[label] = seen.get(label, 0) + 1
    wanted = known if only is None else only
    return [
        known[one] if seen[known[one]] == 1 else _told_apart(one, known[one])
        for one in wanted
        if one not in but
    ]


def _told_apart(value: str, label: str) -> str:
    return f"{label} ({value})"


def _typed(name: str) -> str:
    return f"{name}_typed"
