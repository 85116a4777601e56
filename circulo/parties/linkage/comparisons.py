"""What two records are compared by, from the most telling agreement down to none.

Each comparison has levels; the model learns how often each level is met among records of the same
party (m) and among those of different ones (u). The m that stand here are only where the learning
begins. The first level of each is always "one of them does not say", which tells nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from circulo.parties.linkage.records import COMPANIES, PEOPLE


@dataclass(frozen=True)
class Level:
    """One degree of agreement: its name, its condition in SQL, m to begin with, and the column
    whose rarity counts: to agree on Larrañaga says more than to agree on García."""

    name: str
    sql: str
    m: float
    rarity: str = ""


@dataclass(frozen=True)
class Comparison:
    """One respect in which records are compared, and the columns that it needs."""

    name: str
    needs: tuple[str, ...]
    unsaid: str
    levels: tuple[Level, ...]

    def settings(self) -> dict[str, Any]:
        """As splink takes it."""
        rest = 1 - sum(level.m for level in self.levels)
        unsaid = {
            "sql_condition": self.unsaid,
            "label_for_charts": "unsaid",
            "is_null_level": True,
        }
        differs = {
            "sql_condition": "ELSE",
            "label_for_charts": "differs",
            "m_probability": round(rest, 6),
        }
        return {
            "output_column_name": self.name,
            "comparison_description": self.name,
            "comparison_levels": [unsaid, *map(_level, self.levels), differs],
        }

    def level_names(self) -> list[str]:
        """The names of the levels by the number that splink gives them, from 0 up."""
        return ["differs", *(level.name for level in reversed(self.levels))]


def _level(level: Level) -> dict[str, Any]:
    said: dict[str, Any] = {
        "sql_condition": level.sql,
        "label_for_charts": level.name,
        "m_probability": level.m,
    }
    if level.rarity:
        said |= {
            "tf_adjustment_column": level.rarity,
            "tf_adjustment_weight": 1.0,
            "disable_tf_exact_match_detection": True,
        }
    return said


def _same(column: str) -> str:
    return f"{column}_l = {column}_r"


def _unsaid(*columns: str) -> str:
    return " AND ".join(f"({column}_l IS NULL OR {column}_r IS NULL)" for column in columns)


def _near(column: str, alike: float = 0.9) -> str:
    """Alike to the eye: a slip of a finger, or most of it the same from the beginning."""
    return f"({_slips(column, 1)} OR jaro_winkler_similarity({column}_l, {column}_r) >= {alike})"


def _slips(column: str, most: int) -> str:
    """At most so many slips; what differs in length by more cannot be, and costs nothing."""
    left, right = f"{column}_l", f"{column}_r"
    return (
        f"(abs(length({left}) - length({right})) <= {most}"
        f" AND damerau_levenshtein({left}, {right}) <= {most})"
    )


_SWAPPED = "given1_l = s1_r AND s1_l = given1_r"
GIVEN = Comparison(
    "given_name",
    ("given",),
    _unsaid("given"),
    (
        Level("same", _same("given"), 0.7, rarity="given"),
        Level("called", _same("called"), 0.06),
        Level(
            "shortened",
            "starts_with(given_l, given_r || ' ') OR starts_with(given_r, given_l || ' ')"
            " OR starts_with(called_l, called_r || ' ') OR starts_with(called_r, called_l || ' ')"
            " OR (length(given1_l) = 1 OR length(given1_r) = 1)"
            " AND left(given_l, 1) = left(given_r, 1)",
            0.05,
        ),
        Level("near", _near("given"), 0.1),
        Level("swapped", _SWAPPED, 0.02),
        Level("alike", "jaro_winkler_similarity(given_l, given_r) >= 0.75", 0.03),
    ),
)
SURNAMES = Comparison(
    "surnames",
    ("s1",),
    _unsaid("s1"),
    (
        Level("same", _same("surnames"), 0.65, rarity="surnames"),
        Level("one_missing", f"{_same('s1')} AND (s2_l IS NULL OR s2_r IS NULL)", 0.1, rarity="s1"),
        Level(
            "near",
            f"{_near('s1')} AND (s2_l IS NULL OR s2_r IS NULL OR {_near('s2')})",
            0.1,
        ),
        Level("order", "s1_l = s2_r AND s2_l = s1_r", 0.01),
        Level("swapped", _SWAPPED, 0.02),
        Level("one_same", "s1_l = s1_r OR s1_l = s2_r OR s2_l = s1_r", 0.04),
        Level("alike", "jaro_winkler_similarity(surnames_l, surnames_r) >= 0.75", 0.03),
    ),
)
BORN = Comparison(
    "birthday",
    ("born",),
    _unsaid("born"),
    (
        Level("same", _same("born"), 0.85),
        Level("near", _slips("born", 1), 0.08),
        Level(
            "order",
            "length(born_l) = 8 AND left(born_l, 4) || right(born_l, 2) || substr(born_l, 5, 2)"
            " = born_r",
            0.01,
        ),
        Level("alike", _slips("born", 2), 0.02),
        Level("one_same", "left(born_l, 4) = left(born_r, 4)", 0.01),
    ),
)
TAX = Comparison(
    "tax_id",
    ("tax",),
    _unsaid("tax"),
    (
        Level("same", _same("tax"), 0.85, rarity="tax"),
        Level("near", _slips("tax", 1), 0.1),
        Level("alike", _slips("tax", 2), 0.02),
    ),
)
EMAILS = Comparison(
    "emails",
    ("emails",),
    _unsaid("emails"),
    (
        Level("same", "list_has_any(emails_l, emails_r)", 0.5, rarity="email"),
        Level("one_same", "length(box_l) >= 5 AND box_l = box_r", 0.1),
        Level("near", f"length(box_l) >= 5 AND {_near('box', 0.93)}", 0.1),
    ),
)
PHONES = Comparison(
    "phones",
    ("phones",),
    _unsaid("phones"),
    (
        Level("same", "list_has_any(phones_l, phones_r)", 0.6, rarity="phone"),
        Level("near", f"length(phone_l) >= 7 AND {_slips('phone', 1)}", 0.1),
    ),
)
STREET = Comparison(
    "street",
    ("street",),
    _unsaid("street"),
    (
        Level("same", f"{_same('street')} AND {_same('door')}", 0.55),
        Level("near", f"{_near('street')} AND coalesce(door_l = door_r, true)", 0.15),
        Level("one_same", _near("street"), 0.12),
        Level("alike", f"{_same('door')} OR jaro_winkler_similarity(street_l, street_r) >= 0.8",
              0.06),
    ),
)  # fmt: skip
PLACE = Comparison(
    "place",
    ("post", "city"),
    _unsaid("post", "city"),
    (
        Level("same", f"{_same('post')} AND {_same('city')}", 0.6),
        Level("post", _same("post"), 0.12),
        Level("near", f"{_near('city')} AND {_slips('post', 1)}", 0.08),
        Level("city", _near("city"), 0.08),
        Level("alike", _slips("post", 1), 0.04),
    ),
)
NAME = Comparison(
    "name",
    ("bare",),
    _unsaid("bare"),
    (
        Level("same", f"{_same('bare')} OR {_same('called')}", 0.6, rarity="bare"),
        Level("order", "words_l = words_r", 0.05),
        Level("called", "bare_l = legal_r OR legal_l = bare_r OR legal_l = legal_r", 0.08),
        Level("shortened",
              "starts_with(bare_l, bare_r || ' ') OR starts_with(bare_r, bare_l || ' ')", 0.08),
        Level("near", _near("bare", 0.93), 0.1),
        Level("alike", "jaro_winkler_similarity(bare_l, bare_r) >= 0.82", 0.05),
    ),
)  # fmt: skip
DOMAIN = Comparison(
    "website",
    ("domains",),
    _unsaid("domains"),
    (
        Level("same", "list_has_any(domains_l, domains_r)", 0.7, rarity="domain"),
        Level("near", _near("domain", 0.93), 0.1),
    ),
)
COMPARISONS: dict[str, Sequence[Comparison]] = {
    PEOPLE: (GIVEN, SURNAMES, BORN, TAX, EMAILS, PHONES, STREET, PLACE),
    COMPANIES: (NAME, TAX, DOMAIN, PHONES, EMAILS, STREET, PLACE),
}
# Records that agree on these are mostly, but not only, the same: among them the model learns what
# else agrees. Each is used where the records say enough of it.
TRAINING: dict[str, Sequence[tuple[str, ...]]] = {
    PEOPLE: (("tax",), ("email",), ("phone",), ("born",), ("given", "s1"), ("s1", "post")),
    COMPANIES: (("tax",), ("domain",), ("phone",), ("called",), ("street", "post")),
}
