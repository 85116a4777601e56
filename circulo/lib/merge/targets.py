"""Where a merged text goes, and what a value has to be freed of on the way there."""

from __future__ import annotations

import html
import re

_MARKS = re.compile(r"([\\*])")
_LINE_MARKS = re.compile(r"^(\s*)([#-])", re.MULTILINE)
_TYPST = re.compile(r"""([\\#*_`$<>@\[\]{}()=\-+/~"'.:;!&^%|])""")


def as_is(text: str) -> str:
    """For plain text, such as a subject: a value is what it is."""
    return text


def as_html(text: str) -> str:
    """For a page or an HTML mail."""
    return html.escape(text)


def as_marked(text: str) -> str:
    """For the light markup of letters: no star, sharp or dash of a value shapes the text."""
    return _LINE_MARKS.sub(r"\1\\\2", _MARKS.sub(r"\\\1", text))


def as_typst(text: str) -> str:
    """For typst's own markup. Our letters pass texts as data; this is for whoever cannot."""
    return _TYPST.sub(r"\\\1", text)
