"""A deal as other programs are shown it: one dictionary, by the names that it is written with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.expressions import Combinable
from django.db.models.functions import JSONObject

from circulo.accounts import prepared
from circulo.agenda.models import Entry
from circulo.lib import ids, money
from circulo.parties.models import Party
from circulo.parties.roster import party_as_json
from circulo.records.models import OWN
from circulo.records.own import links
from circulo.records.own.computed import teller
from circulo.records.own.definitions import defined
from circulo.sales.credit import parts_of
from circulo.sales.drafts import LEVELS
from circulo.sales.expressions import FOLLOWS
from circulo.sales.models import Deal, DealPerson, DealShare, Rival
from circulo.sales.shown_lines import lines_seen, lines_told

if TYPE_CHECKING:
    from circulo.accounts.models import User

KINDS = ("deals", "contacts", "companies", "tasks", "products")
PLAIN = ("title", "outcome", "expected_on", "closed_at", "opened_at", "stage_since", "probability",
         "days_in_stage", "is_stale", "source", "campaign", "reason_note", "lost_to", "tags",
         "notes", "reference", "agent", "amount_from_lines", "forecast", "forecast_as", "version",
         "created_at", "updated_at")  # fmt: skip
HIDDEN_WITH = {
    "weighted": "amount",
    "lines": "amount",
    "amount_from_lines": "amount",
    "reason_label": "reason",
    "reason_note": "reason",
    "lost_to": "rivals",
}
_COLUMNS = [
    field.attname
    for field in Deal._meta.concrete_fields
    if not field.attname.endswith("_key") and field.attname not in ("search", "rank", "is_demo")
]
_NAMES = ("pipeline__name", "stage__name", "owner__name", "reason__label")
_PARTS = ("party", "next_step", "people", "rivals", "shares", "lines")
_READ = (*_COLUMNS, *_NAMES, *FOLLOWS, *_PARTS)
_JSON = (*_PARTS, "custom")
_plain = itemgetter(*PLAIN)


def deals_shown(user: User, keys: Sequence[int]) -> list[dict[str, Any]]:
    """The visible ones among these deals in the order of the keys, read in one statement."""
    if not keys:
        return []
    found = prepared.statement("deals", user, KINDS, _gather).rows(user, list(keys))
    tell = teller(user, "deals")
    rows = (dict(zip(_READ, row, strict=True)) for row in found)
    shown = {row["id"]: _shape(row, tell) for row in rows}
    links.hide_unseen(user, defined("deals"), [one["custom"] for one in shown.values()])
    hidden = user.hidden_fields("deals")
    return [without(shown[key], hidden) for key in keys if key in shown]


def parts_seen(user: User) -> dict[str, Combinable]:
    """What hangs on a deal, each as JSON, as far as this person sees it."""
    parties = Party.objects.visible_to(user)
    steps = Entry.objects.visible_to(user).open().filter(deal_step__deal=OuterRef("pk"))
    people = DealPerson.objects.filter(deal=OuterRef("pk"), party__in=parties)
    rivals = Rival.objects.filter(deal=OuterRef("pk"))
    shares = DealShare.objects.filter(deal=OuterRef("pk"))
    return {
        "party": party_as_json(user),
        "next_step": Subquery(
            steps.order_by("falls_at", "pk").values(
                json=JSONObject(id="pk", title="title", due="due", kind="kind")
            )[:1]
        ),
        "people": ArraySubquery(
            people.order_by("pk").values(
                json=JSONObject(party="party_id", name="party__name", part="part")
            )
        ),
        "rivals": ArraySubquery(
            rivals.order_by("pk").values(
                json=JSONObject(name="name", strength="strength", note="note")
            )
        ),
        "shares": ArraySubquery(
            shares.order_by("pk").values(
                json=JSONObject(user="user_id", name="user__name", percent="percent")
            )
        ),
        "lines": lines_seen(user),
    }


def without(shown: dict[str, Any], hidden: frozenset[str]) -> dict[str, Any]:
    """A deal without what a role does not get to see."""
    if not hidden:
        return shown
    left = {n: v for n, v in shown.items() if HIDDEN_WITH.get(n, n) not in hidden}
    if "amount" in hidden and "shares" in left:
        left["shares"] = [{k: v for k, v in one.items() if k != "amount"} for one in left["shares"]]
    if "custom" in left:
        left["custom"] = {k: v for k, v in left["custom"].items() if OWN + k not in hidden}
    return left


def _gather(user: User) -> QuerySet[Any, Any]:
    rows = Deal.objects.visible_to(user).filter(pk__in=prepared.among_keys())
    parts = {f"seen_{name}": made for name, made in parts_seen(user).items()}
    follows = {name: made() for name, made in FOLLOWS.items()}
    return rows.annotate(**follows).values_list(*_COLUMNS, *_NAMES, *FOLLOWS, *parts.values())


def _shape(row: dict[str, Any], tell: Callable[[dict[str, Any]], dict[str, Any]]) -> dict[str, Any]:
    currency = row["currency"]
    for name in _JSON:
        row[name] = row[name] and prepared.loaded(row[name])
    party, step = row["party"], row["next_step"]
    said: dict[str, Any] = {"id": ids.encode("deal", row["id"])}
    said.update(zip(PLAIN, _plain(row), strict=True))
    return said | {
        "party": ids.encode("party", party["id"]) if party else None,
        "party_name": party["name"] if party else None,
        "pipeline": ids.encode("pipeline", row["pipeline_id"]),
        "pipeline_name": row["pipeline__name"],
        "stage": ids.encode("stage", row["stage_id"]),
        "stage_name": row["stage__name"],
        "amount": money.told_if_known(row["amount"], currency),
        "weighted": _rounded(row["weighted"], currency),
        "owner": ids.encode("user", row["owner_id"]),
        "owner_name": row["owner__name"],
        "created_by": _linked("user", row["created_by_id"]),
        "reason": _linked("reason", row["reason_id"]),
        "reason_label": row["reason__label"],
        "next_step": step and {**step, "id": ids.encode("entry", step["id"])},
        "people": [
            {**one, "party": ids.encode("party", one["party"])} for one in row["people"] or ()
        ],
        "rivals": [{**one, "strength": LEVELS[one["strength"]]} for one in row["rivals"] or ()],
        "shares": _shares(row["shares"] or (), row["amount"], currency),
        "lines": lines_told(row["lines"], currency) if row["lines"] else [],
        "custom": tell(row),
    }


def _shares(
    there: Sequence[dict[str, Any]], amount: Decimal | None, currency: str
) -> list[dict[str, Any]]:
    """Who sells it with its owner, and which part of the amount is theirs."""
    parts = parts_of(amount or Decimal(), [one["percent"] for one in there], currency)
    return [
        {**one, "user": ids.encode("user", one["user"]),
         "amount": None if amount is None else money.told(part, currency)}
        for one, part in zip(there, parts, strict=True)
    ]  # fmt: skip


def _rounded(amount: Decimal | None, currency: str) -> dict[str, str] | None:
    if amount is None:
        return None
    return money.told(amount.quantize(money.unit_of(currency), ROUND_HALF_UP), currency)


def _linked(kind: str, key: int | None) -> str | None:
    return ids.encode(kind, key) if key else None
