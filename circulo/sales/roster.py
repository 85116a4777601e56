"""How deals stand in their list and on their board, and how they are changed there."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.expressions import Combinable
from django.db.models.functions import JSONObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from circulo.accounts.models import User
from circulo.agenda.models import Entry
from circulo.lib import format as one
from circulo.lib import ids
from circulo.parties.models import Party
from circulo.parties.roster import party_as_json, party_link
from circulo.parties.selectors import party_seen
from circulo.records.own import controls
from circulo.records.resources import Field, Type
from circulo.records.rosters import Columns, Reader, Roster, Show, register
from circulo.sales import actions
from circulo.sales.board import BOARD
from circulo.sales.credit import parts_of
from circulo.sales.drafts import read
from circulo.sales.dumps import dump_rows
from circulo.sales.expressions import FOLLOWS
from circulo.sales.models import Deal, DealShare, Pipeline, Reason, Stage
from circulo.sales.selectors.colours import tints_of
from circulo.sales.selectors.offered import forecasts_offered

TONES = {"won": "good", "lost": "line", "open": "accent"}
_BASE = {
    "id": "id", "title": "title", "owner_id": "owner_id", "owner": "owner__name",
    "owner_path": "owner__team__path", "territory_id": "party__territory_id",
    "currency": "currency",
}  # fmt: skip


def _following(name: str) -> Reader:
    return lambda user: FOLLOWS[name]()


def _territory(user: User) -> Combinable:
    rows = Party.objects.visible_to(user).filter(pk=OuterRef("party_id"))
    return Subquery(rows.values("territory__name"))


def _reason() -> Combinable:
    return Subquery(Reason.objects.filter(pk=OuterRef("reason_id")).values("label"))


def _shares(user: User) -> Combinable:
    shares = DealShare.objects.filter(deal=OuterRef("pk")).order_by("pk")
    return ArraySubquery(shares.values(json=JSONObject(name="user__name", percent="percent")))


_READERS: dict[str, Reader] = {
    "party": party_as_json,
    "shares": _shares,
    "territory": _territory,
    "pipeline": lambda user: Subquery(
        Pipeline.objects.filter(pk=OuterRef("pipeline_id")).values("name")
    ),
    "stage": lambda user: Subquery(Stage.objects.filter(pk=OuterRef("stage_id")).values("name")),
    "reason": lambda user: _reason(),
    "why": lambda user: _reason(),
    **{name: _following(name) for name in FOLLOWS},
}


def _money(name: str) -> Show:
    def made(country: str, language: str) -> Callable[[Columns], Any]:
        return lambda row: None if row[name] is None else (row[name], row["currency"])

    return made


def _outcome(country: str, language: str) -> Callable[[Columns], Any]:
    labels = {value: (str(label), TONES[value]) for value, label in Deal.Outcome.choices}
    return lambda row: [labels[row["outcome"]], *filter(None, [row.get("why")])]


def _forecast(country: str, language: str) -> Callable[[Columns], Any]:
    labels = {value: str(label) for value, label in forecasts_offered().items()}
    return lambda row: labels[row["forecast"]]


def _shared(country: str, language: str) -> Callable[[Columns], Any]:
    """Each colleague with their share and, where the amount stands beside it, what it comes to."""

    def show(row: Columns) -> str:
        shares, amount, currency = row["shares"] or (), row.get("amount"), row["currency"]
        told = [f"{share['name']} {share['percent']} %" for share in shares]
        if amount is None or not told:
            return one.joined(told)
        parts = parts_of(amount, [share["percent"] for share in shares], currency)
        told = [
            f"{text}: {one.money(part, currency)}" for text, part in zip(told, parts, strict=True)
        ]
        rest = one.money(amount - sum(parts), currency)
        return one.joined([*told, _("owner: %s") % rest])

    return show


_SHOWS: Mapping[str, Show] = {
    "party": lambda _c, _l: lambda row: party_link(row["party"]),
    "shares": _shared,
    "amount": _money("amount"),
    "weighted": _money("weighted"),
    "outcome": _outcome,
    "forecast": _forecast,
    "owner": lambda _c, _l: lambda row: row["owner"] or "",
    "probability": lambda _c, _l: lambda row: f"{row['probability']} %",
    "is_stale": lambda _c, _l: lambda row: _yes(row["is_stale"]),
    "has_next_step": lambda _c, _l: lambda row: _yes(row["has_next_step"]),
}


def _yes(value: bool) -> str:
    return str(lazy("yes") if value else lazy("no"))


def _within(user: User, act: str) -> QuerySet[Deal]:
    return Deal.objects.visible_to(user, act)


def _change(deal: Deal, field: Field, said: Any, by: User, version: int | None) -> object:
    draft = read(_meant(field, said, by), by=by, deal=deal)
    return actions.change_deal(deal, draft, by=by, version=version)


def _meant(field: Field, said: Any, by: User) -> dict[str, Any]:
    """What was typed, in the words of the API."""
    if field.own:
        return {"custom": {field.own.key: controls.meant(field.own, said, by)}}
    if field.type is Type.NUMBER:
        number = one.parse_number(said) if said else None
        return {field.name: None if number is None else str(number)}
    if field.type is Type.LIST:
        return {field.name: [tag.strip() for tag in said.split(",") if tag.strip()]}
    return {field.name: said or None}


def _typed(deal: Deal, field: Field) -> Any:
    if field.name == "stage":
        return ids.encode("stage", deal.stage_id)
    value = getattr(deal, field.name)
    if field.type is Type.LIST:
        return ", ".join(value)
    return one.typed_number(value) if field.type is Type.NUMBER else value


def _peek(deal: Deal, user: User) -> dict[str, Any]:
    """What a closer look at a deal needs."""
    steps = Entry.objects.visible_to(user).open().filter(deal_step__deal=deal)
    hidden = user.hidden_fields("deals")
    return {
        "deal": deal,
        "party": party_seen(user, deal.party_id),
        "steps": steps.order_by("falls_at", "pk")[:3],
        "amount": "" if "amount" in hidden else one.money(deal.amount, deal.currency),
        "notes": "" if "notes" in hidden else deal.notes,
        "tone": TONES[deal.outcome],
    }


def _edit(keys: Sequence[int], columns: dict[str, Any], by: User) -> int:
    return actions.edit_deals(keys, columns, by=by)


def _in_words(count: int) -> str:
    return ngettext("%s deal", "%s deals", count) % one.number(count)


register(
    Roster(
        "deals", "deal", _BASE, ("deals", "contacts", "companies"), _within, _change, _edit,
        dump_rows, _in_words, "sales:new",
        readers=_READERS, loaded=frozenset({"party", "shares"}), shows=_SHOWS,
        beside={"outcome": ("why", "reason")},
        kinds={"title": "name", "amount": "money", "weighted": "money", "outcome": "chips",
               "tags": "chips", "expected_on": "day", "closed_at": "moment",
               "stage_since": "moment", "days_in_stage": "number", "opened_at": "moment",
               "created_at": "moment", "updated_at": "moment"},
        leads="title", also=("tags",), mark="target",
        low=frozenset({"days_in_stage", "tags", "source", "campaign", "created_at", "updated_at"}),
        edited=frozenset({"title", "stage", "amount", "expected_on", "owner", "source", "campaign",
                          "tags"}),
        needed=frozenset({"stage", "owner"}),
        unsummed=frozenset({"probability", "days_in_stage"}),
        money={"amount": "currency", "weighted": "currency"},
        counted=frozenset({"owner", "source", "campaign", "stage", "pipeline", "reason"}),
        new_label=lazy("New deal"), new_mark="plus", empty="sales/_no_deals.html",
        board=BOARD, typed=_typed, peek=("sales/_peek.html", _peek),
        tints=tints_of,
    )
)  # fmt: skip
