"""Templates as the API and the criteria language see them."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from circulo.documents.models import Template
from circulo.records.resources import Field, Resource, Type, named, register


def _kinds() -> dict[str, str | Promise]:
    return dict(Template.Kind.choices)


register(
    Resource(
        "templates",
        "templates",
        _("Templates"),
        lambda user: Template.objects.visible_to(user),
        named(
            [
                Field("name", _("Name"), sort_by="name"),
                Field("kind", _("Kind"), Type.CHOICE, choices=_kinds),
                Field("is_active", _("In use"), Type.YES_NO),
                Field("owner", _("Owner"), Type.LINK, link="user"),
                Field("updated_at", _("Changed"), Type.MOMENT, sort_by="updated_at"),
            ]
        ),
        "name",
        model=Template,
    )
)
