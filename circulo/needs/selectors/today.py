"""Know your customers better: whom one looks after and of whom most is still to be learned."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import BooleanField, ExpressionWrapper, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from circulo.accounts.models import User
from circulo.accounts.rights import Reach
from circulo.lib import format as fmt
from circulo.lib.compiled import compiled
from circulo.needs.models import Topic
from circulo.needs.selectors.worth import LEAST, MOST_ASKED, WITHIN_DAYS
from circulo.parties.models import Party

LOOKED_THROUGH, SHOWN, NAMED = 300, 5, 3
PURSUED = (Party.Lifecycle.CUSTOMER, Party.Lifecycle.PROSPECT, Party.Lifecycle.MEMBER)
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_GAPS = """
    WITH mine AS ({mine}), gap AS (
        SELECT m.id AS party, t.id AS topic, p.said_at IS NULL AS is_new,
               circulo_question_value(t.weight, t.half_life_days, t.rest_days, p.said_at, a.at,
                                      now()) AS worth
        FROM mine m
        JOIN needs_topic t ON t.retired_at IS NULL
         AND CASE WHEN m.kind = 'person' THEN t.is_for_contacts ELSE t.is_for_companies END
        LEFT JOIN needs_preference p
          ON p.party_id = m.id AND p.topic_id = t.id AND p.ended_at IS NULL
        LEFT JOIN LATERAL (
            SELECT max(asked_at) AS at FROM needs_asking
            WHERE party_id = m.id AND topic_id = t.id) a ON true
    )
    SELECT party, array_agg(topic ORDER BY worth DESC, topic) FILTER (WHERE is_new),
           array_agg(topic ORDER BY worth DESC, topic) FILTER (WHERE NOT is_new)
    FROM gap WHERE worth >= %s AND (
        SELECT count(*) FROM needs_asking
        WHERE party_id = party AND asked_at > now() - %s * interval '1 day') < %s
    GROUP BY party ORDER BY sum(worth) DESC, party LIMIT %s
"""


@dataclass(frozen=True)
class Gap:
    """A party of whom something is worth asking, and what."""

    party: Party
    reason: str


def gaps(user: User) -> dict[str, Any] | None:
    """Some of one's own parties with the most valuable gaps, each with its reason.

    Looks through some hundred of them, beginning at another letter each day; what it costs does not
    depend on how many one looks after.
    """
    if not user.may("preferences", "create") or user.reach("preferences") == Reach.NONE:
        return None
    found = _found(user)
    if not found:
        return None
    parties = Party.objects.visible_to(user).defer("search", "notes", "custom")
    known = parties.in_bulk([key for key, _new, _old in found])
    names = {topic.pk: topic.name for topic in Topic.objects.in_use()}
    shown = [
        Gap(known[key], _reason(new or [], old or [], names))
        for key, new, old in found
        if key in known
    ]
    return {"gaps": shown} if shown else None


def _found(user: User) -> list[tuple[int, list[int], list[int]]]:
    rows = Party.objects.visible_to(user).filter(owner=user.pk, lifecycle__in=PURSUED)
    letter = _LETTERS[timezone.localdate().toordinal() % len(_LETTERS)]
    is_before = ExpressionWrapper(Q(sort_key__lt=letter), BooleanField())
    mine = rows.annotate(is_before=is_before).order_by("is_before", "sort_key", "pk")
    sql, parameters = compiled(mine.values("id", "kind")[:LOOKED_THROUGH])
    with connection.cursor() as cursor:
        cursor.execute(_GAPS.format(mine=sql), [*parameters, LEAST, WITHIN_DAYS, MOST_ASKED, SHOWN])
        return list(cursor.fetchall())


def _reason(new: list[int], old: list[int], names: dict[int, str]) -> str:
    """What nobody knows yet, or else what was said so long ago that it may have changed."""
    parts = []
    if asked := [names[key] for key in new[:NAMED] if key in names]:
        parts.append(_("Not known yet: %s") % fmt.joined(asked))
    if asked := [names[key] for key in old[: NAMED - len(asked)] if key in names]:
        parts.append(_("said long ago: %s") % fmt.joined(asked))
    return "; ".join(parts)
