"""What this app adds to a party's page and overview: what is known of its needs, ranked, and the
question that is most worth asking."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    CharField,
    Count,
    ExpressionWrapper,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import JSONObject, Now
from django.utils import timezone
from django.utils.dateparse import parse_date

from circulo.accounts.rights import Reach, owned_within
from circulo.lib import ids
from circulo.needs.answers import Said, headed, tidy, told, valued
from circulo.needs.certainty import HALF_LIFE, certainty
from circulo.needs.models import Asking, Preference, Sort, Topic
from circulo.needs.selectors.worth import LEAST, MOST_ASKED, WITHIN_DAYS, questions
from circulo.parties.overview import Panel, register

if TYPE_CHECKING:
    from circulo.accounts.models import User

MOST_KNOWN = 40
_TOPIC = ("key", "short_es", "short_en", "label_es", "label_en", "answer", "choices",
          "half_life_days")  # fmt: skip
_KNOWN = ("sort", "text", "picked", "amount", "is_so", "day", "strength", "rank", "source",
          "said_at")  # fmt: skip


def _needs(user: User) -> Combinable:
    """What holds, the question that is worth most, and how many were asked lately."""
    known = Preference.objects.current().filter(party=OuterRef("pk")).ranked()
    if user.reach("preferences") != Reach.ALL:
        known = known.filter(
            owned_within(
                user, "preferences", "view", owner="party__owner", territory="party__territory"
            )
        )
    shape = JSONObject(
        id="pk",
        by="by__name",
        **{name: name for name in _KNOWN},
        **{f"topic_{name}": f"topic__{name}" for name in _TOPIC},
    )
    kind = ExpressionWrapper(OuterRef("kind"), output_field=CharField())
    of_kind = Q(is_for_contacts=True, of="person") | Q(is_for_companies=True, of="organisation")
    next_one = (
        questions(OuterRef(OuterRef("pk")))
        .alias(of=kind)
        .filter(of_kind, worth__gte=LEAST)
        .order_by("-worth", "position", "pk")
        .values(json=JSONObject(worth="worth", said_at="said_at", **{n: n for n in _TOPIC}))
    )
    lately = (
        Asking.objects.filter(
            party=OuterRef("pk"), asked_at__gt=Now() - timedelta(days=WITHIN_DAYS)
        )
        .order_by()
        .values("party")
        .annotate(count=Count("pk"))
        .values("count")
    )
    return JSONObject(
        known=ArraySubquery(known.values(json=shape)[:MOST_KNOWN]),
        next=Subquery(next_one[:1]),
        lately=Subquery(lately, output_field=IntegerField()),
    )


def _told(found: dict[str, Any]) -> dict[str, Any]:
    now = timezone.now()
    rests = (found["lately"] or 0) >= MOST_ASKED
    asked = found["next"] if not rests else None
    return {
        "known": [_known(row, now) for row in found["known"]],
        "next": asked and _question(asked),
        "rests": rests,
    }


def _known(row: dict[str, Any], now: datetime) -> dict[str, Any]:
    topic = _topic({name: row[f"topic_{name}"] for name in _TOPIC}) if row["topic_key"] else None
    amount = None if row["amount"] is None else tidy(Decimal(str(row["amount"])))
    day = parse_date(row["day"]) if row["day"] else None
    said = Said(row["text"], row["picked"], amount, row["is_so"], day)
    said_at = datetime.fromisoformat(row["said_at"])
    sure = certainty(said_at, topic.half_life_days if topic else HALF_LIFE, now)
    return {
        "id": ids.encode("preference", row["id"]),
        "kind": row["sort"],
        "topic": topic.key if topic else None,
        "name": topic.name if topic else str(Sort(row["sort"]).label),
        "value": valued(topic, said),
        "words": told(topic, said),
        "headed": headed(topic, told(topic, said)),
        "strength": row["strength"],
        "rank": row["rank"],
        "source": row["source"],
        "source_name": str(Preference.Source(row["source"]).label),
        "by": row["by"],
        "said_at": said_at,
        "certainty": round(sure, 2),
    }


def _question(row: dict[str, Any]) -> dict[str, Any]:
    topic = _topic({name: row[name] for name in _TOPIC})
    return {
        "topic": topic.key,
        "name": topic.name,
        "question": topic.question,
        "answer": topic.answer,
        "choices": [{"key": key, "label": label} for key, label in topic.offered],
        "worth": round(row["worth"], 2),
        "said_at": row["said_at"],
    }


def _topic(columns: dict[str, Any]) -> Topic:
    return Topic(**columns)


register(
    Panel(
        "needs",
        _needs,
        _told,
        "needs/_panel.html",
        "right",
        20,
        kind="preferences",
        rights=("preferences",),
    )
)
