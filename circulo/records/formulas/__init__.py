"""The closed language of computed fields: read, checked, evaluated, and turned into SQL.

    if(points > 100, "gold", concat("level ", round(points / 25)))

It knows fields, numbers, texts, yes and no, `+ - * /`, comparisons, `and`, `or`, `not`, and the
functions of `functions.py`; nothing else, and nothing of it is ever run as a program.
"""

from circulo.records.formulas.checking import check
from circulo.records.formulas.evaluating import evaluate
from circulo.records.formulas.grammar import parse
from circulo.records.formulas.printing import written
from circulo.records.formulas.sql import Sql, sql_of
from circulo.records.formulas.tree import BadFormula, Holds, Node, names_in

__all__ = [
    "BadFormula", "Holds", "Node", "Sql", "check", "evaluate", "names_in", "parse", "sql_of",
    "written",
]  # fmt: skip
