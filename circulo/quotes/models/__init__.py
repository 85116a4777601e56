"""Quotes with their lines, who approves them, and what customers answer."""

from circulo.quotes.models.answers import Answer
from circulo.quotes.models.approvals import Approval, ApprovalRule
from circulo.quotes.models.quotes import (
    Quote,
    QuoteLine,
    QuotePaper,
    QuoteQuerySet,
    Series,
)

__all__ = [
    "Answer",
    "Approval",
    "ApprovalRule",
    "Quote",
    "QuoteLine",
    "QuotePaper",
    "QuoteQuerySet",
    "Series",
]
