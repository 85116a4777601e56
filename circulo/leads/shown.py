"""A lead as other programs are shown it: one dictionary, by the names that it is written with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject

from circulo.accounts import prepared
from circulo.leads.expressions import FOLLOWS
from circulo.leads.models import Lead
from circulo.leads.words import route_in_words
from circulo.lib import ids
from circulo.parties.models import Party
from circulo.records.models import OWN
from circulo.records.own import links
from circulo.records.own.computed import teller
from circulo.records.own.definitions import defined
from circulo.sales.models import Deal

if TYPE_CHECKING:
    from circulo.accounts.models import User

KINDS = ("leads", "contacts", "companies", "deals")
PLAIN = ("name", "given_name", "first_surname", "second_surname", "company", "job_title", "email",
         "phone", "city", "postal_code", "region", "country", "message", "language", "source",
         "campaign", "channel", "status", "reason_note", "score", "score_kind", "scored_at",
         "arrived_at", "answer_due_at", "answered_at", "is_unanswered", "is_overdue",
         "is_in_time", "converted_at", "tags", "reference", "version", "created_at",
         "updated_at")  # fmt: skip
HIDDEN_WITH = {
    "reason_label": "reason",
    "reason_note": "reason",
    "score_reasons": "score",
    "score_kind": "score",
    "scored_at": "score",
}
_COLUMNS = [
    field.attname
    for field in Lead._meta.concrete_fields
    if not field.attname.endswith("_key") and field.attname not in ("search", "is_demo")
]
_NAMES = ("owner__name", "team__name", "reason__label")
_PARTS = ("party", "company_party", "deal")
_READ = (*_COLUMNS, *_NAMES, *FOLLOWS, *_PARTS)
_JSON = (*_PARTS, "route", "score_reasons", "custom")
_plain = itemgetter(*PLAIN)


def leads_shown(user: User, keys: Sequence[int]) -> list[dict[str, Any]]:
    """The visible ones among these leads in the order of the keys, read in one statement."""
    if not keys:
        return []
    found = prepared.statement("leads", user, KINDS, _gather).rows(user, list(keys))
    tell = teller(user, "leads")
    rows = (dict(zip(_READ, row, strict=True)) for row in found)
    shown = {row["id"]: _shape(row, tell) for row in rows}
    links.hide_unseen(user, defined("leads"), [one["custom"] for one in shown.values()])
    hidden = user.hidden_fields("leads")
    return [without(shown[key], hidden) for key in keys if key in shown]


def without(shown: dict[str, Any], hidden: frozenset[str]) -> dict[str, Any]:
    """A lead without what a role does not get to see."""
    if not hidden:
        return shown
    left = {n: v for n, v in shown.items() if HIDDEN_WITH.get(n, n) not in hidden}
    if "custom" in left:
        left["custom"] = {k: v for k, v in left["custom"].items() if OWN + k not in hidden}
    return left


def _gather(user: User) -> QuerySet[Any, Any]:
    parties, deals = Party.objects.visible_to(user), Deal.objects.visible_to(user)
    named = {
        f"seen_{name}": Subquery(
            parties.filter(pk=OuterRef(f"{name}_id")).values(json=JSONObject(id="pk", name="name"))
        )
        for name in ("party", "company_party")
    }
    named["seen_deal"] = Subquery(
        deals.filter(pk=OuterRef("deal_id")).values(json=JSONObject(id="pk", name="title"))
    )
    rows = Lead.objects.visible_to(user).filter(pk__in=prepared.among_keys())
    follows = {name: made() for name, made in FOLLOWS.items()}
    return rows.annotate(**follows).values_list(*_COLUMNS, *_NAMES, *FOLLOWS, *named.values())


def _shape(row: dict[str, Any], tell: Callable[[dict[str, Any]], dict[str, Any]]) -> dict[str, Any]:
    for name in _JSON:
        row[name] = row[name] and prepared.loaded(row[name])
    party, company, deal = row["party"], row["company_party"], row["deal"]
    said: dict[str, Any] = {"id": ids.encode("lead", row["id"])}
    said.update(zip(PLAIN, _plain(row), strict=True))
    return said | {
        "party": party and ids.encode("party", party["id"]),
        "party_name": party and party["name"],
        "company_party": company and ids.encode("party", company["id"]),
        "company_party_name": company and company["name"],
        "deal": deal and ids.encode("deal", deal["id"]),
        "reason": _linked("lead_reason", row["reason_id"]),
        "reason_label": row["reason__label"],
        "score_reasons": row["score_reasons"] or [],
        "owner": _linked("user", row["owner_id"]),
        "owner_name": row["owner__name"],
        "team": _linked("team", row["team_id"]),
        "team_name": row["team__name"],
        "route": route_in_words(row["route"] or {}),
        "created_by": _linked("user", row["created_by_id"]),
        "custom": tell(row),
    }


def _linked(kind: str, key: int | None) -> str | None:
    return ids.encode(kind, key) if key else None
