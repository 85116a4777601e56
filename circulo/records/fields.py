"""Users, teams and what else the records themselves bring, as lists see them."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet, TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from circulo.accounts.models import ROLE_LABELS, Team, User
from circulo.records.models import Export, Load, OwnField, SavedView
from circulo.records.resources import Field, Resource, Type, named, register


def _roles() -> dict[str, str | Promise]:
    return {name.value: label for name, label in ROLE_LABELS.items()}


def _named_like(rows: QuerySet[Any], words: str) -> QuerySet[Any]:
    for word in words.split()[:6]:
        rows = rows.filter(Q(name__unaccent__icontains=word) | Q(email__icontains=word))
    return rows


def _fields_of_work(states: type[TextChoices]) -> dict[str, Field]:
    """Those of files that are brought in or handed out in the background."""
    return named(
        [
            Field("created_at", _("Created"), Type.MOMENT, sort_by="pk"),
            Field("type", _("Type")),
            Field("state", _("State"), Type.CHOICE, choices=lambda: dict(states.choices)),
        ]
    )


register(
    Resource(
        "users",
        "users",
        _("Users"),
        lambda user: User.objects.select_related("role", "team"),
        named(
            [
                Field("name", _("Name"), sort_by="name"),
                Field("email", _("E-mail"), sort_by="email"),
                Field("role", _("Role"), Type.CHOICE, choices=_roles),
                Field("team", _("Team"), Type.LINK, link="team"),
                Field("is_active", _("May log in"), Type.YES_NO),
            ]
        ),
        "name",
        search=_named_like,
        model=User,
    )
)
register(
    Resource(
        "teams",
        "teams",
        _("Teams"),
        lambda user: Team.objects.all(),
        named(
            [
                Field("name", _("Name"), sort_by="name"),
                Field("parent", _("Above it"), Type.LINK, link="team"),
            ]
        ),
        "name",
        model=Team,
    )
)
register(
    Resource(
        "imports",
        "imports",
        _("Imports"),
        lambda user: Load.objects.visible_to(user),
        _fields_of_work(Load.State),
        "-created_at",
        model=Load,
    )
)
register(
    Resource(
        "exports",
        "exports",
        _("Exports"),
        lambda user: Export.objects.visible_to(user),
        _fields_of_work(Export.State),
        "-created_at",
        model=Export,
    )
)
register(
    Resource(
        "fields",
        "fields",
        _("Own fields"),
        lambda user: OwnField.objects.visible_to(user),
        named(
            [
                Field("position", _("Order"), Type.NUMBER, sort_by="position"),
                Field("key", _("Key"), sort_by="key"),
                Field("resource", _("Kind of record")),
                Field("kind", _("Holds"), Type.CHOICE, choices=lambda: dict(OwnField.Kind.choices)),
            ]
        ),
        "position",
        model=OwnField,
    )
)
register(
    Resource(
        "views",
        "views",
        _("Saved views"),
        lambda user: SavedView.objects.visible_to(user).select_related("owner"),
        named(
            [
                Field("name", _("Name"), sort_by="name"),
                Field("created_at", _("Created"), Type.MOMENT, sort_by="pk"),
                Field("resource", _("Kind of record")),
                Field("owner", _("Owner"), Type.LINK, path="owner", link="user"),
                Field(
                    "sharing",
                    _("Who sees it"),
                    Type.CHOICE,
                    choices=lambda: dict(SavedView.Sharing.choices),
                ),
            ]
        ),
        "name",
        model=SavedView,
    )
)
