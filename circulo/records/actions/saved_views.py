"""Keeping, changing and forgetting saved views; the records that they show are not touched."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from circulo.lib.errors import Invalid
from circulo.records.arranging import read_view
from circulo.records.models import SavedView
from circulo.records.resources import resource

if TYPE_CHECKING:
    from circulo.accounts.models import User


def save_view(name: str, label: str, said: Mapping[str, Any], *, by: User) -> SavedView:
    """Keep a list as it is set up now, under a name."""
    values = read_view(resource(name), {**said, "name": label}, by=by)
    return _written(SavedView(resource=name, owner=by), values)


@transaction.atomic
def change_view(view: SavedView, said: Mapping[str, Any], *, by: User) -> SavedView:
    """Let a view be as the list is set up now, be called otherwise, or be seen by others."""
    view = SavedView.objects.select_for_update().get(pk=view.pk)
    return _written(view, read_view(resource(view.resource), said, by=by))


def delete_view(view: SavedView, *, by: User) -> None:
    """Forget a view; the records that it showed stay."""
    view.delete()


def _written(view: SavedView, values: Mapping[str, Any]) -> SavedView:
    for key, value in values.items():
        setattr(view, key, value)
    try:
        with transaction.atomic():
            view.save()
    except IntegrityError as error:
        raise Invalid({"name": _("There is a view of this name already.")}) from error
    return view
