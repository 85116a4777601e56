"""The made-up people and figures of the gallery; nothing else uses them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from circulo.web.components.tables import Column, Row, Table


@dataclass(frozen=True)
class Sample:
    """Somebody for the gallery."""

    id: str
    name: str
    role: str
    company: str
    city: str
    phone: str
    mail: str
    stage: tuple[Any, str]
    revenue: int
    alive: float | None
    is_organisation: bool = False


PEOPLE = [
    Sample(
        "a1",
        "Begoña Núñez Peña",
        "Directora de compras",
        "Alimentos Duero, S.A.",
        "Valladolid",
        "+34 612 345 678",
        "begona.nunez@duero.example",
        (_("Customer"), "accent"),
        18420,
        0.82,
    ),
    Sample(
        "a2",
        "Iván Castro Molina",
        "Gerente",
        "Logística Norte",
        "Bilbao",
        "+34 655 210 987",
        "ivan.castro@lognorte.example",
        (_("Prospect"), ""),
        9300,
        0.5,
    ),
    Sample(
        "a3",
        "Panadería Arlanza",
        "",
        "",
        "Burgos",
        "+34 947 203 114",
        "pedidos@arlanza.example",
        (_("Lead"), "spark"),
        4200,
        None,
        True,
    ),
    Sample(
        "a4",
        "Hotel Ágora",
        "",
        "",
        "Salamanca",
        "+34 923 880 045",
        "direccion@agora.example",
        (_("Former customer"), "bad"),
        31000,
        0.18,
        True,
    ),
    Sample(
        "a5",
        "Marta Ruiz de la Fuente",
        "Jefa de ventas",
        "Textiles Sol, S.L.",
        "Alicante",
        "",
        "marta.ruiz@textilessol.example",
        (_("Customer"), "accent"),
        12500,
        0.71,
    ),
    Sample(
        "a6",
        "Óscar Gil Quintana",
        "Técnico",
        "Energía Prisma",
        "Las Palmas de Gran Canaria",
        "+34 928 110 220",
        "",
        (_("Prospect"), ""),
        0,
        None,
    ),
    Sample(
        "a7",
        "Carmen Iglesias Soto",
        "Propietaria",
        "Restaurante Vega",
        "León",
        "+34 699 010 203",
        "carmen@vega.example",
        (_("Customer"), "accent"),
        7800,
        0.93,
    ),
]

COLUMNS = [
    Column("name", _("Name"), kind="name", sort=True),
    Column("company", _("Company"), sort=True, edit=True),
    Column("city", _("City"), sort=True, edit=True),
    Column("phone", _("Phone"), kind="phone", edit=True),
    Column("stage", _("Lifecycle"), kind="chips"),
    Column("revenue", _("Expected value"), kind="money", sort=True),
    Column("seen", _("Last contact"), kind="day", low=True),
    Column("mail", _("E-mail"), kind="mail", shown=False),
]


class SampleForm(forms.Form):
    """Fields in every state."""

    given = forms.CharField(label=_("Given name"))
    mail = forms.EmailField(label=_("E-mail"), help_text=_("Where invoices go."), required=False)
    stage = forms.ChoiceField(
        label=_("Lifecycle"), choices=[("c", _("Customer")), ("l", _("Lead"))]
    )
    since = forms.DateField(
        label=_("Customer since"), required=False, widget=forms.DateInput({"type": "date"})
    )
    notes = forms.CharField(label=_("About"), required=False, widget=forms.Textarea({"rows": 3}))
    agrees = forms.BooleanField(
        label=_("May receive e-mail"), required=False, help_text=_("Said on the phone, 3 May.")
    )


class CellForm(forms.Form):
    """One value, edited in place."""

    value = forms.CharField(label=_("Value"), max_length=40)


def person(id: str) -> Sample:
    """The sample of this name; Http404 where there is none."""
    found = next((p for p in PEOPLE if p.id == id), None)
    if found is None:
        raise Http404
    return found


def value_of(row: str, column: str) -> Any:
    return getattr(person(row), column, "")


def edited(row: str, column: str, value: str) -> dict[str, Any]:
    """A cell as if it had been saved."""
    described = next((c for c in COLUMNS if c.name == column), None)
    if described is None:
        raise Http404
    changed = _row(person(row))
    return {"column": described, "row": Row(row, "#", {column: value}, edit=changed.edit)}


def _row(one: Sample) -> Row:
    values = {
        "name": one,
        "company": one.company,
        "city": one.city,
        "phone": one.phone,
        "stage": [one.stage],
        "revenue": (one.revenue, "EUR") if one.revenue else None,
        "seen": date(2026, 11, 20) - timedelta(days=ord(one.id[1]) % 7 * 9),
        "mail": one.mail,
    }
    peek = reverse("web:gallery_peek", args=[one.id])
    edit = reverse("web:gallery_cell", args=[one.id, "name"]).removesuffix("name") + "{name}"
    return Row(one.id, "#", values, peek=peek, edit=edit)


def shown(request: HttpRequest) -> dict[str, Any]:
    """Everything the page draws."""
    rows = map(_row, PEOPLE)
    return {
        "people": PEOPLE,
        "head_chips": HEAD_CHIPS,
        "table": Table.of(request, "sample", COLUMNS, rows, sort="name", older="?cursor=sample"),
        "bulk": _bulk(reverse("web:gallery_toast")),
        "chips": [{"text": text, "off": "?"} for text in (_("City: Valladolid"), _("Owner: me"))],
        "form": SampleForm(),
        "wrong": SampleForm({"mail": "begona@", "stage": "c"}, auto_id="wrong_%s"),
        "figures": FIGURES,
        "facts": FACTS,
        "tabs": TABS,
        "days": _days(timezone.now()),
        "kinds": KINDS,
        "list": LIST,
        "weeks": _weeks(38, 44, 40, 52, 47, 58, 55, 50, 63, 60, 72, 66),
        "before": _weeks(30, 34, 41, 39, 44, 42, 48, 51, 49, 52, 50, 55),
        "origins": ORIGINS,
        "course": [3, 5, 4, 6, 8, 7, 9],
        "said": SAID,
    }


def _bulk(url: str) -> list[dict[str, Any]]:
    delete = {"label": _("Delete"), "url": url, "mark": "trash-2", "tone": "danger"}
    asking = {
        "confirm": _("Delete these contacts?"),
        "confirm_why": _("They stay in the bin for 30 days."),
    }
    return [
        {"label": _("Assign"), "url": url, "mark": "user-check"},
        {"label": _("Tag"), "url": url, "mark": "tag"},
        {"label": _("Export"), "url": url, "mark": "download"},
        delete | asking,
    ]


def _weeks(*values: int) -> list[tuple[str, int]]:
    return [(f"S{week}", value) for week, value in enumerate(values, 36)]


LIST = [
    {"party": PEOPLE[3], "text": "Hotel Ágora", "url": "#", "note": _("No order for 41 days")},
    {"mark": "heart", "text": _("Prefers to be called in the morning"), "note": _("2 months ago")},
]
ORIGINS = [
    {"label": _("Web form"), "value": 412},
    {"label": _("Trade fair"), "value": 268},
    {"label": _("Recommended"), "value": 190, "tone": "spark"},
    {"label": _("Phone"), "value": 88},
]
SAID = [("good", "circle-check"), ("bad", "circle-alert"), ("spark", "hand"), ("accent", "info")]
HEAD_CHIPS = [
    (_("Customer"), "accent"),
    (_("82 % active"), "good"),
    ("RFM 5-4-5", ""),
    (_("May receive e-mail"), "good"),
]
FIGURES = [
    {
        "label": _("Expected value, 12 months"),
        "value": "18.420 €",
        "note": "15.100 – 21.900 €",
        "url": "#",
    },
    {"label": _("Purchases"), "value": "46", "note": _("the last 9 days ago"), "url": "#"},
    {
        "label": _("Risk of leaving"),
        "value": "18 %",
        "note": _("4 points less"),
        "tone": "good",
        "url": "#",
    },
    {
        "label": _("To be paid"),
        "value": "1.284,60 €",
        "note": _("due on 30 November"),
        "tone": "bad",
    },
]
FACTS = [
    {
        "label": _("Mobile"),
        "value": "+34 612 345 678",
        "clip": "+34612345678",
    },
    {
        "label": _("E-mail"),
        "value": "begona.nunez@duero.example",
        "clip": "begona.nunez@duero.example",
    },
    {"label": _("Tax id"), "value": "12345678Z", "clip": "12345678Z"},
    {"label": _("Address"), "value": "Calle Mayor 14, 3.º B, 47001 Valladolid"},
    {"label": _("Birthday"), "value": ""},
]
TABS = [
    {"label": _("Everything"), "url": "#", "current": True, "count": 312},
    {"label": _("Conversations"), "url": "#", "mark": "message-circle", "count": 41},
    {"label": _("Sales"), "url": "#"},
]
KINDS = [
    {"value": "note", "label": _("Note"), "mark": "notebook-pen"},
    {"value": "call", "label": _("Call"), "mark": "phone"},
    {"value": "mail", "label": _("E-mail"), "mark": "mail"},
    {"value": "visit", "label": _("Visit"), "mark": "handshake"},
]


def _days(now: datetime) -> list[dict[str, Any]]:
    call = {
        "mark": "phone-incoming",
        "tone": "in",
        "who": _("Call from Begoña"),
        "what": "6 min",
        "text": "Pregunta si el formato de 5 kg entra en la promoción. "
        "Le prometí confirmarlo antes del jueves.",
        "chips": [(_("Promise: Thursday 26"), "spark")],
        "when": now,
        "clock": "10:42",
        "fresh": True,
    }
    complaint = {
        "mark": "megaphone",
        "tone": "alarm",
        "who": _("Complaint opened"),
        "url": "#",
        "text": "Entrega tardía del pedido 2.318.",
        "when": now,
        "clock": "09:15",
    }
    note = {
        "mark": "notebook-pen",
        "who": "Lucía Marín",
        "what": _("internal note"),
        "note": True,
        "text": "Prefiere el trato de usted.",
        "when": now,
        "clock": "mié 18",
    }
    mail = {
        "mark": "mail",
        "tone": "in",
        "who": "Begoña Núñez",
        "what": "Re: Presupuesto 1.204",
        "text": "Me parece bien el precio. ¿Podemos cerrar la entrega para diciembre?",
        "when": now,
        "clock": "mar 17",
    }
    return [
        {"label": _("Today"), "items": [call, complaint]},
        {"label": _("This week"), "items": [note, mail]},
    ]
