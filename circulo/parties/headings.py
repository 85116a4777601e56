"""Contacts and companies from files: the headings by which their columns are known.

They are those of our own, of Spanish and English tables, and of what HubSpot, Salesforce, Google,
Outlook and Odoo export.
"""

from collections.abc import Callable, Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from circulo.lib import ids
from circulo.lib.names import is_courtesy
from circulo.records.load_types import LoadField

_PARTS = {
    **dict.fromkeys(("street", "unit", "district", "postal_code", "city", "region"), "addresses"),
    **dict.fromkeys(("country", "location"), "addresses"),
    "emails_labels": "emails",
    "phones_labels": "phones",
    "tax_country": "tax_id",
}


def _f(name: str, label: str | Promise, headings: str = "", **labelled: str) -> LoadField:
    labels = {k: _split(v) for k, v in labelled.items()}
    return LoadField(name, label, _split(headings), labels, _PARTS.get(name, ""), _FITS.get(name))


def _are_ours(values: Sequence[str]) -> bool:
    return any(ids.decode("party", value) is not None for value in values)


def _are_courtesies(values: Sequence[str]) -> bool:
    return sum(is_courtesy(value) for value in values) * 2 > len(values)


def _are_labels(values: Sequence[str]) -> bool:
    """And not the protocol of a mail server, which Outlook calls the type of an address."""
    return not set(values) <= {"SMTP", "EX"}


_FITS: dict[str, Callable[[Sequence[str]], bool]] = {
    "id": _are_ours, "title": _are_courtesies, "emails_labels": _are_labels,
}  # fmt: skip


def _split(headings: str) -> tuple[str, ...]:
    return tuple(heading.strip() for heading in headings.split("|") if heading.strip())


_POINTS = (
    _f(
        "emails",
        _("E-mail"),
        "email | e-mail | mail | correo | correo electrónico | email address | e-mail 1 - value "
        "| dirección de correo electrónico | e-mail address | primary email | business email | "
        "emails | correos | email1 | correo principal | e mail value | e-mail value",
        work="work email | correo de trabajo | email trabajo | correo empresa | company email",
        home="home email | personal email | correo personal | email personal",
        other="other email | otro correo | secondary email | correo secundario | email 2",
    ),
    _f(
        "emails_labels",
        _("E-mail labels"),
        "email labels | e-mail - label | e-mail - type",
    ),
    _f(
        "phones",
        _("Phone"),
        "phone | telephone | tel | teléfono | phone number | número de teléfono | phones | "
        "teléfonos | primary phone | teléfono principal | phone 1 - value | phone value | "
        "teléfono 1 | contact number",
        cell="mobile | mobile phone | mobile phone number | cell | cell phone | móvil | movil | "
        "teléfono móvil | celular | número de móvil",
        work="business phone | business phone 2 | work phone | office phone | teléfono del trabajo "
        "| company phone",
        home="home phone | home phone 2 | teléfono particular | teléfono de casa | teléfono fijo | "
        "landline",
        whatsapp="whatsapp | whatsapp phone number",
        other="other phone | otro teléfono | assistant phone | asst. phone | company main phone | "
        "assistant's phone | primary phone number",
    ),
    _f(
        "phones_labels",
        _("Phone labels"),
        "phone labels | phone - label | phone - type",
    ),
    _f(
        "faxes",
        _("Fax"),
        "fax | business fax | fax number | número de fax | home fax | fax del trabajo",
    ),
    _f(
        "website",
        _("Website"),
        "website | web | web site | website url | url | página web | sitio web | web page | "
        "company domain name | dominio | domain | website 1 - value | website - value | website "
        "link | personal web page | sitio web de la empresa | nombre de dominio de la empresa",
    ),
    _f(
        "social",
        _("Social network"),
        "linkedin | linkedin url | twitter | instagram | facebook | linkedin bio | twitter "
        "username | red social",
    ),
)
_ADDRESS = (
    _f(
        "street",
        _("Street and number"),
        "street | address | dirección | calle | street address | mailing street | billing "
        "street | business street | domicilio | address line 1 | street 1 | address 1 - street | "
        "dirección postal | calle y número | address 1 | mailing address line 1",
        home="home street",
        other="other street | shipping street | address 2 - street",
    ),
    _f(
        "unit",
        _("Floor, door"),
        "street 2 | street2 | address line 2 | piso | calle 2 | address 2 | business street 2 | "
        "address 1 - extended address | piso y puerta | mailing address line 2",
        home="home street 2",
        other="other street 2 | address 2 - extended address",
    ),
    _f(
        "district",
        _("District"),
        "district | barrio | distrito | colonia",
    ),
    _f(
        "postal_code",
        _("Postal code"),
        "zip | zip code | postal code | postcode | cp | c.p. | código postal | cod postal | "
        "mailing zip/postal code | billing zip/postal code | business postal code | zip/postal "
        "code | address 1 - postal code | mailing postal code | billing postal code | mailing zip "
        "| billing zip | código postal/postal",
        home="home postal code",
        other="other postal code | other zip/postal code | shipping postal code | shipping "
        "zip/postal code | shipping zip | address 2 - postal code",
    ),
    _f(
        "city",
        _("City"),
        "city | town | ciudad | población | localidad | municipio | mailing city | billing city "
        "| business city | address 1 - city",
        home="home city",
        other="other city | shipping city | address 2 - city",
    ),
    _f(
        "region",
        _("Province or state"),
        "state | province | region | provincia | estado | state/region | state/province | "
        "mailing state/province | billing state/province | comunidad autónoma | business state "
        "| address 1 - region | provincia/estado | estado/provincia | mailing state | billing "
        "state | state id name | state id | estado/región",
        home="home state",
        other="other state | other state/province | shipping state | shipping state/province | "
        "address 2 - region",
    ),
    _f(
        "country",
        _("Country"),
        "country | país | country/region | mailing country | billing country | business "
        "country/region | business country | address 1 - country | country code | país/región | "
        "country id name | country id code | country id",
        home="home country/region | home country",
        other="other country/region | other country | shipping country | address 2 - country",
    ),
    _f(
        "location",
        _("Place"),
        "office location | location | ubicación | lugar",
    ),
)
_COMMON = (
    _f(
        "tax_id",
        _("Tax id"),
        "nif | cif | dni | nie | nif/cif | dni/nif | vat | vat number | rfc | rut | cuit | tax "
        "number | tax id | vat id | identificación fiscal | número fiscal | número de "
        "identificación fiscal",
    ),
    _f(
        "tax_country",
        _("Country of the tax id"),
        "tax country",
    ),
    _f(
        "lifecycle",
        _("Lifecycle"),
        "lifecycle stage | etapa | etapa del ciclo de vida | status | ciclo de vida",
    ),
    _f(
        "source",
        _("Source"),
        "lead source | original source | origen | fuente | procedencia | origen del contacto",
    ),
    _f(
        "tags",
        _("Tags"),
        "tags | etiquetas | labels | categories | categorías | group membership | keywords | "
        "palabras clave | category id name | category id",
    ),
    _f(
        "notes",
        _("About"),
        "notes | notas | note | comments | comentarios | observaciones | description | "
        "descripción | internal notes | about us | comment | comentario | notas internas",
    ),
    _f(
        "language",
        _("Language"),
        "idioma | preferred language | lang | idioma preferido",
    ),
    _f(
        "owner",
        _("Owner"),
        "propietario | responsable | comercial | contact owner | account owner | company owner "
        "| salesperson | vendedor | propietario del contacto | user | user id name | user id | "
        "propietario de la empresa | propietario de la cuenta | account manager",
    ),
    _f(
        "id",
        _("Identifier"),
        "identificador | circulo id",
    ),
    _f(
        "kind",
        _("Person or company"),
        "company type | is a company | is company | es una compañía | es una empresa | tipo de "
        "compañía | tipo de empresa | persona o empresa",
    ),
)
CONTACTS = (
    _f(
        "name",
        _("Full name"),
        "full name | nombre completo | contact name | nombre y apellidos | display name | "
        "contacto | contact | file as",
    ),
    _f(
        "given_name",
        _("Given name"),
        "first name | nombre | nombre de pila | given name | forename",
    ),
    _f(
        "middle_name",
        _("Middle name"),
        "middle name | segundo nombre | additional name | otros nombres",
    ),
    _f(
        "first_surname",
        _("First surname"),
        "primer apellido | apellido 1 | apellido1 | 1er apellido | apellido paterno",
    ),
    _f(
        "second_surname",
        _("Second surname"),
        "segundo apellido | apellido 2 | apellido2 | 2º apellido | apellido materno",
    ),
    _f(
        "surnames",
        _("Surnames"),
        "last name | surname | apellidos | apellido | family name | surnames",
    ),
    _f(
        "preferred_name",
        _("Preferred name"),
        "nickname | apodo | preferred name | alias",
    ),
    _f(
        "title",
        _("Title"),
        "salutation | tratamiento | title | prefix | name prefix | saludo",
    ),
    _f(
        "job_title",
        _("Job title"),
        "position | puesto | cargo | job position | job title | puesto de trabajo | "
        "organization 1 - title | organization title | función | function | title",
    ),
    _f(
        "company",
        _("Company"),
        "company name | account | account name | empresa | organización | organization | "
        "organization name | organization 1 - name | associated company | compañía | related "
        "company | razón social | parent id name | parent id | empresa relacionada | compañía "
        "relacionada | empresa asociada | primary associated company",
    ),
    _f(
        "birthday",
        _("Birthday"),
        "birthday | fecha de nacimiento | cumpleaños | date of birth | birthdate | nacimiento",
    ),
    _f(
        "form_of_address",
        _("Form of address"),
        "trato",
    ),
    *_POINTS,
    *_ADDRESS,
    *_COMMON,
)
COMPANIES = (
    _f(
        "name",
        _("Name"),
        "company name | company | account | account name | empresa | nombre | organization | "
        "organization name | nombre comercial | nombre de la empresa | compañía | organización "
        "| cliente | customer | nombre de la cuenta",
    ),
    _f(
        "legal_name",
        _("Legal name"),
        "razón social | legal name | denominación social",
    ),
    _f(
        "industry",
        _("Industry"),
        "sector | industry | actividad | industria | sector de actividad",
    ),
    _f(
        "size",
        _("Employees"),
        "employees | number of employees | empleados | nº de empleados | número de empleados | "
        "tamaño | company size | plantilla | no. of employees",
    ),
    _f(
        "annual_revenue",
        _("Annual revenue"),
        "revenue | annual revenue | facturación | facturación anual | ingresos | ingresos "
        "anuales | ventas",
    ),
    _f(
        "founded",
        _("Founded in"),
        "year established | year founded | año de fundación | fundada en | founded | año de "
        "constitución",
    ),
    _f(
        "parent",
        _("Parent company"),
        "subsidiary of | parent company | parent account | matriz | empresa matriz | filial de "
        "| grupo | parent id name | parent id | empresa relacionada | related company",
    ),
    *_POINTS,
    *_ADDRESS,
    *_COMMON,
)
