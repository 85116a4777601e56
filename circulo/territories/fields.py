"""Territories as the API lists them."""

from django.utils.translation import gettext_lazy as _

from circulo.accounts.models import Territory
from circulo.accounts.territory_tree import offered
from circulo.records.resources import Field, Resource, Type, named, register

register(
    Resource(
        "territories",
        "territories",
        _("Territories"),
        lambda user: Territory.objects.visible_to(user),
        named(
            [
                Field("name", _("Name"), sort_by="name"),
                Field("parent", _("Lies within"), Type.LINK, link="territory", choices=offered),
                Field("manager", _("Manager"), Type.LINK, link="user"),
                Field("is_active", _("In use"), Type.YES_NO),
            ]
        ),
        "name",
        model=Territory,
    )
)
