"""What the page on line of a quote shows to whoever has its key."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from circulo.catalog.drawing_lines import DrawnGoods, draw_lines
from circulo.quotes.drawing import money_of
from circulo.quotes.keys import digest_of
from circulo.quotes.models import Answer, Quote, QuoteLine
from circulo.quotes.printing import totals_in_words


@dataclass(frozen=True)
class Sums:
    """What leads to the total, and the total."""

    rows: list[tuple[str, str, str]]
    total: str


def opened(key: str) -> Quote | None:
    """The quote that a key opens."""
    rows = Quote.objects.select_related("owner", "file", "party", "contact")
    return rows.filter(digest=digest_of(key)).exclude(digest="").first()


def lines_of(quote: Quote) -> list[tuple[QuoteLine, DrawnGoods]]:
    """The lines of a quote, in words."""
    lines = list(quote.lines.order_by("position", "pk"))
    drawn = draw_lines(lines, quote.currency, {})
    return list(zip(lines, drawn, strict=True))


def sums_of(quote: Quote) -> Sums:
    """What a quote comes to."""
    return Sums(totals_in_words(quote), money_of(quote))


def comments_of(quote: Quote) -> QuerySet[Answer]:
    """What was asked on line and answered there, the first first."""
    return quote.answers.filter(kind=Answer.Kind.COMMENTED).order_by("at", "pk")
