"""Colleagues named in a text: `@Nerea Gil`, or `@nerea` where nobody else is called so.

A name is looked for among those who work here, without regard to case and accents: first the
longest one that fits. What fits several people names none of them, and is told to the writer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from circulo.accounts.models import User
from circulo.lib.names import plain

MOST_WORDS, MOST_MENTIONS = 6, 50
# An "@" that begins a word: that of an e-mail address stands within one.
_AT = re.compile(r"(?<![\w@.+/-])@(?=[^\W\d_])")
_WORD = re.compile(r"[^\W_][\w.'’-]*")


@dataclass(frozen=True)
class Mention:
    """A colleague as somebody wrote them."""

    written: str
    key: int
    name: str


@dataclass(frozen=True)
class Found:
    """Who is named in a text, and what could be several people."""

    mentions: tuple[Mention, ...] = ()
    unclear: tuple[str, ...] = ()


def find(text: str) -> Found:
    """Who is named in a text; nothing is asked of the database where there is no "@"."""
    return next(iter(find_all([text])))


def find_all(texts: Iterable[str]) -> list[Found]:
    """Who is named in each of many texts: one statement at most."""
    wanted = list(texts)
    if not any(_AT.search(text) for text in wanted):
        return [Found() for _text in wanted]
    people = _People(
        list(User.objects.filter(is_active=True).values_list("pk", "name", "email").order_by("pk"))
    )
    return [_found(text, people) for text in wanted]


def mark(text: str, written: Iterable[str]) -> SafeString:
    """A text as HTML, in which the names that were found stand out."""
    names = sorted({name for name in written if name.startswith("@")}, key=len, reverse=True)
    if not names:
        return escape(text)
    pattern = re.compile(rf"({'|'.join(map(re.escape, names))})(?!\w)")
    parts = pattern.split(text)
    marked = (f'<b class="mention">{escape(part)}</b>' for part in parts[1::2])
    between = [escape(part) for part in parts[::2]]
    ends = [*marked, ""]
    return mark_safe("".join(a + b for a, b in zip(between, ends, strict=True)))


class _People:
    """Everybody who works here, by the words of their names and the beginning of their address."""

    def __init__(self, rows: Sequence[tuple[int, str, str]]) -> None:
        self.rows = [(key, name, plain(name), plain(email.partition("@")[0]))
                     for key, name, email in rows]  # fmt: skip

    @cached_property
    def by_name(self) -> dict[str, list[tuple[int, str]]]:
        """Each beginning of a name, of one word or more, with those whose name begins so."""
        named: dict[str, list[tuple[int, str]]] = {}
        for key, name, words, _address in self.rows:
            parts = words.split()
            for count in range(1, len(parts) + 1):
                named.setdefault(" ".join(parts[:count]), []).append((key, name))
        return named

    def called(self, words: str) -> list[tuple[int, str]]:
        """Those who are meant by these words: the whole name, else how it or the address begins."""
        exact = [
            (key, name) for key, name, plain_name, _address in self.rows if plain_name == words
        ]
        address = [(key, name) for key, name, _plain, address in self.rows if address == words]
        return exact or self.by_name.get(words, []) or address


def _found(text: str, people: _People) -> Found:
    mentions: dict[str, Mention] = {}
    unclear: list[str] = []
    for at in list(_AT.finditer(text))[:MOST_MENTIONS]:
        written, meant = _meant(text, at.end(), people)
        if len(meant) == 1:
            mentions.setdefault(written, Mention(written, *meant[0]))
        elif meant and written not in unclear:
            unclear.append(written)
    return Found(tuple(mentions.values()), tuple(unclear))


def _meant(text: str, start: int, people: _People) -> tuple[str, list[tuple[int, str]]]:
    """What is written after an "@", as far as it is a name, and whose."""
    ends: list[int] = []
    place = start
    while len(ends) < MOST_WORDS and (word := _WORD.match(text, place)):
        ends.append(place + len(word[0].rstrip(".'’-")))
        if ends[-1] != word.end() or text[word.end() : word.end() + 1] not in (" ", "\u00a0"):
            break
        place = word.end() + 1
    for end in reversed(ends):
        meant = people.called(plain(text[start:end]).replace("\u00a0", " "))
        if meant:
            return text[start - 1 : end], meant
    return "", []
