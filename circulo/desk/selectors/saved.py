"""The saved views of a list as a person finds them, and the one that it opens with."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from circulo.accounts import prepared
from circulo.accounts.models import User
from circulo.desk.models import ListChoice
from circulo.lib import ids
from circulo.lib.compiled import compiled
from circulo.records.models import SavedView
from circulo.records.rows import Rows, statement

_COLUMNS = prepared.columns_of(SavedView)


def views_of(user: User, name: str) -> list[SavedView]:
    """The views of a list that this person may open, their own first."""

    def build(rows: QuerySet[SavedView]) -> tuple[str, tuple[Any, ...]]:
        return compiled(rows.order_by("name", "pk").values_list(*_COLUMNS, "is_chosen"))

    asked = Rows(partial(_opened, name), user, f"views of {name}", SavedView)
    found = [_made(row) for row in statement("views", build, asked).rows()]
    return sorted(found, key=lambda view: view.owner_id != user.pk)


def _opened(name: str, user: User) -> QuerySet[SavedView]:
    chosen = ListChoice.objects.filter(user=user, name=name, view=OuterRef("pk"))
    rows = SavedView.objects.visible_to(user).filter(resource=name)
    return rows.annotate(is_chosen=Exists(chosen))


def _made(row: tuple[Any, ...]) -> SavedView:
    view = prepared.made(SavedView, row)
    view.is_chosen = row[-1]  # type: ignore[attr-defined]  # by whom it is asked for
    return view


def view_for(user: User, name: str, identifier: str, act: str = "view") -> SavedView | None:
    """A view that this person may open, or change."""
    seen = SavedView.objects.visible_to(user, act)
    return seen.filter(resource=name, pk=ids.decode("view", identifier) or 0).first()


def opening_view(user: User, views: Sequence[SavedView]) -> SavedView | None:
    """The view that a list opens with: the one this person chose, else the one of their role."""
    chosen = (view for view in views if getattr(view, "is_chosen", False))
    of_role = (view for view in views if user.role_id in view.for_roles)
    return next(chosen, None) or next(of_role, None)
