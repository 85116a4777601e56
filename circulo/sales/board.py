"""The board of deals as the list of deals shows it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.core.exceptions import BadRequest
from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from circulo.accounts.models import User
from circulo.lib import ids
from circulo.lib.errors import Invalid
from circulo.records.rosters import Board
from circulo.sales import actions
from circulo.sales.drawing import draw_cards, draw_columns, money_of
from circulo.sales.models import Deal, Pipeline, Stage
from circulo.sales.selectors.board import Column, cards_after, columns_of, pipelines_for_boards
from circulo.sales.selectors.colours import tints_of

TEMPLATE = "sales/_board.html"


def _shown(user: User, rows: QuerySet[Any] | None, asked: QueryDict, here: str) -> dict[str, Any]:
    """The pipeline that is asked for, or the first; its columns, and what they come to."""
    pipelines = pipelines_for_boards()
    if not pipelines:
        return {"pipeline": None}
    wanted = ids.decode("pipeline", asked.get("pipeline", ""))
    pipeline = next((one for one in pipelines if one.pk == wanted), pipelines[0])
    columns = columns_of(user, pipeline.pk, rows)
    tints = tints_of(user, [card.key for column in columns for card in column.cards])
    sees = "amount" not in user.hidden_fields("deals")
    return {
        "columns": draw_columns(columns, user, here, tints),
        "pipeline": pipeline,
        "pipelines": _tabs(pipelines, pipeline, here),
        "stages": [(column.id, column.name) for column in columns],
        "open": sum(column.count for column in columns),
        "total": money_of(_added(columns, "sums")) if sees else "",
        "weighted": money_of(_added(columns, "weighted")) if sees else "",
        "topic": f"deals:{pipeline.public_id}",
        "here": reverse("desk:deals") + here,
        "script": "web/js/deals.js",
        "style": "web/pages/deals.css",
    }


def _tabs(pipelines: list[Pipeline], current: Pipeline, here: str) -> list[dict[str, Any]]:
    """One for each pipeline, where there are several."""
    before = here.partition("&pipeline=")[0]
    return [
        {"label": one.name, "url": f"{before}&pipeline={one.public_id}", "current": one == current}
        for one in pipelines
        if len(pipelines) > 1
    ]


def _added(columns: list[Column], name: str) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for column in columns:
        for currency, total in getattr(column, name).items():
            found[currency] = found.get(currency, Decimal(0)) + total
    return found


def _more(user: User, rows: QuerySet[Any], asked: QueryDict, here: str) -> SafeString:
    """The cards after one that is named, in its column."""
    stage = ids.decode("stage", asked.get("column", ""))
    key = ids.decode("deal", asked.get("after", ""))
    last = Deal.objects.visible_to(user).filter(pk=key or 0).first()
    if stage is None or last is None:
        raise BadRequest
    cards, has_more = cards_after(user, stage, last.rank, last.pk, rows)
    rest = f"{here}&column={asked['column']}&after={cards[-1].id}" if has_more else ""
    return draw_cards(cards, user, tints_of(user, [card.key for card in cards]), rest)


def _move(deal: Deal, said: QueryDict, by: User) -> object:
    """Put a card into a column, before or after another, else last."""
    stage = Stage.objects.filter(pk=ids.decode("stage", said.get("value", "")) or 0).first()
    if stage is None:
        raise Invalid({"value": _("Choose one of the list.")})
    after, before = (ids.decode("deal", said.get(name, "")) for name in ("after", "before"))
    return actions.move_deal(deal, to=stage, after=after, before=before, by=by)


BOARD = Board("stage", TEMPLATE, _shown, _more, _move)
