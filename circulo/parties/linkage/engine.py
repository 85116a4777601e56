"""Finding who is who: records in, pairs with a probability and its reasons out."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from circulo.parties.linkage import keys
from circulo.parties.linkage.comparisons import COMPARISONS
from circulo.parties.linkage.learning import learn
from circulo.parties.linkage.model import Model
from circulo.parties.linkage.workbench import Tell, linker, number

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# A pair is told where it is likelier that both are one than that they are two. Nothing else makes
# sense of a probability, and no list of true duplicates was needed to choose it.
THRESHOLD = 0.5
LEAST_EVIDENCE = 2.0
TURNS, NEAR_ENOUGH = 100, 1e-4


@dataclass(frozen=True)
class Pair:
    """Two records that are probably the same party, and how each respect of them compares."""

    a: int
    b: int
    probability: float
    levels: dict[str, str]


def find_pairs(
    database: DuckDBPyConnection,
    kind: str,
    model: Model | None = None,
    *,
    across: bool = False,
    tell: Tell = lambda step, detail: None,
) -> tuple[list[Pair], Model]:
    """The pairs among all of the table `records`, and the model that they were found by.

    `across` looks only for pairs of a record of one side and one of the other.
    """
    tell("candidates", "")
    keys.make_keys(database, kind)
    largest = keys.largest_afforded(database)
    keys.make_pairs(database, largest, across=across)
    model = model or learn(database, kind, tell)
    tell("compare", f"{number(database, 'SELECT count(*) FROM pairs'):,}")
    _score(database, model)
    prior = _prior(database, _possible(database, across=across), model.prior)
    model = replace(model, prior=prior, largest=largest)
    return _likely(database, model), model


def find_fresh_pairs(
    database: DuckDBPyConnection, model: Model, *, tell: Tell = lambda step, detail: None
) -> list[Pair]:
    """The pairs of the records named in the table `fresh` with any of the table `records`."""
    tell("candidates", "")
    keys.make_keys(database, model.kind, only_of_fresh=True)
    keys.make_pairs(database, model.largest, only_of_fresh=True)
    count = number(database, "SELECT count(*) FROM pairs")
    tell("compare", f"{count:,}")
    if not count:
        return []
    _score(database, model)
    return _likely(database, model)


def _score(database: DuckDBPyConnection, model: Model) -> None:
    """Weigh the table `pairs`: `scored` has both keys, the weight of the evidence in bits without
    the prior, and the level of each comparison, where there is some evidence at all."""
    judge = linker(database, model.settings)
    judge.table_management.register_blocked_pairs_for_predict(judge._db_api.register("pairs"))
    names = [said["output_column_name"] for said in model.settings["comparisons"]]
    gammas = ", ".join(f"gamma_{name}" for name in names)
    bits = _bits(model.settings["probability_two_random_records_match"])
    found = judge.inference.predict(
        threshold_match_weight=bits + LEAST_EVIDENCE, warning_mode="never"
    )
    database.execute(
        f"""
        CREATE OR REPLACE TABLE scored AS
        SELECT unique_id_l AS a, unique_id_r AS b, match_weight - ({bits}) AS weight, {gammas}
        FROM {found.physical_name}
        """
    ).fetchall()


def _likely(database: DuckDBPyConnection, model: Model) -> list[Pair]:
    """The pairs that are likelier one party than two, the likeliest first."""
    names = [said["output_column_name"] for said in model.settings["comparisons"]]
    levels = {c.name: c.level_names() for c in COMPARISONS[model.kind]}
    gammas = ", ".join(f"gamma_{name}" for name in names)
    rows = database.execute(
        f"""
        SELECT a, b, 1 / (1 + pow(2, -least(weight + ({_bits(model.prior)}), 100))) AS p, {gammas}
        FROM scored WHERE p >= {THRESHOLD} ORDER BY p DESC, a, b
        """
    ).fetchall()
    return [
        Pair(a, b, p, {n: levels[n][g] for n, g in zip(names, met, strict=True) if g >= 0})
        for a, b, p, *met in rows
    ]


def _prior(database: DuckDBPyConnection, possible: float, begin: float) -> float:
    """How probable it is that two records taken at random are the same party: the value that
    agrees with the probabilities which it leads to, one parameter learned like the others."""
    rows = database.execute(
        "SELECT round(weight, 2) AS w, count(*) FROM scored GROUP BY w"
    ).fetchall()
    prior = float(begin)
    for _turn in range(TURNS):
        odds = prior / (1 - prior)
        expected = float(sum(count / (1 + 2 ** -min(weight, 500) / odds) for weight, count in rows))
        before, prior = prior, min(0.5, max(expected, 0.5) / possible)
        if abs(math.log(prior / before)) < NEAR_ENOUGH:
            break
    return float(prior)


def _possible(database: DuckDBPyConnection, *, across: bool) -> float:
    """How many pairs there could be."""
    rows = database.execute("SELECT count(*) FROM records GROUP BY side").fetchall()
    sizes = [int(row[0]) for row in rows]
    if across:
        return float(max(1, math.prod(sizes)))
    return max(1.0, sum(sizes) * (sum(sizes) - 1) / 2)


def _bits(probability: float) -> float:
    return math.log2(probability / (1 - probability))
