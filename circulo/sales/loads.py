"""Deals, as they are brought in from files and handed out again."""

from functools import partial

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from circulo.records.load_types import LoadField, LoadType, register
from circulo.records.own.cells import load_fields
from circulo.sales.dumps import HOLDS, dump_deals
from circulo.sales.loading import DealImporter


def _f(name: str, label: str | Promise, headings: str = "", part_of: str = "") -> LoadField:
    words = tuple(heading.strip() for heading in headings.split("|") if heading.strip())
    return LoadField(name, label, words, part_of=part_of)


FIELDS = (
    _f("id", _("Identifier"), "identificador | circulo id"),
    _f("reference", _("Reference"),
       "referencia | opportunity id | deal id | record id | id externo | external id | número | "
       "id de oportunidad | nº de oportunidad | código"),
    _f("title", pgettext_lazy("deal", "Title"),
       "título | deal name | opportunity name | nombre | name | oportunidad | opportunity | deal | "
       "nombre de la oportunidad | nombre del negocio | negocio | asunto | subject"),
    _f("party_id", _("Identifier of the contact"), "contact id | id del contacto"),
    _f("company", _("Company"),
       "account | account name | empresa | cliente | customer | company name | cuenta | "
       "associated company | nombre de la empresa | organization | organización"),
    _f("contact", _("Contact"),
       "contacto | persona de contacto | contact name | contact person | nombre del contacto | "
       "associated contact | primary contact | persona"),
    _f("email", _("E-mail of the contact"),
       "correo | correo electrónico | email | e-mail | contact email | correo del contacto | "
       "email del contacto"),
    _f("product", _("Product"), "producto | product name | artículo | servicio"),
    _f("pipeline", _("Pipeline"), "embudo | proceso de venta | pipeline de ventas | proceso"),
    _f("stage", _("Stage"),
       "etapa | fase | deal stage | stage name | etapa del negocio | etapa de la oportunidad"),
    _f("outcome", _("Outcome"), "resultado | estado | status | result"),
    _f("amount", _("Amount"),
       "importe | valor | close value | value | cantidad | expected revenue | ingresos esperados | "
       "deal value | monto | precio | total | importe total"),
    _f("currency", _("Currency"),
       "moneda | divisa | currency code | amount currency | deal currency code", "amount"),
    _f("expected_on", _("Expected on"),
       "fecha prevista | fecha de cierre prevista | expected close date | cierre previsto | "
       "expected closing | fecha prevista de cierre"),
    _f("opened_at", _("Begun"),
       "engage date | created date | create date | fecha de apertura | fecha de creación | "
       "fecha de inicio | opened | creation date | created on"),
    _f("closed_at", _("Closed"),
       "close date | fecha de cierre | closed date | cierre | closing date | fecha cierre"),
    _f("owner", _("Owner"),
       "sales agent | deal owner | opportunity owner | propietario | comercial | vendedor | "
       "responsable | salesperson | agente | agente comercial | user | usuario"),
    _f("agent", _("Agent elsewhere"), "agente externo"),
    _f("source", _("Source"), "lead source | origen | fuente | procedencia | original source"),
    _f("campaign", _("Campaign"), "campaña | campaign name | primary campaign source"),
    _f("reason", _("Reason"),
       "motivo | lost reason | closed lost reason | motivo de pérdida | loss reason"),
    _f("reason_note", _("In their words"), "comentario de cierre", "reason"),
    _f("lost_to", _("Lost to"),
       "perdida contra | perdida ante | competidor ganador | lost to competitor | competitor",
       "rivals"),
    _f("tags", _("Tags"), "etiquetas | labels | categorías"),
    _f("notes", _("About"), "notas | description | descripción | comentarios | comments"),
)  # fmt: skip

register(
    LoadType(
        "deals",
        _("Deals"),
        "deals",
        FIELDS,
        ("reference", "id"),
        DealImporter,
        dumped=dump_deals,
        holds=HOLDS,
        own=partial(load_fields, "deals"),
    )
)
