"""What the ledger keeps of territories, and what follows from putting it back."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from circulo.accounts.models import Territory, TerritoryMember
from circulo.records.tracking import Root, Tracked, root, track
from circulo.territories import actions

if TYPE_CHECKING:
    from circulo.accounts.models import User


def _within(user: User, act: str) -> QuerySet[Any] | None:
    """What administrators decide: nobody else takes it back."""
    return None if user.is_admin else Territory.objects.none()


def _named(user: User, keys: Collection[int]) -> dict[int, tuple[str, str]]:
    """Everybody knows what territories are called; only administrators open their pages."""
    return {
        one.pk: (one.name, f"/settings/territories/{one.public_id}" if user.is_admin else "")
        for one in Territory.objects.filter(pk__in=keys)
    }


def _settle(keys: Sequence[int], names: Collection[str]) -> None:
    """The tree is in order again, and parties lie where it says; in what is gone nobody does."""
    actions.mend_paths(keys)
    actions.follow_rules()


root(Root("territory", _within, _settle, named=_named, bears_on_others=True))
track(
    Tracked(
        Territory,
        "territory",
        _("Territory"),
        told=("name",),
        silent=frozenset({"position", "is_demo", "created_at"}),
        derived=frozenset({"path"}),
        bumped="version",
        touched="updated_at",
    ),
    Tracked(
        TerritoryMember,
        "territory_member",
        _("Works in it"),
        root="territory_id",
        root_kind="territory",
        told=("user_id",),
    ),
)
