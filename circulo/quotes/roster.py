"""How quotes stand in their list, and how they are changed there."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from circulo.accounts.models import User
from circulo.lib import format as one
from circulo.lib.errors import Invalid, RuleBroken
from circulo.parties.roster import party_as_json, party_link
from circulo.parties.selectors import party_seen
from circulo.quotes import actions
from circulo.quotes.drafts import read
from circulo.quotes.drawing import TONES, money_of
from circulo.quotes.dumps import dump_rows
from circulo.quotes.models import Quote
from circulo.quotes.selectors.quotes import may_do
from circulo.records.own import controls
from circulo.records.resources import Field
from circulo.records.rosters import Columns, Reader, Roster, Show, register

_BASE = {
    "id": "id", "number": "number", "owner_id": "owner_id", "owner": "owner__name",
    "owner_path": "owner__team__path", "territory_id": "party__territory_id",
    "currency": "currency",
}  # fmt: skip


_READERS: dict[str, Reader] = {"party": party_as_json, "margin": lambda user: F("margin_rate")}


def _money(name: str) -> Show:
    def made(country: str, language: str) -> Callable[[Columns], Any]:
        return lambda row: (row[name], row["currency"])

    return made


def _percent(name: str) -> Show:
    def made(country: str, language: str) -> Callable[[Columns], Any]:
        return lambda row: "" if row[name] is None else one.percent(row[name] / 100)

    return made


def _status(country: str, language: str) -> Callable[[Columns], Any]:
    labels = {value: (str(label), TONES[value]) for value, label in Quote.Status.choices}
    return lambda row: [labels[row["status"]]]


_SHOWS: Mapping[str, Show] = {
    "party": lambda _c, _l: lambda row: party_link(row["party"]),
    "net": _money("net"),
    "total": _money("total"),
    "discount": _percent("discount"),
    "most_discount": _percent("most_discount"),
    "margin": _percent("margin"),
    "status": _status,
    "owner": lambda _c, _l: lambda row: row["owner"] or "",
}
# The columns that a card is moved into by an act; the others follow from what others do.
_MOVES: dict[str, Callable[[Quote, User], object]] = {
    "waiting": lambda quote, by: actions.submit_quote(quote, by=by),
    "approved": lambda quote, by: actions.submit_quote(quote, by=by),
    "draft": lambda quote, by: actions.redraft_quote(quote, by=by),
    "withdrawn": lambda quote, by: actions.withdraw_quotes([quote.pk], by=by),
}


def _within(user: User, act: str) -> QuerySet[Quote]:
    return Quote.objects.visible_to(user, act)


def _change(quote: Quote, field: Field, said: Any, by: User, version: int | None) -> object:
    if field.name == "status":
        return _move(quote, said, by)
    meant = {field.name: said or None}
    if field.own:
        meant = {"custom": {field.own.key: controls.meant(field.own, said, by)}}
    draft = read(meant, by=by, quote=quote)
    return actions.change_quote(quote, draft, by=by, version=version)


def _move(quote: Quote, said: Any, by: User) -> object:
    if said not in Quote.Status.values:
        raise Invalid({"value": _("Choose one of the list.")})
    act = _MOVES.get(said)
    if act is None:
        raise RuleBroken(_("Open the quote to send it, or to note what the customer said."))
    if said == Quote.Status.WITHDRAWN and not may_do(by, quote, "delete"):
        raise RuleBroken(_("Your role does not let you withdraw this quote."))
    return act(quote, by)


def _edit(keys: Sequence[int], columns: dict[str, Any], by: User) -> int:
    if "custom" in columns:
        return actions.note_of_quotes(keys, columns["custom"], by=by)
    owner = User.objects.get(pk=columns["owner_id"])
    return actions.give_quotes(keys, owner, by=by)


def _peek(quote: Quote, user: User) -> dict[str, Any]:
    """What a closer look at a quote needs."""
    lines = list(quote.lines.order_by("position", "pk")[:8])
    return {
        "quote": quote,
        "party": party_seen(user, quote.party_id),
        "lines": lines,
        "total": money_of(quote),
        "tone": TONES[quote.status],
    }


def _in_words(count: int) -> str:
    return ngettext("%s quote", "%s quotes", count) % one.number(count)


register(
    Roster(
        "quotes", "quote", _BASE, ("quotes", "contacts", "companies"), _within, _change, _edit,
        dump_rows, _in_words, "quotes:new",
        readers=_READERS, loaded=frozenset({"party"}), shows=_SHOWS,
        kinds={"number": "name", "net": "money", "total": "money", "status": "chips",
               "valid_until": "day", "sent_at": "moment", "seen_at": "moment",
               "decided_at": "moment", "created_at": "moment", "updated_at": "moment",
               "revision": "number"},
        leads="number", mark="file-pen-line",
        low=frozenset({"discount", "most_discount", "margin", "created_at", "updated_at"}),
        edited=frozenset({"title", "valid_until"}), chosen=frozenset({"status"}),
        needed=frozenset({"status", "owner"}), money={"net": "currency", "total": "currency"},
        counted=frozenset({"owner"}),
        new_label=lazy("New quote"), new_mark="plus", empty="quotes/_no_quotes.html",
        peek=("quotes/_peek.html", _peek),
    )
)  # fmt: skip
