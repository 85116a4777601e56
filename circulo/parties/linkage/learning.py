"""Learning a model from records without being told a single true duplicate.

u, how often records of different parties agree, is counted in pairs taken at random. m, how often
records of one party agree, is learned by expectation and maximisation among records that agree on
something telling, which settles everything but that something; several such turns settle all.
"""

from __future__ import annotations

from copy import deepcopy
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from circulo.parties.linkage.comparisons import COMPARISONS, TRAINING, Comparison
from circulo.parties.linkage.model import Model
from circulo.parties.linkage.workbench import Tell, linker, number

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from splink import Linker

SEED, U_PAIRS, EM_PAIRS = 7, 1_000_001, 500_000
SAID_BY, SAID_AT_LEAST = 0.02, 50
DOUBT, DOUBTED = 0.02, 200


def learn(database: DuckDBPyConnection, kind: str, tell: Tell) -> Model:
    """Learn from the table `records`."""
    comparisons = _comparisons_said(database, kind)
    teacher = linker(database, _settings(comparisons))
    tell("chance", "")
    teacher.training.estimate_u_using_random_sampling(max_pairs=U_PAIRS, seed=SEED)
    for columns in _turns(database, kind):
        tell("learn", ", ".join(columns))
        _learn_among(teacher, columns)
    count = number(database, "SELECT count(*) FROM records")
    settings = _smoothed(teacher.misc.save_model_to_json(), comparisons, count)
    return Model(kind, settings, count, datetime.now(UTC).isoformat(timespec="seconds"))


def _learn_among(teacher: Linker, columns: tuple[str, ...]) -> None:
    from splink import block_on
    from splink.internals.exceptions import EMTrainingException

    before = deepcopy(teacher._settings_obj.core_model_settings)
    try:
        teacher.training.estimate_parameters_using_expectation_maximisation(
            block_on(*columns),
            estimate_without_term_frequencies=True,
            max_pairs=EM_PAIRS,
            record_sample_proportion=0.1,
        )
    except (EMTrainingException, ValueError):
        # Nothing to learn among these: no pairs, or pairs that agree in all, whose rarest levels
        # become smaller than a number can be.
        teacher._settings_obj.core_model_settings = before


def _smoothed(
    settings: dict[str, Any], comparisons: list[Comparison], records: int
) -> dict[str, Any]:
    """The learned settings without certainties: what was never seen is rare, not impossible, and
    what few records say is believed by half."""
    begun = {comparison.name: comparison.settings() for comparison in comparisons}
    doubt = max(DOUBT, DOUBTED / (DOUBTED + records))
    seldom = 1 / max(2, min(U_PAIRS, records * (records - 1)))
    for said in settings["comparisons"]:
        first = begun[said["output_column_name"]]["comparison_levels"]
        pairs = [
            (level, begin["m_probability"])
            for level, begin in zip(said["comparison_levels"], first, strict=True)
            if not level.get("is_null_level")
        ]
        mixed = [
            (1 - doubt) * (level.get("m_probability") or 0.0) + doubt * begin
            for level, begin in pairs
        ]
        for (level, _begin), m in zip(pairs, mixed, strict=True):
            level["m_probability"] = m / sum(mixed)
            level["u_probability"] = max(level.get("u_probability") or 0.0, seldom)
    return settings


def _comparisons_said(database: DuckDBPyConnection, kind: str) -> list[Comparison]:
    """The comparisons that these records say enough for."""
    return [
        comparison
        for comparison in COMPARISONS[kind]
        if _is_said(database, " OR ".join(f"{name} IS NOT NULL" for name in comparison.needs))
    ]


def _turns(database: DuckDBPyConnection, kind: str) -> list[tuple[str, ...]]:
    return [
        columns
        for columns in TRAINING[kind]
        if _is_said(database, " AND ".join(f"{name} IS NOT NULL" for name in columns))
    ]


def _is_said(database: DuckDBPyConnection, condition: str) -> bool:
    said = number(database, f"SELECT count(*) FROM records WHERE {condition}")
    all_records = number(database, "SELECT count(*) FROM records")
    return said >= min(SAID_AT_LEAST, all_records / 4) and said >= SAID_BY * all_records


def _settings(comparisons: list[Comparison]) -> dict[str, Any]:
    return {
        "link_type": "dedupe_only",
        "unique_id_column_name": "unique_id",
        "retain_matching_columns": True,
        "retain_intermediate_calculation_columns": False,
        "probability_two_random_records_match": 1e-4,
        "comparisons": [comparison.settings() for comparison in comparisons],
        "blocking_rules_to_generate_predictions": ["l.unique_id = r.unique_id"],
    }
