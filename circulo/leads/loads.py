"""Leads, as they are brought in from files and handed out again."""

from functools import partial

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from circulo.leads.dumps import HOLDS, dump_leads
from circulo.leads.loading import LeadImporter
from circulo.records.load_types import LoadField, LoadType, register
from circulo.records.own.cells import load_fields


def _f(name: str, label: str | Promise, headings: str = "", part_of: str = "") -> LoadField:
    words = tuple(heading.strip() for heading in headings.split("|") if heading.strip())
    return LoadField(name, label, words, part_of=part_of)


FIELDS = (
    _f("id", _("Identifier"), "identificador | circulo id"),
    _f("reference", _("Reference"),
       "referencia | lead id | record id | id externo | external id | id de prospecto | código"),
    _f("name", _("Name"), "nombre completo | full name | contact name | nombre y apellidos | lead"),
    _f("given_name", _("Given name"), "nombre | first name | given name"),
    _f("first_surname", _("First surname"),
       "apellidos | primer apellido | last name | surname | apellido | apellido 1"),
    _f("second_surname", _("Second surname"), "segundo apellido | apellido 2"),
    _f("company", _("Company"),
       "empresa | company name | account | organización | organization | cuenta | razón social"),
    _f("job_title", _("Job title"), "cargo | puesto | title | position"),
    _f("email", _("E-mail"), "correo | correo electrónico | email address | e-mail | mail"),
    _f("phone", _("Phone"),
       "teléfono | móvil | phone number | mobile | celular | mobile phone | teléfono móvil"),
    _f("city", _("City"), "ciudad | población | localidad"),
    _f("postal_code", _("Postal code"),
       "código postal | cp | c.p. | zip | zip code | postcode | postal code"),
    _f("region", _("Province or state"), "provincia | estado/provincia | state | comunidad"),
    _f("country", _("Country"), "país | country code"),
    _f("message", _("In their words"),
       "mensaje | comentarios | description | descripción | notes | notas | comments | consulta"),
    _f("language", _("Language"), "idioma | preferred language"),
    _f("source", _("Source"), "origen | lead source | fuente | procedencia | original source"),
    _f("campaign", _("Campaign"), "campaña | campaign name | utm campaign"),
    _f("channel", _("Channel"), "canal"),
    _f("status", _("Status"), "estado | lead status | situación"),
    _f("reason", _("Reason"), "motivo | disqualification reason | motivo de descarte"),
    _f("reason_note", _("Why exactly"), "detalle del motivo", "reason"),
    _f("owner", _("Owner"),
       "propietario | comercial | lead owner | responsable | vendedor | asignado a | owner email"),
    _f("arrived_at", _("Came in"),
       "fecha | fecha de entrada | created date | create date | fecha de creación | created on"),
    _f("answered_at", _("Answered"), "respondido | first response | fecha de respuesta"),
    _f("converted_at", _("Converted"), "convertido | converted date | fecha de conversión"),
    _f("tags", _("Tags"), "etiquetas | labels"),
)  # fmt: skip

register(
    LoadType(
        "leads",
        _("Leads"),
        "leads",
        FIELDS,
        ("reference", "id"),
        LeadImporter,
        dumped=dump_leads,
        holds=HOLDS,
        own=partial(load_fields, "leads"),
    )
)
