"""The own fields of the demo firm, a wine merchant, and the views that its people work with."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

from circulo.accounts import news
from circulo.accounts.models import User
from circulo.records.actions.own_fields import add_field
from circulo.records.actions.saved_views import save_view
from circulo.records.models import OwnField
from circulo.records.own.place import place_of

CLUB = "Club de vinos"
FIELDS: dict[tuple[str, str], tuple[str, dict[str, Any]]] = {
    ("contacts", "nivel_del_club"): ("choice", {
        "label_es": "Nivel del club", "label_en": "Club level", "section": CLUB,
        "choices": [{"key": "oro", "es": "Oro", "en": "Gold"},
                    {"key": "plata", "es": "Plata", "en": "Silver"},
                    {"key": "bronce", "es": "Bronce", "en": "Bronze"}]}),
    ("contacts", "renovacion"): ("date", {
        "label_es": "Renovación", "label_en": "Renewal", "section": CLUB}),
    ("contacts", "uvas_preferidas"): ("choices", {
        "label_es": "Uvas preferidas", "label_en": "Favourite grapes", "section": CLUB,
        "choices": ["Tempranillo", "Garnacha", "Albariño", "Verdejo"]}),
    ("contacts", "gasto_anual"): ("money", {
        "label_es": "Gasto anual", "label_en": "Spent a year", "section": CLUB,
        "currency": "EUR"}),
    ("contacts", "gasto_al_mes"): ("computed", {
        "label_es": "Gasto al mes", "label_en": "Spent a month", "section": CLUB,
        "formula": "round(gasto_anual / 12, 2)"}),
    ("companies", "botellas_al_ano"): ("number", {
        "label_es": "Botellas al año", "label_en": "Bottles a year"}),
    ("companies", "visita_acordada"): ("date", {
        "label_es": "Visita acordada", "label_en": "Agreed visit"}),
    ("quotes", "pedido_del_cliente"): ("text", {
        "label_es": "Pedido del cliente", "label_en": "Customer’s order"}),
}  # fmt: skip
MEMBERS = {"field": "custom.nivel_del_club", "op": "empty", "value": False}
_VIEWS: dict[str, dict[str, Any]] = {
    "Socios del club": {
        "criterion": MEMBERS, "sort": "-custom.gasto_anual",
        "columns": ["name", "custom.nivel_del_club", "custom.gasto_anual", "custom.renovacion"]},
    "Tablero del club": {
        "criterion": MEMBERS, "shape": "board", "by": "custom.nivel_del_club",
        "columns": ["name", "custom.gasto_anual", "custom.renovacion"]},
    "Mapa del club": {"criterion": MEMBERS, "shape": "map", "by": "province"},
    "Renovaciones": {"shape": "calendar", "by": "custom.renovacion"},
}  # fmt: skip


def define_fields() -> None:
    """Define the fields; those that are there already stay as they are."""
    known = set(OwnField.objects.values_list("resource", "key"))
    for (name, key), (kind, said) in FIELDS.items():
        if (name, key) not in known:
            add_field(name, kind, said, key=key, by=None)


def share_views(owner: User) -> None:
    """The views of the demo firm, which everybody sees."""
    for label, said in _VIEWS.items():
        save_view("contacts", label, {**said, "sharing": "all"}, by=owner)


def noted_of(kind: str, rng: Random, today: date) -> dict[str, Any]:
    """What is noted of one person or firm."""
    soon = (today + timedelta(days=rng.randint(-20, 60))).isoformat()
    if kind == "organisation":
        bottles = {"botellas_al_ano": rng.randrange(60, 4_000, 20)}
        return bottles | ({"visita_acordada": soon} if rng.random() < 0.4 else {})
    if rng.random() < 0.55:
        return {}
    grapes = ["tempranillo", "garnacha", "albarino", "verdejo"]
    return {
        "nivel_del_club": rng.choice(["oro", "plata", "plata", "bronce", "bronce"]),
        "renovacion": soon,
        "uvas_preferidas": rng.sample(grapes, rng.randint(1, 2)),
        "gasto_anual": {"amount": f"{rng.randrange(90, 2_400, 10)}.00", "currency": "EUR"},
    }


def remove_fields() -> None:
    """Take away the fields of the demo firm in which nobody noted anything of their own."""
    for name, key in FIELDS:
        for field in OwnField.objects.filter(resource=name, key=key):
            if field.is_computed or place_of(field).count(key) == 0:
                field.delete()
    news.renew()
