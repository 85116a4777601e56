"""Reads over quotes for pages and the API, each within what a person may see."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.db.models import QuerySet

from circulo.accounts import prepared
from circulo.accounts.models import BY_NAME, User
from circulo.accounts.rights import Reach
from circulo.catalog.drawing_lines import DrawnGoods, draw_lines
from circulo.catalog.selectors.naming import names_of
from circulo.lib import ids
from circulo.quotes.models import Answer, Approval, Quote, QuoteLine
from circulo.sales.models import Deal
from circulo.timeline.models import Interaction
from circulo.timeline.selectors import Row, rows_about

LATEST = 50
_RELATED = ("owner", "file", "created_by")
MOST_OF_A_DEAL = 20


@dataclass(frozen=True)
class QuotedGoods:
    """The lines of a quote, in words and as they are kept."""

    kept: list[QuoteLine]
    names: dict[int, tuple[str, str]]
    drawn: list[DrawnGoods]


@dataclass(frozen=True)
class Asked:
    """An approval that was asked for, and who may give it."""

    approval: Approval
    names: list[str]


def seen_quote(user: User, identifier: str, act: str = "view") -> Quote | None:
    """The quote of this identifier, where the person may do this with it."""
    key = ids.decode("quote", identifier) or 0
    if act != "view":
        return Quote.objects.visible_to(user, act).select_related(*_RELATED).filter(pk=key).first()
    asked = prepared.statement("a quote", user, ("quotes",), _of_one_key)
    return next((prepared.made(Quote, row, *_RELATED) for row in asked.rows(user, key)), None)


def _of_one_key(user: User) -> QuerySet[Any, Any]:
    rows = Quote.objects.visible_to(user).filter(pk=prepared.KEY)
    return rows.values_list(*prepared.columns_of(Quote, *_RELATED))


def may_do(user: User, quote: Quote, act: str) -> bool:
    """Whether a person may edit or withdraw a quote that they see; as `visible_to` says."""
    reach = user.reach("quotes", act)
    place = quote.party.territory_id if reach == Reach.TERRITORY and quote.party else None
    return user.lies_in_reach(reach, quote.owner_id, place)


def goods_of(user: User, quote: Quote) -> QuotedGoods:
    """The lines of a quote, which whoever sees it sees; links only to products that one sees."""
    kept = list(QuoteLine.objects.filter(quote=quote).order_by("position", "pk"))
    seen = names_of(user, (line.product_id for line in kept))
    drawn = draw_lines(kept, quote.currency, seen)
    named = {line.product_id or 0: (line.name, line.code) for line in kept}
    shown = [one if one.name else _named(one, line) for one, line in zip(drawn, kept, strict=True)]
    return QuotedGoods(kept, named, shown)


def deal_seen(user: User, quote: Quote) -> Deal | None:
    """The deal of a quote, where this person sees it."""
    key = quote.deal_id
    return Deal.objects.visible_to(user).filter(pk=key).first() if key else None


def quotes_of(user: User, deal: Deal) -> list[Quote]:
    """The quotes of a deal that this person sees, the newest first."""
    if not user.may("quotes", "view"):
        return []
    rows = Quote.objects.visible_to(user).filter(deal=deal)
    return list(rows.order_by("-created_at", "-pk")[:MOST_OF_A_DEAL])


def revisions_of(user: User, quote: Quote) -> list[Quote]:
    """All revisions of a quote that this person sees, the newest first."""
    rows = Quote.objects.visible_to(user).filter(year=quote.year, serial=quote.serial)
    return list(rows.order_by("-revision"))


def approvals_of(quote: Quote) -> list[Asked]:
    """What was asked and decided of a quote, the last first, and for whom it waits."""
    rows = list(quote.approvals.select_related("decided_by").order_by("-asked_at", "-pk"))
    waiting = {key for one in rows if one.state == Approval.State.WAITING for key in one.people}
    people = User.objects.filter(pk__in=waiting, is_active=True).order_by(*BY_NAME)
    names = {one.pk: one.name for one in people}
    return [Asked(one, [name for key, name in names.items() if key in one.people])
            for one in rows]  # fmt: skip


def answers_of(quote: Quote) -> QuerySet[Answer]:
    """What was said to a quote, the last first."""
    return quote.answers.select_related("by").order_by("-at", "-pk")


def told_of(user: User, quote: Quote) -> list[Row]:
    """What happened with a quote, newest first."""
    rows = Interaction.objects.visible_to(user)
    return rows_about(rows.filter(about_kind="quote", about_id=quote.pk), most=LATEST)


def _named(one: DrawnGoods, line: QuoteLine) -> DrawnGoods:
    return replace(one, name=line.name, code=line.code, url="")
