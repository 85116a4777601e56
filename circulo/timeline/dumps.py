"""Interactions handed out as a table that can be loaded again."""

from collections.abc import Iterator
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery, Value

from circulo.accounts.models import User
from circulo.lib import ids
from circulo.parties.models import Point
from circulo.records import criteria
from circulo.records.resources import resource
from circulo.timeline.models import Interaction

_CHUNK = 2_000
COLUMNS = ("id", "kind", "occurred_at", "party_id", "party", "email", "subject", "body", "channel",
           "direction", "by", "source_key")  # fmt: skip
HOLDS = {"occurred_at": "moment"}

_PATHS = ("pk", "kind", "occurred_at", "party_id", "party_name", "email", "subject", "body",
          "channel", "direction", "author", "source_key")  # fmt: skip


def dump_interactions(user: User, said: dict[str, Any]) -> tuple[list[str], Iterator[list[Any]]]:
    """The interactions that the person may see and that fulfil the criterion."""
    rows: QuerySet[Interaction] = Interaction.objects.visible_to(user)
    rows = criteria.narrow(rows, resource("interactions"), said, user)
    return dump_rows(rows, user)


def dump_rows(rows: QuerySet[Interaction], user: User) -> tuple[list[str], Iterator[list[Any]]]:
    """Headings and rows of a list already narrowed to what this person may see."""
    return list(COLUMNS), _rows(rows.order_by("pk"), "emails" in user.hidden_fields("contacts"))


def _rows(rows: QuerySet[Interaction], hides_emails: bool) -> Iterator[list[Any]]:
    email = Point.objects.filter(party=OuterRef("party"), kind="email", is_primary=True)
    found = rows.annotate(
        email=Value("") if hides_emails else Subquery(email.values("value")[:1]),
        author=F("by__email"),
        party_name=F("party__name"),
    ).values_list(*_PATHS)
    for key, kind, when, party, *rest in found.iterator(_CHUNK):
        contact = ids.encode("party", party)
        yield [ids.encode("interaction", key), kind, when.isoformat(), contact, *rest]
