"""Deals, the pipelines they go through, and all that hangs on them."""

from circulo.sales.models.acts import StageAct
from circulo.sales.models.colours import ColourRule
from circulo.sales.models.deals import Deal, DealQuerySet
from circulo.sales.models.hanging import (
    DealLine,
    DealPerson,
    DealShare,
    DealStay,
    DealStep,
    Rival,
)
from circulo.sales.models.pipelines import ForecastAs, Pipeline, Reason, Stage

__all__ = [
    "ColourRule",
    "Deal",
    "DealLine",
    "DealPerson",
    "DealQuerySet",
    "DealShare",
    "DealStay",
    "DealStep",
    "ForecastAs",
    "Pipeline",
    "Reason",
    "Rival",
    "Stage",
    "StageAct",
]
