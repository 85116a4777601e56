"""The light markup of letters: paragraphs, `# ` headings, `- ` lists and `**bold**`, nothing else.

A backslash takes the meaning of a mark away. What comes out are blocks of plain runs of text, from
which a page, a plain text and a printed sheet are made; no text in them is ever read as code.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import TypeAlias, TypedDict

from django.utils.safestring import SafeString, mark_safe


class Run(TypedDict):
    """A stretch of text in one weight; line feeds in it are breaks."""

    text: str
    bold: bool


class Block(TypedDict):
    """A paragraph, a heading or a list: its lines or entries, each of runs."""

    kind: str
    items: list[list[Run]]


Blocks: TypeAlias = list[Block]
_LINE = re.compile(r"(# |- )?(.*)", re.DOTALL)
_PIECES = re.compile(r"\\([\\*#-])|(\*\*)|([^\\*]+|.)", re.DOTALL)
_KINDS = {"# ": "heading", "- ": "list", None: "paragraph"}


def blocks(text: str) -> Blocks:
    """The blocks of a text."""
    found: Blocks = []
    is_open = False
    for line in text.replace("\r\n", "\n").split("\n"):
        if not line.strip():
            is_open = False
            continue
        mark, rest = _parts(line)
        kind = _KINDS[mark]
        if not (is_open and found and found[-1]["kind"] == kind and kind != "heading"):
            found.append({"kind": kind, "items": []})
        elif kind == "paragraph":
            found[-1]["items"][0] += [{"text": "\n", "bold": False}, *_runs(rest)]
            continue
        found[-1]["items"].append(list(_runs(rest)))
        is_open = True
    return found


def in_html(found: Blocks) -> SafeString:
    """The blocks as HTML, every text escaped."""
    return mark_safe("".join(map(_html, found)))


def in_plain(found: Blocks) -> str:
    """The blocks as plain text."""
    return "\n\n".join(
        "\n".join(
            ("– " if block["kind"] == "list" else "") + plain(item) for item in block["items"]
        )
        for block in found
    )


def plain(runs: list[Run]) -> str:
    """Runs without their weight."""
    return "".join(run["text"] for run in runs)


def _parts(line: str) -> tuple[str | None, str]:
    found = _LINE.fullmatch(line)
    assert found is not None  # it matches every text
    return found[1], found[2]


def _runs(text: str) -> Iterator[Run]:
    bold, held = False, ""
    for escaped, star, rest in _PIECES.findall(text):
        if not star:
            held += escaped or rest
            continue
        if held:
            yield {"text": held, "bold": bold}
        bold, held = not bold, ""
    if held:
        yield {"text": held, "bold": bold}


def _html(block: Block) -> str:
    tag = {"heading": "h3", "list": "li", "paragraph": "p"}[block["kind"]]
    inner = "".join(f"<{tag}>{''.join(map(_run, item))}</{tag}>" for item in block["items"])
    return f"<ul>{inner}</ul>" if tag == "li" else inner


def _run(run: Run) -> str:
    text = html.escape(run["text"]).replace("\n", "<br>")
    return f"<strong>{text}</strong>" if run["bold"] else text
