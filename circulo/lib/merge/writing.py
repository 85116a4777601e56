"""From a tree back to its text: what `parse` reads again as the same tree."""

from __future__ import annotations

from collections.abc import Iterator

from circulo.lib.merge.syntax import Filter, For, If, Node, Path, Show, Text, Tree


def written(tree: Tree) -> str:
    """The text of a tree."""
    text = ""
    for is_block, piece in _pieces(tree):
        is_alone = is_block and (not text or text.endswith("\n"))
        text += piece + ("\n" if is_alone else "")
    return text


def _pieces(tree: Tree) -> Iterator[tuple[bool, str]]:
    """Its pieces, and whether each is a block: alone in its line it takes a line feed along."""
    for node in tree:
        yield from _of(node)


def _of(node: Node) -> Iterator[tuple[bool, str]]:
    match node:
        case Text(text):
            yield False, text
        case Show(value, filters):
            shown = str(value) if isinstance(value, Path) else _quoted(value)
            yield False, f"{{{{ {' | '.join([shown, *map(_filter, filters)])} }}}}"
        case If(path, negated, then, otherwise):
            yield True, f"{{% if {'not ' if negated else ''}{path} %}}"
            yield from _pieces(then)
            if otherwise:
                yield True, "{% else %}"
                yield from _pieces(otherwise)
            yield True, "{% end %}"
        case For(name, path, body):
            yield True, f"{{% for {name} in {path} %}}"
            yield from _pieces(body)
            yield True, "{% end %}"


def _filter(one: Filter) -> str:
    argument = _quoted(one.argument) if isinstance(one.argument, str) else one.argument
    return " ".join(str(part) for part in (one.name, argument) if part not in ("", None))


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
