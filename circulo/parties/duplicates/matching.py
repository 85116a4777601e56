"""Matching the rows of files with each other, for `bin/circulo match`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from circulo.parties.duplicates.files import people_of, put_raw, write_pairs
from circulo.parties.linkage import records
from circulo.parties.linkage.engine import THRESHOLD, Pair, find_pairs
from circulo.parties.linkage.workbench import Tell, workbench

__all__ = ["Matched", "match", "write_pairs"]


@dataclass(frozen=True)
class Matched:
    """What was found: pairs by the keys of their files, and how the columns were understood."""

    pairs: list[tuple[str, str, float]]
    records: int
    columns: list[dict[str, str]]
    threshold: float = THRESHOLD


def match(files: Sequence[tuple[Path, str]], *, one_to_one: bool, tell: Tell) -> Matched:
    """The pairs within a file, or across two; a file is its path and the heading of its keys."""
    tables = [people_of(path, key) for path, key in files]
    keys: list[str] = []
    with workbench() as database:
        records.create_raw(database)
        for side, people in enumerate(tables):
            tell("read", people.path.name)
            keys += put_raw(database, people, side=side, first=len(keys))
        if len(keys) < 2:
            return Matched([], len(keys), [people.named() for people in tables])
        records.tidy(database, records.PEOPLE)
        found, _model = find_pairs(database, records.PEOPLE, across=len(tables) == 2, tell=tell)
    if one_to_one:
        found = best_of_each(found)
    pairs = [(keys[pair.a], keys[pair.b], pair.probability) for pair in found]
    return Matched(pairs, len(keys), [people.named() for people in tables])


def best_of_each(pairs: Sequence[Pair]) -> list[Pair]:
    """Of pairs in order of their probability those whose records are not in a likelier one."""
    taken: set[int] = set()
    best = []
    for pair in pairs:
        if pair.a not in taken and pair.b not in taken:
            taken |= {pair.a, pair.b}
            best.append(pair)
    return best
