"""The people who work here, as they are brought in from files and handed out again."""

from collections.abc import Iterator
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from circulo.accounts.models import User
from circulo.records import criteria
from circulo.records.load_types import LoadField, LoadType, register
from circulo.records.resources import resource
from circulo.territories.loading import PeopleImporter

COLUMNS = ["name", "email", "role", "team", "territory"]


def dump_people(user: User, said: dict[str, Any]) -> tuple[list[str], Iterator[list[Any]]]:
    """Who works here, each with the team and the first territory."""
    kind = resource("users")
    rows = criteria.narrow(kind.visible(user), kind, said, user)
    return COLUMNS, map(_row, rows.prefetch_related("territories").order_by("pk"))


def _row(person: User) -> list[Any]:
    territories = sorted(person.territories.all(), key=lambda one: one.path)
    return [
        person.name,
        person.email if person.has_address else "",
        person.role_id,
        person.team.name if person.team else "",
        territories[0].name if territories else "",
    ]


def _f(name: str, label: str | Promise, headings: str) -> LoadField:
    return LoadField(name, label, tuple(part.strip() for part in headings.split("|")))


FIELDS = (
    _f("name", _("Name"), "nombre | full name | sales_agent | sales agent | agente |"
       " agente comercial | comercial | vendedor | salesperson | user | usuario |"
       " employee | empleado"),
    _f("email", _("E-mail"), "correo | correo electrónico | e-mail | mail | login"),
    _f("role", _("Role"), "rol | papel | perfil | profile"),
    _f("team", _("Team"), "equipo | sales team | equipo de ventas | grupo"),
    _f("manager", _("Manager"), "responsable | jefe | jefa | supervisor | boss | reports to"),
    _f("territory", _("Territory"), "territorio | regional_office | regional office | oficina |"
       " delegación | zona | región | region | area"),
)  # fmt: skip

register(
    LoadType(
        "users",
        _("Users"),
        "users",
        FIELDS,
        ("email", "name"),
        PeopleImporter,
        dumped=dump_people,
    )
)
