"""What the database holds, beside what the product had said."""

import json
from collections import Counter
from dataclasses import dataclass, field

from circulo.testing.faults.clients import EVERY_BAD, FIRMS, Files, Notes
from circulo.testing.faults.product import Part, Product

NAMES = {
    "api": "SELECT given_name FROM parties_party WHERE given_name LIKE 'Api %'",
    "form": "SELECT given_name FROM parties_party WHERE given_name LIKE 'Form %'",
    "note": "SELECT body FROM timeline_interaction WHERE body LIKE 'Note %'",
    "file": "SELECT substring(name from 6 for length(name) - 9) FROM records_load",
}
PEOPLE = """
    SELECT count(*), count(DISTINCT p.value) FROM parties_point p JOIN parties_party t
    ON t.id = p.party_id WHERE p.kind = 'email' AND p.value LIKE '%%@f{number}.example'
"""
COMPANIES = """
    SELECT count(*), count(DISTINCT trade_name) FROM parties_party
    WHERE kind = 'organisation' AND trade_name LIKE 'Firm {number} %%'
"""


@dataclass
class Verdict:
    """The figures of a storm."""

    kills: dict[Part, int]
    acknowledged: dict[str, int]
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    answers: dict[int, int] = field(default_factory=dict)
    silence: dict[Part, float] = field(default_factory=dict)
    standstill: float = 0.0

    @property
    def is_clean(self) -> bool:
        return not (self.lost or self.doubled or self.wrong)


def judge(
    product: Product, notes: Notes, files: Files, struck: list[tuple[float, Part]]
) -> Verdict:
    """Count everything."""
    verdict = Verdict(
        dict(Counter(part for _moment, part in struck)),
        {kind: len(names) for kind, names in notes.made.items()},
        wrong=notes.wrong,
        answers=dict(sorted(notes.answers.items())),
    )
    for kind, sql in NAMES.items():
        _compare(verdict, kind, notes.made.get(kind, []), [str(r[0]) for r in product.rows(sql)])
    for number in range(files.sent):
        _look_at_file(verdict, product, files, number)
    _verify(verdict, product)
    _time(verdict, notes, struck)
    return verdict


def _compare(verdict: Verdict, kind: str, said: list[str], found: list[str]) -> None:
    there = Counter(found)
    verdict.lost += [f"{kind} {name}" for name in said if not there[name]]
    verdict.doubled += [f"{kind} {name}" for name, count in there.items() if count > 1]
    verdict.doubled += [f"{kind} {name} was never asked" for name in set(there) - set(said)]


def _look_at_file(verdict: Verdict, product: Product, files: Files, number: int) -> None:
    bad = -(-files.rows // EVERY_BAD)
    end = files.ends.get(number, {})
    told = tuple(end.get(name) for name in ("state", "created", "updated", "skipped", "refused"))
    if told != ("done", files.rows - bad, 0, 0, bad):
        verdict.wrong.append(f"file {number} ended as {told}: {end.get('error')}")
    for what, sql, expected in (("rows", PEOPLE, files.rows - bad), ("firms", COMPANIES, FIRMS)):
        ((count, distinct),) = product.rows(sql.format(number=number).replace("%%", "%"))
        if distinct != expected:
            verdict.lost.append(f"file {number}: {distinct} of {expected} {what}")
        if count != distinct:
            verdict.doubled.append(f"file {number}: {count} {what} instead of {distinct}")
    if files.errors.get(number) != files.errors[0]:
        verdict.wrong.append(f"file {number}: another error file")


def _verify(verdict: Verdict, product: Product) -> None:
    checked = product.command("verify", "--json")
    if checked.returncode or json.loads(checked.stdout)["violations"]:
        verdict.wrong.append(f"verify: {checked.stdout[:1000]} {checked.stderr[-1000:]}")


def _time(verdict: Verdict, notes: Notes, struck: list[tuple[float, Part]]) -> None:
    """The longest time without any write acknowledged, and without a row more brought in."""
    ends = [moment for moment, _part in struck[1:]] + [float("inf")]
    for (moment, part), end in zip(struck, ends, strict=False):
        silence = _longest_gap(notes.written_at, moment, end)
        verdict.silence[part] = max(silence, verdict.silence.get(part, 0.0))
    rows = [rows for _moment, rows in notes.rows_seen]
    steps = [
        moment
        for (moment, _rows), before, now in zip(notes.rows_seen[1:], rows, rows[1:], strict=False)
        if now > before
    ]
    if struck:
        verdict.standstill = _longest_gap(steps, struck[0][0], float("inf"))


def _longest_gap(moments: list[float], since: float, until: float) -> float:
    """The longest time between two moments of which some part lies within."""
    ordered = sorted(moments)
    pairs = zip(ordered, ordered[1:], strict=False)
    return max((b - a for a, b in pairs if b > since and a < until), default=0.0)
