"""From the text of a formula to its tree: a small recursive-descent parser."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from circulo.records.formulas.tree import (
    BadFormula,
    Binary,
    Call,
    Name,
    Node,
    Number,
    Text,
    Truth,
    Unary,
)

LONGEST, MOST_PARTS, DEEPEST = 1_000, 200, 30
COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")
WORDS = frozenset({"and", "or", "not", "yes", "no"})
_TOKEN = re.compile(
    r"""\s*(?:
    (?P<number>[0-9]+(?:\.[0-9]+)?)
    |(?P<name>[a-z][a-z0-9_]*)
    |"(?P<text>(?:[^"\\]|\\["\\])*)"
    |(?P<sign><=|>=|!=|[-+*/(),=<>])
    )""",
    re.VERBOSE,
)
_NUMBER_OF_DIGITS = 15


@dataclass(frozen=True)
class Token:
    """A word, number, text or sign, and where it stands."""

    kind: str
    value: str
    at: int


def parse(text: str) -> Node:
    """The tree of a formula; BadFormula says where and why it is none."""
    if len(text) > LONGEST:
        raise BadFormula(_("A formula has at most %d characters.") % LONGEST)
    parser = _Parser(_tokens(text))
    node = parser.either()
    parser.expect_end()
    return node


def _tokens(text: str) -> list[Token]:
    found: list[Token] = []
    at, end = 0, len(text.rstrip())
    while at < end:
        match = _TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            raise BadFormula(_("This cannot be read from here on: %s") % text[at : at + 20], at)
        value = match[match.lastgroup]
        found.append(Token(match.lastgroup, value, match.start(match.lastgroup)))
        at = match.end()
    found.append(Token("end", "", end))
    return found


class _Parser:
    """Reads tokens one after the other; each method a level of binding, the loosest first."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens, self.place = tokens, 0
        self.parts = self.depth = 0

    @property
    def next(self) -> Token:
        return self.tokens[self.place]

    def take(self, *values: str) -> Token | None:
        """The next token where it is one of these signs or words."""
        token = self.next
        if token.kind in ("sign", "name") and token.value in values:
            self.place += 1
            return token
        return None

    def expect(self, value: str) -> None:
        if self.take(value) is None:
            raise BadFormula(_("Here “%s” is missing.") % value, self.next.at)

    def expect_end(self) -> None:
        if self.next.kind != "end":
            raise BadFormula(_("This is one too many: %s") % self.next.value, self.next.at)

    def counted(self, node: Node) -> Node:
        self.parts += 1
        if self.parts > MOST_PARTS:
            raise BadFormula(_("A formula has at most %d parts.") % MOST_PARTS, self.next.at)
        return node

    def either(self) -> Node:
        self.depth += 1
        if self.depth > DEEPEST:
            raise BadFormula(_("This is nested too deeply."), self.next.at)
        node = self.both()
        while self.take("or"):
            node = self.counted(Binary("or", node, self.both()))
        self.depth -= 1
        return node

    def both(self) -> Node:
        node = self.opposite()
        while self.take("and"):
            node = self.counted(Binary("and", node, self.opposite()))
        return node

    def opposite(self) -> Node:
        signs = 0
        while self.take("not"):
            signs += 1
        node = self.comparison()
        for _sign in range(signs):
            node = self.counted(Unary("not", node))
        return node

    def comparison(self) -> Node:
        node = self.sum()
        token = self.take(*COMPARISONS)
        return self.counted(Binary(token.value, node, self.sum())) if token else node

    def sum(self) -> Node:
        node = self.product()
        while token := self.take("+", "-"):
            node = self.counted(Binary(token.value, node, self.product()))
        return node

    def product(self) -> Node:
        node = self.negated()
        while token := self.take("*", "/"):
            node = self.counted(Binary(token.value, node, self.negated()))
        return node

    def negated(self) -> Node:
        signs = 0
        while self.take("-"):
            signs += 1
        node = self.atom()
        for _sign in range(signs):
            node = self.counted(Unary("-", node))
        return node

    def atom(self) -> Node:
        token = self.next
        self.place += 1
        if token.kind == "number":
            return self.counted(Number(_number(token)))
        if token.kind == "text":
            return self.counted(Text(_text(token)))
        if token.kind == "name":
            return self.named(token)
        if token.value == "(":
            node = self.either()
            self.expect(")")
            return node
        self.place -= 1
        raise BadFormula(_("Here a value is missing."), token.at)

    def named(self, token: Token) -> Node:
        if token.value in ("yes", "no"):
            return self.counted(Truth(token.value == "yes"))
        if token.value in WORDS:
            raise BadFormula(_("Here a value is missing."), token.at)
        if self.take("(") is None:
            return self.counted(Name(token.value))
        arguments: list[Node] = []
        if self.take(")") is None:
            arguments.append(self.either())
            while self.take(","):
                arguments.append(self.either())
            self.expect(")")
        return self.counted(Call(token.value, tuple(arguments)))


def _number(token: Token) -> Decimal:
    if len(token.value.replace(".", "")) > _NUMBER_OF_DIGITS:
        raise BadFormula(_("A number has at most %d digits.") % _NUMBER_OF_DIGITS, token.at)
    return Decimal(token.value)


def _text(token: Token) -> str:
    text = re.sub(r"\\(.)", r"\1", token.value)
    if not text.isprintable() and text:
        raise BadFormula(_("A text is one line of letters and signs."), token.at)
    return text
