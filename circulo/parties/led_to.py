"""Fields of the party that a record of another app leads to, for its list to filter by."""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from circulo.parties.models import Party
from circulo.records.resources import Field, Type


def of_party(name: str, label: str | Promise, type: Type = Type.TEXT, **more: Any) -> Field:
    """A field of the contact or company of a record, where that one is seen."""
    return Field(
        f"party.{name}", label, type, path=more.pop("path", name),
        related=lambda user: Party.objects.visible_to(user), back="pk", outer="party_id",
        is_column=False, of=_("Contact"), **more,
    )  # fmt: skip


def lifecycles() -> dict[str, str | Promise]:
    """What a party can be to the firm."""
    return dict(Party.Lifecycle.choices)
