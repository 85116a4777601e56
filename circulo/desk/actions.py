"""What a person decides about their own desk."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from circulo.accounts.models import User
from circulo.desk.models import ListChoice, PutAway, SavedView
from circulo.lib.errors import Invalid
from circulo.lib.text import clean


def remember_list(user: User, name: str, columns: Sequence[str], sort: str) -> None:
    """Keep the columns and the order in which a person likes a list."""
    liked = {"columns": list(columns), "sort": sort}
    ListChoice.objects.update_or_create(user=user, name=name, defaults=liked)


def put_away(user: User, name: str) -> None:
    """Do not show something on Today again."""
    PutAway.objects.get_or_create(user=user, name=name)


def bring_back(user: User, name: str) -> None:
    """Show on Today again what was put away."""
    PutAway.objects.filter(user=user, name=name).delete()


def save_view(name: str, label: str, said: Mapping[str, Any], *, by: User) -> SavedView:
    """Keep a list as it is set up now, under a name."""
    label = clean(label, limit=60)
    if not label:
        raise Invalid({"name": _("Give the view a name.")})
    if SavedView.objects.filter(owner=by, resource=name, name=label).exists():
        raise Invalid({"name": _("You have a view of this name already.")})
    return SavedView.objects.create(resource=name, name=label, owner=by, **_settings(said, by))


@transaction.atomic
def change_view(view: SavedView, said: Mapping[str, Any], *, by: User) -> SavedView:
    """Let a view be as the list is set up now, or be seen by others."""
    view = SavedView.objects.select_for_update().get(pk=view.pk)
    for key, value in _settings(said, by).items():
        setattr(view, key, value)
    view.save()
    return view


def delete_view(view: SavedView, *, by: User) -> None:
    """Forget a view; the records that it showed stay."""
    view.delete()


def open_with(user: User, name: str, view: SavedView | None) -> None:
    """Let a list open with a view, or as it is."""
    ListChoice.objects.update_or_create(user=user, name=name, defaults={"view": view})


def _settings(said: Mapping[str, Any], by: User) -> dict[str, Any]:
    """What may be said of a view; which roles begin with it only an administrator says."""
    sharing = said.get("sharing")
    if sharing is not None and sharing not in SavedView.Sharing.values:
        raise Invalid({"sharing": _("Choose one of the list.")})
    roles = said.get("for_roles")
    if roles and not by.is_admin:
        raise Invalid({"for_roles": _("Only administrators say what a role begins with.")})
    return dict(said)
