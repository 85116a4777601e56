"""Preferences handed out as a table that can be loaded again."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from circulo.accounts.models import User
from circulo.lib.readers.values import joined
from circulo.needs.answers import Said, valued
from circulo.needs.models import Preference
from circulo.parties.models import Point
from circulo.records import criteria
from circulo.records.resources import resource

_CHUNK = 2_000
COLUMNS = ("id", "party_id", "party", "email", "topic", "kind", "value", "strength", "rank",
           "source", "said_at")  # fmt: skip
HOLDS = {"strength": "whole", "rank": "whole", "said_at": "moment"}


def dump_preferences(user: User, said: dict[str, Any]) -> tuple[list[str], Iterator[list[Any]]]:
    """What holds of the parties that the person may see, as far as it fulfils the criterion."""
    rows: QuerySet[Preference] = Preference.objects.visible_to(user).current()
    rows = criteria.narrow(rows, resource("preferences"), said, user)
    return list(COLUMNS), _rows(rows.order_by("pk"), "emails" in user.hidden_fields("contacts"))


def _rows(rows: QuerySet[Preference], hides_emails: bool) -> Iterator[list[Any]]:
    email = Point.objects.filter(party=OuterRef("party"), kind="email", is_primary=True)
    found: QuerySet[Any] = rows.select_related("party", "topic").annotate(
        email=Subquery(email.values("value")[:1])
    )
    for row in found.iterator(_CHUNK):
        yield [
            row.public_id, row.party.public_id, row.party.name,
            "" if hides_emails else row.email, row.topic.key if row.topic else "", row.sort,
            _cell(valued(row.topic, Said.of(row))), row.strength, row.rank, row.source,
            row.said_at.isoformat(),
        ]  # fmt: skip


def _cell(value: Any) -> Any:
    """An answer as one cell; several choices are parted by semicolons."""
    if isinstance(value, list):
        return joined(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value.isoformat() if isinstance(value, date) else value
