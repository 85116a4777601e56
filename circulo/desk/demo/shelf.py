"""The catalogue of the demo firm: its goods with what its sellers know of them, and what they cost.

Shops and restaurants buy from the firm's own list, members of the club from a cheaper one.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from circulo.accounts.models import User
from circulo.catalog import actions
from circulo.catalog.drafts import read
from circulo.catalog.models import Coupon, PriceList, PriceRule, Product
from circulo.desk.demo.fields import MEMBERS
from circulo.desk.demo.goods import PRODUCTS

CLUB_LIST, SHOP_LIST = "Precios del club", "Tienda, IVA incluido"
GENERAL_LIST = "Tarifa de mayor"
RULES = ("3x2 en verduras", "Caja suelta de prueba", "5 % desde 500 €")
COUPON = "PRUEBA"
Note = dict[str, str]


def _benefit(text: str, language: str = "es") -> Note:
    return {"kind": "benefit", "language": language, "text": text}


def _objection(text: str, answer: str, language: str = "es") -> Note:
    return {"kind": "objection", "language": language, "text": text, "answer": answer}


def _rival(text: str, answer: str) -> Note:
    return {"kind": "competitor", "language": "es", "text": text, "answer": answer}


# Code, family, tax class, share of the price that it costs, name in English.
_GOODS = {
    "Espadaña Roble (caja de 6)": ("ESP-ROB", "Vinos", "general", "0.52", "Espadaña Roble (6)"),
    "Espadaña Crianza (caja de 6)": (
        "ESP-CRI", "Vinos", "general", "0.48", "Espadaña Crianza (6)"),
    "Espadaña Reserva 2019 (caja de 6)": (
        "ESP-RES", "Vinos", "general", "0.44", "Espadaña Reserva 2019 (6)"),
    "Verdejo La Veleta (caja de 6)": ("VEL-VER", "Vinos", "general", "0.55", "La Veleta white (6)"),
    "Rosado de Cigales La Veleta (caja de 6)": (
        "VEL-ROS", "Vinos", "general", "0.57", "La Veleta rosé (6)"),
    "Espárrago blanco extra (caja de 12)": (
        "CON-ESP", "Conservas", "reduced", "0.62", "White asparagus (12)"),
    "Pimiento del piquillo asado (caja de 12)": (
        "CON-PIQ", "Conservas", "reduced", "0.60", "Roasted piquillo peppers (12)"),
    "Alcachofa en aceite de oliva (caja de 12)": (
        "CON-ALC", "Conservas", "reduced", "0.58", "Artichokes in olive oil (12)"),
    "Pochas al natural (caja de 12)": (
        "CON-POC", "Conservas", "super_reduced", "0.61", "White beans (12)"),
    "Mermelada de tomate (caja de 24)": (
        "CON-MER", "Conservas", "reduced", "0.50", "Tomato jam (24)"),
    "Bonito en escabeche (caja de 24)": (
        "CON-BON", "Conservas", "reduced", "0.66", "Pickled tuna (24)"),
    "Lote Espadaña de Navidad": ("LOT-ESP", "Lotes", "general", "", "Espadaña Christmas hamper"),
    "Lote La Veleta de Navidad": ("LOT-VEL", "Lotes", "general", "", "La Veleta Christmas hamper"),
}  # fmt: skip
_HAMPERS = {
    "LOT-ESP": {"ESP-CRI": "0.333", "CON-PIQ": "0.083", "CON-MER": "0.042"},
    "LOT-VEL": {"VEL-VER": "0.5", "ESP-RES": "0.167", "CON-BON": "0.083", "CON-ESP": "0.083"},
}
_NOTES: dict[str, list[Note]] = {
    "ESP-CRI": [
        _benefit("Catorce meses en roble francés: aguanta la carne a la brasa"),
        _benefit("La añada sale cada año en abril, con el mismo precio hasta marzo"),
        _benefit("Fourteen months in French oak", "en"),
        _objection("Es más caro que mi Rioja de la casa",
                   "Por copa son 18 céntimos más. Ofrezca una caja de prueba con el cupón PRUEBA."),
        _objection("It costs more than my house wine",
                   "It is 18 cents a glass. Offer a trial case with the coupon PRUEBA.", "en"),
        _rival("Bodegas del Valle", "Más barato, pero solo sirve palés completos."),
    ],
    "ESP-RES": [
        _benefit("2.400 botellas numeradas"),
        _objection("No lo conoce nadie", "90 puntos dos años seguidos: la ficha está en Archivos."),
    ],
    "VEL-VER": [_benefit("Se sirve en 24 horas todo el año"),
                _objection("Ya tengo verdejo", "El suyo es de tirador; este, de vendimia.")],
    "CON-PIQ": [_benefit("Asado a leña y pelado a mano, sin agua"),
                _objection("Hay piquillo de Perú a la mitad",
                           "Sí, pelado con lejía. El nuestro lleva denominación de Lodosa.")],
    "CON-BON": [_benefit("Bonito del norte, de la costera de julio a septiembre")],
    "ESP-ROB": [_benefit("Cuatro meses en barrica: el vino por copas que no cansa"),
                _objection("Mi cliente pide crianza", "Sirva los dos: el Roble deja 40 céntimos"
                           " más por copa.")],
    "VEL-ROS": [_benefit("Se vende de mayo a septiembre: pedir antes de Semana Santa"),
                _objection("El rosado no se mueve", "Por copas en terraza, sí: deje una caja.")],
    "CON-ESP": [_benefit("De Navarra, pelado a mano, de 6 a 8 piezas por lata"),
                _rival("Conservas del Ebro", "Espárrago de Perú a mitad de precio: dé a probar.")],
    "CON-ALC": [_benefit("Corazones enteros, en aceite de oliva virgen extra"),
                _objection("Se rompen al servir", "Las nuestras van escaldadas, no cocidas.")],
    "CON-POC": [_benefit("Listas en cinco minutos: para el menú del día"),
                _objection("Las hago yo", "En agosto no hay fresca; esta es de la misma huerta.")],
    "CON-MER": [_benefit("Sin colorantes; marida con queso curado"),
                _objection("Caduca y la tiro", "Treinta meses cerrada y seis semanas abierta.")],
    "LOT-ESP": [_benefit("Con la tarjeta de la empresa por 1,20 € más"),
                _objection("Lo encargo en diciembre", "Hasta el 15 de noviembre, un 5 % menos.")],
    "LOT-VEL": [_benefit("El regalo que más repiten: siete de cada diez empresas"),
                _objection("Somos pocos", "Desde diez lotes se entrega en cada domicilio.")],
}  # fmt: skip
_TIES: dict[str, list[tuple[str, str]]] = {
    "ESP-CRI": [("substitute", "ESP-ROB"), ("accessory", "CON-PIQ"), ("compatible", "CON-BON")],
    "ESP-RES": [("substitute", "ESP-CRI")],
    "VEL-VER": [("substitute", "VEL-ROS"), ("compatible", "CON-ESP")],
    "CON-ESP": [("compatible", "VEL-VER"), ("substitute", "CON-ALC")],
}


def fill(*, by: User, today: date) -> None:
    """Enter the goods, then what goes with what, and the lists and rules."""
    made = actions.add_products([_draft(name) for name in PRODUCTS], by=by, is_demo=True)
    keys = {product.code: product for product in made}
    parts = [
        (keys[code].pk, read(_parts(code), currency="EUR", partial=True))
        for code in {*_TIES, *_HAMPERS}
    ]
    actions.change_products(sorted(parts, key=lambda pair: pair[0]), by=by)
    _price(keys, by=by)
    _rule(by=by, today=today)


def forget() -> None:
    """Take the goods away, and the lists and rules where nothing of others is on them."""
    PriceRule.objects.filter(name__in=RULES).delete()
    Coupon.objects.filter(code=COUPON, rules=None).delete()
    goods = Product.objects.filter(is_demo=True)
    goods.filter(kind=Product.Kind.BUNDLE).delete()
    goods.exclude(in_bundles__bundle__is_demo=False).exclude(variants__is_demo=False).delete()
    lists = PriceList.objects.filter(name__in=(CLUB_LIST, SHOP_LIST, GENERAL_LIST))
    lists.filter(prices=None).delete()


def _draft(name: str) -> Any:
    code, family, tax_class, share, english = _GOODS[name]
    said: dict[str, Any] = {
        "name": name, "code": code, "family": family, "tax_class": tax_class,
        "kind": "bundle" if code in _HAMPERS else "product",
        "unit": "lote" if code in _HAMPERS else "caja",
        "translations": {"en": {"name": english}}, "notes": _NOTES.get(code, []),
    }  # fmt: skip
    if share:
        said["cost"] = round(PRODUCTS[name] * Decimal(share), 2)
    return read(said, currency="EUR")


def _parts(code: str) -> dict[str, Any]:
    said: dict[str, Any] = {}
    if code in _TIES:
        said["ties"] = [{"kind": kind, "product": other} for kind, other in _TIES[code]]
    if code in _HAMPERS:
        said["items"] = [{"product": one, "quantity": n} for one, n in _HAMPERS[code].items()]
    return said


def _price(keys: dict[str, Product], *, by: User) -> None:
    """The list for everybody with a better price by ten, the club's, and the shop's with tax."""
    general = PriceList.objects.filter(currency="EUR", is_default=True).first()
    if general is None:
        said = {"name": GENERAL_LIST, "currency": "EUR", "is_default": True}
        general = actions.add_price_list(said, by=by)
    club = actions.add_price_list(
        {"name": CLUB_LIST, "currency": "EUR", "rank": 10, "for_contacts": MEMBERS}, by=by
    )
    shop = actions.add_price_list(
        {"name": SHOP_LIST, "currency": "EUR", "rank": 90, "includes_tax": True,
         "for_contacts": {"field": "company", "op": "empty", "value": True}}, by=by,
    )  # fmt: skip
    known = {keys[code].pk: PRODUCTS[keys[code].name] for code in keys}
    everybody = [(key, Decimal(), price) for key, price in known.items()]
    cheaper = [
        (key, Decimal(10), round(price * Decimal("0.94"), 2)) for key, price in known.items()
    ]
    actions.set_prices(general, [*everybody, *cheaper], by=by)
    wines = {product.pk for product in keys.values() if product.family == "Vinos"}
    off, more = Decimal("0.88"), Decimal("1.45")
    actions.set_prices(
        club, [(k, Decimal(), round(p * off, 2)) for k, p in known.items() if k in wines], by=by
    )
    actions.set_prices(
        shop, [(key, Decimal(), round(price * more, 1)) for key, price in known.items()], by=by
    )


def _rule(*, by: User, today: date) -> None:
    three, trial, large = RULES
    starts, ends = today.replace(day=1), today.replace(month=12, day=31)
    for said in (
        {"name": three, "kind": "nth_free", "nth": 3, "family": "Conservas", "rank": 10,
         "starts_on": starts, "ends_on": ends},
        {"name": trial, "kind": "percent", "value": 50, "product": "ESP-CRI", "coupon": COUPON,
         "rank": 20},
        {"name": large, "kind": "percent", "value": 5, "from_amount": 500, "currency": "EUR",
         "rank": 90, "is_combinable": True},
    ):  # fmt: skip
        actions.add_price_rule(said, by=by)
