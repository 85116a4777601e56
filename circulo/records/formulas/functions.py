"""The functions of the language: what each takes, what it gives, and what it is for."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from circulo.records.formulas.tree import Holds

NUMBER, TEXT, DATE, YES_NO = Holds.NUMBER, Holds.TEXT, Holds.DATE, Holds.YES_NO
ANY = frozenset(Holds)
ORDERED = frozenset({NUMBER, DATE})
WORDED = frozenset({NUMBER, TEXT})


@dataclass(frozen=True)
class Function:
    """One function. `takes` says of each argument what it may hold; the last repeats if `many`.

    From the argument `alike` on all must hold the same, which is what the function gives where
    `gives` is None. A `literal` argument is a whole number that stands in the formula.
    """

    example: str
    about: str | Promise
    takes: tuple[frozenset[Holds], ...]
    gives: Holds | None
    many: bool = False
    alike: int | None = None
    literal: tuple[int, int] | None = None


def _one(*kinds: Holds) -> frozenset[Holds]:
    return frozenset(kinds)


FUNCTIONS: dict[str, Function] = {
    "if": Function("if(a > 1, b, c)", _("The one where it holds, else the other"),
                   (_one(YES_NO), ANY, ANY), None, alike=1),
    "first": Function("first(a, b)", _("The first that is not empty"), (ANY, ANY), None, many=True,
                      alike=0),
    "empty": Function("empty(a)", _("Whether there is nothing"), (ANY,), YES_NO),
    "min": Function("min(a, b)", _("The smallest, or the earliest"), (ORDERED, ORDERED), None,
                    many=True, alike=0),
    "max": Function("max(a, b)", _("The largest, or the latest"), (ORDERED, ORDERED), None,
                    many=True, alike=0),
    "round": Function("round(a, 2)", _("Rounded to so many decimals"),
                      (_one(NUMBER), _one(NUMBER)), NUMBER, literal=(0, 6)),
    "abs": Function("abs(a)", _("Without its sign"), (_one(NUMBER),), NUMBER),
    "concat": Function('concat(a, " ", b)', _("One text after the other"), (WORDED, WORDED), TEXT,
                       many=True),
    "length": Function("length(a)", _("How many letters"), (_one(TEXT),), NUMBER),
    "left": Function("left(a, 3)", _("The first letters"), (_one(TEXT), _one(NUMBER)), TEXT,
                     literal=(1, 200)),
    "contains": Function('contains(a, "x")', _("Whether one text holds the other"),
                         (_one(TEXT), _one(TEXT)), YES_NO),
    "today": Function("today()", _("The day of today"), (), DATE),
    "year": Function("year(a)", _("The year of a date"), (_one(DATE),), NUMBER),
    "month": Function("month(a)", _("The month of a date, 1 to 12"), (_one(DATE),), NUMBER),
    "day": Function("day(a)", _("The day of the month"), (_one(DATE),), NUMBER),
    "years": Function("years(a, today())", _("Whole years from one date to another"),
                      (_one(DATE), _one(DATE)), NUMBER),
}  # fmt: skip
