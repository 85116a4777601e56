"""From the tree of a formula back to its text, with no more brackets than it needs."""

from __future__ import annotations

from circulo.records.formulas.grammar import COMPARISONS
from circulo.records.formulas.tree import Binary, Call, Name, Node, Number, Text, Truth, Unary

_LEVELS = {"or": 1, "and": 2, "not": 3, **dict.fromkeys(COMPARISONS, 4), "+": 5, "-": 5,
           "*": 6, "/": 6}  # fmt: skip
_MINUS, _ATOM = 7, 8


def written(node: Node) -> str:
    """The formula as one writes it; read again it is the same tree."""
    if isinstance(node, Number):
        return f"{node.value:f}"
    if isinstance(node, Text):
        text = node.value.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{text}"'
    if isinstance(node, Truth):
        return "yes" if node.value else "no"
    if isinstance(node, Name):
        return node.name
    if isinstance(node, Call):
        return f"{node.name}({', '.join(map(written, node.arguments))})"
    if isinstance(node, Unary):
        return _before(node)
    return _between(node)


def _before(node: Unary) -> str:
    inner = _within(node.inner, _level(node))
    return f"not {inner}" if node.sign == "not" else f"-{inner}"


def _between(node: Binary) -> str:
    level = _level(node)
    chains = node.sign not in COMPARISONS
    left = _within(node.left, level if chains else level + 1)
    return f"{left} {node.sign} {_within(node.right, level + 1)}"


def _within(node: Node, least: int) -> str:
    text = written(node)
    return text if _level(node) >= least else f"({text})"


def _level(node: Node) -> int:
    if isinstance(node, Binary):
        return _LEVELS[node.sign]
    if isinstance(node, Unary):
        return _LEVELS["not"] if node.sign == "not" else _MINUS
    return _ATOM
