"""Quotas, as they are brought in from files and handed out again."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from circulo.forecasts.loading import QuotaImporter, dump_quotas
from circulo.records.load_types import LoadField, LoadType, register


def _f(name: str, label: str | Promise, headings: str, part_of: str = "") -> LoadField:
    known = tuple(heading.strip() for heading in headings.split("|"))
    return LoadField(name, label, known, part_of=part_of)


FIELDS = (
    _f("person", _("Person"), "persona | vendedor | comercial | seller | sales agent | owner |"
       " user | usuario | e-mail | email | salesperson"),
    _f("team", _("Team"), "equipo | sales team | grupo"),
    _f("territory", _("Territory"), "territorio | zona | región | region | area | delegación"),
    _f("period", _("Period"), "período | periodo | mes | month | trimestre | quarter | año | year"),
    _f("amount", _("Amount"), "importe | objetivo | cuota | quota | target | goal | meta"),
    _f("currency", _("Currency"), "moneda | divisa", "amount"),
)  # fmt: skip

register(
    LoadType(
        "quotas",
        _("Quotas"),
        "quotas",
        FIELDS,
        ("period",),
        QuotaImporter,
        dumped=dump_quotas,
        holds={"amount": "number"},
    )
)
