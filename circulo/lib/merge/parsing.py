"""From a text to its tree. Read from left to right, once; every fault names its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from circulo.lib.merge.faults import MergeFault, Place, place_of
from circulo.lib.merge.syntax import (
    NAME,
    RESERVED,
    Filter,
    For,
    If,
    Node,
    Path,
    Show,
    Text,
    Tree,
)

MOST_LETTERS = 50_000
MOST_TAGS = 2_000
DEEPEST = 8
OPENING = re.compile(r"\{\{(?![{%])|\{%")
_WORD = re.compile(
    rf'\s*(?:(?P<close>\}}\}}|%\}})|(?P<text>"(?:[^"\\]|\\.)*")|(?P<name>{NAME})'
    r"|(?P<number>[0-9]{1,2})|(?P<sign>[|.]))",
    re.DOTALL | re.ASCII,
)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Word:
    """One word within a tag."""

    kind: str
    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class _Tag:
    """A tag, `{{ … }}` or `{% … %}`, cut into words."""

    is_block: bool
    words: list[_Word]
    place: Place

    @property
    def verb(self) -> str:
        """The word that a block begins with."""
        return self.words[0].text if self.is_block and self.words else ""


def parse(text: str) -> Tree:
    """The tree of a text; MergeFault where it has none."""
    if len(text) > MOST_LETTERS:
        raise MergeFault(Place(), _("The text is too long."), _("Shorten it to 50,000 letters."))
    return _Parser(text).whole()


class _Parser:
    """Puts the pieces of one text together."""

    def __init__(self, text: str) -> None:
        self._pieces = _pieces(text)
        self._depth = 0

    def whole(self) -> Tree:
        nodes, stop = self._until(())
        if stop is not None:
            raise MergeFault(
                stop.place,
                _("“{%% %s %%}” closes nothing.") % stop.verb,
                _("Take it away, or open it before with “{% if … %}” or “{% for … %}”."),
            )
        return nodes

    def _until(
        self, stops: tuple[str, ...], opened: _Tag | None = None
    ) -> tuple[Tree, _Tag | None]:
        """The nodes up to a block that begins with one of these words, and that block."""
        nodes: list[Node] = []
        for piece in self._pieces:
            if isinstance(piece, str):
                nodes.append(Text(piece))
            elif piece.verb in stops or piece.verb in ("end", "else"):
                if opened is not None and piece.verb not in stops:
                    raise MergeFault(piece.place, _("There is a second “else”."),
                                     _("Keep one of them."))  # fmt: skip
                _Words(piece, skip=1).close()
                return tuple(nodes), piece
            else:
                nodes.append(self._node(piece))
        if opened is not None:
            raise MergeFault(
                opened.place,
                _("“{%% %s … %%}” is never closed.") % opened.verb,
                _("Write “{% end %}” where it ends."),
            )
        return tuple(nodes), None

    def _node(self, tag: _Tag) -> Node:
        if not tag.is_block:
            return _show(tag)
        if tag.verb not in ("if", "for"):
            raise MergeFault(
                tag.place,
                _("“%s” is no word that a block begins with.") % tag.verb if tag.verb
                else _("This block is empty."),
                _("There are “if”, “else”, “for” and “end”."),
            )  # fmt: skip
        self._depth += 1
        if self._depth > DEEPEST:
            raise MergeFault(tag.place, _("Too many blocks inside of each other."),
                             _("At most eight may be."))  # fmt: skip
        node = self._if(tag) if tag.verb == "if" else self._for(tag)
        self._depth -= 1
        return node

    def _if(self, tag: _Tag) -> If:
        words = _Words(tag, skip=1)
        negated = words.take("not")
        path = words.path()
        words.close()
        then, stop = self._until(("else", "end"), tag)
        otherwise: Tree = ()
        if stop is not None and stop.verb == "else":
            otherwise, stop = self._until(("end",), tag)
        return If(path, negated, then, otherwise)

    def _for(self, tag: _Tag) -> For:
        words = _Words(tag, skip=1)
        name = words.name()
        if not words.take("in"):
            raise words.expected(_("Write “{% for address in contact.addresses %}”."))
        path = words.path()
        words.close()
        body, _stop = self._until(("end",), tag)
        return For(name, path, body)


def _show(tag: _Tag) -> Show:
    words = _Words(tag)
    value = words.text()
    shown: Path | str = words.path() if value is None else value
    filters = []
    while words.take("|"):
        filters.append(words.filter())
    words.close()
    return Show(shown, tuple(filters))


class _Words:
    """The words of one tag, taken one after the other."""

    def __init__(self, tag: _Tag, skip: int = 0) -> None:
        self._words, self._at = tag.words, skip

    def take(self, text: str) -> bool:
        """Whether the next word is this one, which is then behind us."""
        word = self._words[self._at]
        is_it = word.text == text and word.kind in ("name", "sign")
        self._at += is_it
        return is_it

    def text(self) -> str | None:
        """A text in quotes, if one comes next."""
        word = self._words[self._at]
        if word.kind != "text":
            return None
        self._at += 1
        return _ESCAPED.sub(r"\1", word.text[1:-1])

    def name(self) -> str:
        word = self._words[self._at]
        if word.kind != "name" or word.text in RESERVED:
            raise self.expected(_("Write the name of a field, such as contact.given_name."))
        self._at += 1
        return word.text

    def path(self) -> Path:
        place = self._words[self._at].place
        names = [self.name()]
        while self.take("."):
            names.append(self.name())
        return Path(tuple(names), place)

    def filter(self) -> Filter:
        place = self._words[self._at].place
        fallback = self.text()
        if fallback is not None:
            return Filter("", fallback, place)
        name, argument = self.name(), self.text()
        word = self._words[self._at]
        if argument is None and word.kind == "number":
            self._at += 1
            return Filter(name, int(word.text), place)
        return Filter(name, argument, place)

    def close(self) -> None:
        """Nothing more may come."""
        if self._words[self._at].kind != "close":
            raise self.expected(_("Take it away: the field ends before it."))

    def expected(self, how: str) -> MergeFault:
        word = self._words[self._at]
        if word.kind == "close":
            return MergeFault(word.place, _("Something is missing here."), how)
        return MergeFault(word.place, _("“%s” cannot stand here.") % word.text, how)


def _pieces(text: str) -> Iterator[str | _Tag]:
    """Texts and tags in turn. The line feed after a block that stands alone in its line goes."""
    at = tags = 0
    while found := OPENING.search(text, at):
        if found.start() > at:
            yield text[at : found.start()]
        tags += 1
        tag, at = _tag(text, found)
        if tags > MOST_TAGS:
            raise MergeFault(tag.place, _("There are too many fields."), _("At most 2,000 may be."))
        alone = tag.is_block and (found.start() == 0 or text[found.start() - 1] == "\n")
        at += alone and text.startswith("\n", at)
        yield tag
    if at < len(text):
        yield text[at:]


def _tag(text: str, found: re.Match[str]) -> tuple[_Tag, int]:
    is_block = found[0] == "{%"
    closing = "%}" if is_block else "}}"
    place, at, words = place_of(text, found.start()), found.end(), list[_Word]()
    while word := _WORD.match(text, at):
        kind = str(word.lastgroup)
        here = word.start(kind)
        if kind == "close" and word[kind] != closing:
            break
        words.append(_Word(kind, word[kind], place_of(text, here)))
        at = word.end()
        if kind == "close":
            return _Tag(is_block, words, place), at
    while text[at : at + 1].isspace():
        at += 1
    if at >= len(text):
        raise MergeFault(
            place, _("This field is never closed."), _("Close it with “%s”.") % closing
        )
    raise MergeFault(
        place_of(text, at),
        _("“%s” cannot stand in a field.") % text[at],
        _("Close the field with “%s” before it, or put the text in quotes.") % closing,
    )
