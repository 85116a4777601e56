"""Every act on quotas, adjustments and snapshots."""

from circulo.forecasts.actions.adjusting import adjust_forecast, withdraw_adjustment
from circulo.forecasts.actions.learning import learn_odds
from circulo.forecasts.actions.quotas import copy_quotas, remove_quotas, set_quotas
from circulo.forecasts.actions.snapshots import keep_snapshot, settle_rows, take_snapshot

__all__ = [
    "adjust_forecast",
    "copy_quotas",
    "keep_snapshot",
    "learn_odds",
    "remove_quotas",
    "set_quotas",
    "settle_rows",
    "take_snapshot",
    "withdraw_adjustment",
]
