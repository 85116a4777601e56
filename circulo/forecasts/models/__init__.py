"""What is to be sold, what is expected to be, and what was thought of it week after week."""

from circulo.forecasts.models.adjustments import Adjustment, AdjustmentQuerySet
from circulo.forecasts.models.odds import Odds
from circulo.forecasts.models.quotas import Quota, QuotaQuerySet
from circulo.forecasts.models.snapshots import BACK, Snapshot, SnapshotFigure, SnapshotRow

__all__ = [
    "BACK",
    "Adjustment",
    "AdjustmentQuerySet",
    "Odds",
    "Quota",
    "QuotaQuerySet",
    "Snapshot",
    "SnapshotFigure",
    "SnapshotRow",
]
