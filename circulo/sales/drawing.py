"""How a board of deals is drawn: put together here and not by a template for each card.

Every text of a person goes through `escape`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from html import escape

from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from circulo.accounts.models import User
from circulo.agenda.kinds import LOOKS
from circulo.lib import format as fmt
from circulo.parties.roster import Named
from circulo.records.rosters import Tint
from circulo.sales.selectors.board import Card, Column
from circulo.web.components.marks import chip, icon, initials_of, ring

Tints = Mapping[int, Tint]


def draw_columns(columns: Iterable[Column], user: User, more: str, tints: Tints) -> SafeString:
    """The columns with their cards, in their colours; `more` begins the address of what follows in
    one."""
    pen = _Pen(user, more, tints)
    return mark_safe("".join(pen.column(column) for column in columns))


def draw_cards(cards: Iterable[Card], user: User, tints: Tints, rest: str = "") -> SafeString:
    """Cards in their colours, and the link to those after them where there are any."""
    return mark_safe(_Pen(user, "", tints).cards(cards, rest))


def money_of(sums: dict[str, Decimal]) -> str:
    """Sums by currency as one line, the greatest first, without cents."""
    order = sorted(sums.items(), key=lambda pair: -pair[1])
    return " + ".join(fmt.money(total, currency, 0) for currency, total in order)


class _Pen:
    """Draws for one person."""

    def __init__(self, user: User, more: str, tints: Tints) -> None:
        self.user, self.more, self.tints = user, more, tints
        self.reach = user.reach("deals", "edit")
        self.sees_amounts = "amount" not in user.hidden_fields("deals")
        self.look = _Look(
            fmt.current(), get_language() or "", timezone.localdate(), self.sees_amounts
        )

    def column(self, column: Column) -> str:
        name = escape(column.name)
        rest = f"{self.more}&column={column.id}" if column.has_more else ""
        cards = self.cards(column.cards, _after(rest, column.cards[-1]) if rest else "")
        return (
            f'<section class="column" data-stage="{column.id}" aria-label="{name}">'
            f'<header><div class="row spread"><h2>{name}</h2>'
            f'<small class="num">{fmt.number(column.count)}</small></div>'
            f'<small class="num">{self._sums(column)}</small>'
            f'<progress value="{column.probability}" max="100" aria-hidden="true"></progress>'
            f"</header>{cards}</section>"
        )

    def cards(self, cards: Iterable[Card], rest: str) -> str:
        """Cards, and the link to those after them where there are any."""
        drawn = "".join(
            _drawn(self.look, self._may_move(card), self.tints.get(card.key), _Said(card))
            for card in cards
        )
        return drawn + (self.more_of(rest) if rest else "")

    def more_of(self, url: str) -> str:
        """The link to the next cards: by htmx here, without it as a table."""
        return (
            f'<a class="button quiet small more" href="{escape(url)}" hx-get="{escape(url)}"'
            f' hx-swap="outerHTML" hx-trigger="click, intersect once">{escape(_("More"))}</a>'
        )

    def _sums(self, column: Column) -> str:
        chance = fmt.percent(Decimal(column.probability) / 100)
        if not self.sees_amounts or not column.sums:
            return escape(chance)
        return escape(f"{money_of(column.sums)} · {chance}")

    def _may_move(self, card: Card) -> bool:
        """Whether it lies within the reach of this person: `visible_to` for one card."""
        place = card.party["territory"] if card.party else None
        return self.user.lies_in_reach(self.reach, card.owner_id, place, path=card.owner_path)


@dataclass(frozen=True)
class _Look:
    """All that decides how a card looks, beside what it says and whether it can be moved."""

    locale: fmt.Locale
    language: str
    today: date
    sees_amounts: bool


class _Said:
    """A card that is known by what it says: one that says the same looks the same."""

    __slots__ = ("card",)

    def __init__(self, card: Card) -> None:
        self.card = card

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Said) and self.card.said == other.card.said

    def __hash__(self) -> int:
        return hash(self.card.said)


@lru_cache(maxsize=2048)
def _drawn(look: _Look, may_move: bool, tint: Tint | None, said: _Said) -> str:
    """A card. A board is looked at far more often than what lies on it changes."""
    card = said.card
    key, title, party = card.id, escape(card.title), _party_of(card)
    move, button = "", ""
    if may_move:
        move = ' draggable="true"'
        button = (
            f'<button class="button quiet icon small" type="button" data-move hidden>'
            f'{icon("ellipsis", 14)}<span class="unseen">{escape(_("Move"))} {title}</span>'
            "</button>"
        )
    stale = " stale" if card.is_stale or not card.has_next_step else ""
    tone, label = (f' data-tint="{tint.tone}"', f"<div>{chip(*tint)}</div>") if tint else ("", "")
    return (
        f'<article class="card sale{stale}" id="card-{key}" data-id="{key}"{tone}{move}>'
        f'<div class="row card-head">{party[0]}<div class="grow">'
        f'<strong><a href="/deals/{key}">{title}</a></strong>{party[1]}</div>{button}</div>'
        f'<div class="row spread"><span class="sum num">{_amount(card, look)}</span>'
        f"{_owner(card.owner)}</div>{label}"
        f'<small class="row">{_step(card, look)}</small></article>'
    )


def _party_of(card: Card) -> tuple[str, str]:
    if not card.party:
        return "", ""
    return _party(card.party["name"], card.party["kind"] != "person")


def _amount(card: Card, look: _Look) -> str:
    if card.amount is None or not look.sees_amounts:
        return ""
    return escape(fmt.money(card.amount, card.currency))


def _step(card: Card, look: _Look) -> str:
    """What is next, or how long nothing has happened."""
    if card.step:
        mark, due = icon(LOOKS[card.step["kind"]].icon, 14), card.step["due"]
        when = _day(due, look) if due else ""
        return f"{mark}<span>{escape(card.step['title'])}{when}</span>"
    here = _here(card.days_here)
    if card.has_next_step:
        return f"{icon('arrow-right', 14)}<span>{here}</span>"
    nothing = escape(_("No next step"))
    return f"{icon('clock-alert', 14)}<span>{nothing} · {here}</span>"


def _day(due: str, look: _Look) -> str:
    day = timezone.localtime(datetime.fromisoformat(due)).date()
    late = ' class="bad"' if day < look.today else ""
    return f" · <span{late}>{escape(fmt.near_day(day))}</span>"


@lru_cache(maxsize=1024)
def _owner(owner: str) -> str:
    name = escape(owner)
    return (
        f'<span class="chip" title="{name}"><span aria-hidden="true">'
        f'{escape(initials_of(owner))}</span><span class="unseen">{name}</span></span>'
    )


@lru_cache(maxsize=4096)
def _party(name: str, is_organisation: bool) -> tuple[str, str]:
    drawn = ring(Named(name, is_organisation), size="small")
    return str(drawn), f"<small>{escape(name)}</small>"


def _here(days: int) -> str:
    return escape(ngettext("%s day here", "%s days here", days) % fmt.number(days))


def _after(url: str, card: Card) -> str:
    return f"{url}&after={card.id}"
