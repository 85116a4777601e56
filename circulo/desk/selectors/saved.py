"""The saved views of a list as a person finds them, and the one that it opens with."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Exists, OuterRef

from circulo.accounts.models import User
from circulo.desk.models import ListChoice
from circulo.lib import ids
from circulo.records.models import SavedView


def views_of(user: User, name: str) -> list[SavedView]:
    """The views of a list that this person may open, their own first."""
    chosen = ListChoice.objects.filter(user=user, name=name, view=OuterRef("pk"))
    rows = SavedView.objects.visible_to(user).filter(resource=name)
    found = rows.annotate(is_chosen=Exists(chosen)).order_by("name", "pk")
    return sorted(found, key=lambda view: view.owner_id != user.pk)


def view_for(user: User, name: str, identifier: str, act: str = "view") -> SavedView | None:
    """A view that this person may open, or change."""
    seen = SavedView.objects.visible_to(user, act)
    return seen.filter(resource=name, pk=ids.decode("view", identifier) or 0).first()


def opening_view(user: User, views: Sequence[SavedView]) -> SavedView | None:
    """The view that a list opens with: the one this person chose, else the one of their role."""
    chosen = (view for view in views if getattr(view, "is_chosen", False))
    of_role = (view for view in views if user.role_id in view.for_roles)
    return next(chosen, None) or next(of_role, None)
