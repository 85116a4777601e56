"""Contacts and companies from files: the headings by which their columns are known.

They are those of our own, of Spanish and English tables, and of what HubSpot, Salesforce, Google,
Outlook and Odoo export.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

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
    return LoadField(name, label, _split(headings), labels, _PARTS.get(name, ""))


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
        "email labels",
    ),
    _f(
        "phones",
        _("Phone"),
        "phone | telephone | tel | teléfono | phone number | número de teléfono | phones | "
        "teléfonos | primary phone | teléfono principal | phone 1 - value | phone value | "
        "teléfono 1 | contact number",
        cell="mobile | mobile phone | cell | cell phone | móvil | movil | teléfono móvil",
        work="business phone | work phone | office phone | teléfono del trabajo | company phone",
        home="home phone | teléfono particular | teléfono de casa | teléfono fijo | landline",
        whatsapp="whatsapp | whatsapp phone number",
        other="other phone | otro teléfono | assistant phone | company main phone",
    ),
    _f(
        "phones_labels",
        _("Phone labels"),
        "phone labels",
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
        "company domain name | dominio | domain | website 1 - value | website link",
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
        "street | business street | home street | domicilio | address line 1 | street 1 | "
        "address 1 - street | dirección postal | calle y número | address 1",
    ),
    _f(
        "unit",
        _("Floor, door"),
        "street 2 | street2 | address line 2 | piso | calle 2 | address 2 | business street 2 | "
        "address 1 - extended address | piso y puerta",
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
        "mailing zip/postal code | billing zip/postal code | business postal code | home postal "
        "code | zip/postal code | address 1 - postal code",
    ),
    _f(
        "city",
        _("City"),
        "city | town | ciudad | población | localidad | municipio | mailing city | billing city "
        "| business city | home city | address 1 - city",
    ),
    _f(
        "region",
        _("Province or state"),
        "state | province | region | provincia | estado | state/region | state/province | "
        "mailing state/province | billing state/province | comunidad autónoma | business state "
        "| home state | address 1 - region | provincia/estado",
    ),
    _f(
        "country",
        _("Country"),
        "country | país | country/region | mailing country | billing country | business "
        "country/region | home country/region | address 1 - country | country code",
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
        "number | tax id | vat id | identificación fiscal | número fiscal",
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
        "palabras clave",
    ),
    _f(
        "notes",
        _("About"),
        "notes | notas | note | comments | comentarios | observaciones | description | "
        "descripción | internal notes | about us",
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
        "| salesperson | vendedor | propietario del contacto | user",
    ),
    _f(
        "id",
        _("Identifier"),
        "identificador | circulo id",
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
        "organization 1 - title | organization title | función",
    ),
    _f(
        "company",
        _("Company"),
        "company name | account | account name | empresa | organización | organization | "
        "organization name | organization 1 - name | associated company | compañía | related "
        "company | razón social",
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
        "| cliente | customer",
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
        "tamaño | company size | plantilla",
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
        "| grupo",
    ),
    *_POINTS,
    *_ADDRESS,
    *_COMMON,
)
