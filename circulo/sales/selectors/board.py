"""The board of a pipeline: its stages with their sums, and the first cards of each.

One statement reads it all, whatever the number of deals: of each stage PostgreSQL takes the first
cards from the index that keeps them in order, and adds up the rest from the same index.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, F, OuterRef, QuerySet, Subquery, Sum, TextField
from django.db.models.functions import Cast, JSONObject, Now

from circulo.accounts import prepared
from circulo.accounts.models import User
from circulo.agenda.models import Entry
from circulo.lib import ids
from circulo.parties.models import Party
from circulo.sales.expressions import DaysBetween, has_next_step, is_stale
from circulo.sales.models import Deal, Pipeline, Stage
from circulo.sales.models.deals import ON_BOARD
from circulo.sales.shown import KINDS

CARDS = 25
_DAYS_HERE = DaysBetween(Now(), F("stage_since"))
Rows = QuerySet[Any]


@dataclass(frozen=True)
class Card:
    """What a card shows of a deal; `said` is all of that as it was read."""

    said: str
    key: int
    title: str
    rank: str
    amount: Decimal | None
    currency: str
    expected_on: date | None
    days_here: int
    party: dict[str, Any] | None
    owner_id: int
    owner: str
    owner_path: str
    tags: list[str]
    is_stale: bool
    has_next_step: bool
    step: dict[str, Any] | None

    @property
    def id(self) -> str:
        return ids.encode("deal", self.key)


@dataclass(frozen=True)
class Column:
    """A stage with its deals: how many, what they add up to by currency, and the first of them."""

    key: int
    name: str
    probability: int
    advice: str
    count: int
    sums: dict[str, Decimal]
    cards: list[Card]
    has_more: bool

    @property
    def id(self) -> str:
        return ids.encode("stage", self.key)

    @property
    def weighted(self) -> dict[str, Decimal]:
        """The sums by how likely deals of this stage are won."""
        return {currency: total * self.probability / 100 for currency, total in self.sums.items()}


def pipelines_for_boards() -> list[Pipeline]:
    """The pipelines that can be looked at, that for new deals first."""
    found = prepared.once("pipelines for boards", _pipelines).run({})
    return [prepared.made(Pipeline, row) for row in found]


def _pipelines() -> QuerySet[Any, Any]:
    rows = Pipeline.objects.in_use().order_by("-is_default", "position", "pk")
    return rows.values_list(*prepared.columns_of(Pipeline))


def columns_of(user: User, pipeline: int, narrowed: Rows | None = None) -> list[Column]:
    """The columns of a pipeline with what this person sees of it, or with what of that is asked."""
    if narrowed is None:
        asked = prepared.statement("board", user, KINDS, _whole)
        return [_column(*row) for row in asked.rows(user, pipeline)]
    return [_column(*row) for row in _read(user, pipeline, narrowed)]


def cards_after(user: User, stage: int, rank: str, key: int, rows: Rows) -> tuple[list[Card], bool]:
    """The next cards of a column after the one of this rank and key, and whether more follow."""
    after = rows.filter(ON_BOARD, stage=stage, rank__gte=rank).exclude(rank=rank, pk__lte=key)
    found = _cards(user, after)
    cards = [_card(one) for (one,) in found.values_list("json")]
    return cards[:CARDS], len(cards) > CARDS


def _whole(user: User) -> QuerySet[Any, Any]:
    return _read(user, prepared.KEY, Deal.objects.visible_to(user))


def _read(user: User, pipeline: int, rows: Rows) -> QuerySet[Any, Any]:
    there = rows.filter(ON_BOARD, stage=OuterRef("pk")).order_by()
    sums = there.values("currency").annotate(count=Count("pk"), total=_exact(Sum("amount")))
    added = sums.values(json=JSONObject(currency="currency", count="count", total="total"))
    found: QuerySet[Any, Any] = (
        Stage.objects.filter(pipeline=pipeline)
        .in_order()
        .values_list(
            "pk", "name", "probability", "advice",
            ArraySubquery(added), ArraySubquery(_cards(user, there).values("json")),
        )
    )  # fmt: skip
    return found


def _cards(user: User, rows: Rows) -> Rows:
    parties = Party.objects.visible_to(user).filter(pk=OuterRef("party_id"))
    shown = JSONObject(id="pk", name="name", kind="kind", territory="territory_id")
    party = Subquery(parties.values(json=shown))
    planned = Entry.objects.visible_to(user).open().filter(deal_step__deal=OuterRef("pk"))
    step = planned.order_by("falls_at", "pk").values(
        json=JSONObject(title="title", kind="kind", due="due")
    )
    shape = JSONObject(
        key="pk", title="title", rank="rank", amount=_exact(F("amount")), currency="currency",
        expected_on="expected_on", days_here=_DAYS_HERE, party=party, owner_id="owner_id",
        owner="owner__name", owner_path="owner__team__path", tags="tags", is_stale=is_stale(),
        has_next_step=has_next_step(), step=Subquery(step[:1]),
    )  # fmt: skip
    found: Rows = rows.annotate(json=shape).order_by("rank", "pk")[: CARDS + 1]
    return found


def _exact(amount: Any) -> Cast:
    """An amount as text: JSON's numbers are not exact."""
    return Cast(amount, TextField())


def _column(key: int, name: str, probability: int, advice: str, sums: Any, cards: Any) -> Column:
    added: list[dict[str, Any]] = prepared.loaded(sums)
    shown = [_card(one) for one in cards]
    totals = {one["currency"]: Decimal(one["total"]) for one in added if one["total"]}
    count = sum(one["count"] for one in added)
    return Column(key, name, probability, advice, count, totals, shown[:CARDS], len(shown) > CARDS)


def _card(read: str | dict[str, Any]) -> Card:
    """A card of the JSON that a statement gives, or of what the ORM read of it."""
    said = prepared.loaded(read)
    amount, day = said["amount"], said["expected_on"]
    said["amount"] = None if amount is None else Decimal(amount)
    said["expected_on"] = date.fromisoformat(day) if day else None
    said["owner_path"] = said["owner_path"] or ""
    return Card(read if isinstance(read, str) else repr(said), **said)
