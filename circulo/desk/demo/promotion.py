"""A summer promotion with a phone line of its own, which brings more than orders."""

from datetime import date, timedelta

from circulo.desk.demo import cast
from circulo.desk.demo.people import Somebody
from circulo.desk.demo.tell import Occasion, Teller, Text
from circulo.timeline.kinds import Kind

PROMOTION = "Verano en conserva"
LINE = {"campaign": PROMOTION, "via": cast.PROMOTION_PHONE}

PROMOTION_CALLS: list[Text] = [
    ("Llamada a la línea de la promoción", "Pregunta si el regalo se puede recoger en tienda."),
    (
        "Llamada a la línea de la promoción",
        "Pide dos lotes más con la oferta. Pedido hecho en la web.",
    ),
    (
        "Llamada a la línea de la promoción",
        "No quiere la promoción: aprovecha el teléfono para saber por qué su último pedido "
        "llegó con un frasco roto.",
    ),
]
PROMOTION_COMPLAINTS: list[Text] = [
    (
        "Queja: el regalo no llega",
        "Llama al teléfono de la promoción, no al de atención: hace tres semanas que mandó "
        "el cupón y el delantal no aparece. Muy molesto por la espera.",
    ),
    (
        "Queja: cupón rechazado",
        "El código del tarro no funciona en la web y la línea comunica. Pide que se le "
        "respete la oferta. Se le aplica a mano.",
    ),
    (
        "Queja: línea siempre ocupada",
        "Ha llamado seis veces al número de la promoción. Quería además reclamar una factura "
        "de mayo. Se pasa nota a Administración.",
    ),
    (
        "Queja: producto sin existencias",
        "La oferta anunciaba espárragos y en la tienda en línea están agotados. Lo considera "
        "publicidad engañosa. Se ofrece sustitución por alcachofas.",
    ),
]
SOLVED: list[Text] = [
    (
        "Re: su reclamación",
        "Estimado cliente:\n\nLamentamos lo ocurrido. Hoy mismo sale su regalo por "
        "mensajería y le hemos abonado los gastos de envío.\n\nUn cordial saludo,\nAtención "
        "al cliente",
    ),
    (
        "Re: su reclamación",
        "Hola, {given}:\n\nTenías razón y ya está arreglado. Gracias por decírnoslo; lo "
        "hemos trasladado a Marketing.\n\nUn saludo",
    ),
]


def tell(teller: Teller, year: int) -> None:
    """A summer promotion with a phone line of its own, which brings more than orders."""
    start, rng = date(year, 6, 10), teller.rng
    people = [p for p in teller.private() if not p.speaks_english]
    for person in rng.sample(people, 64):
        _flyer(teller, person, start)
        at = teller.working(start + timedelta(days=rng.randint(3, 45)), 9, 20)
        on, chance = Occasion(at, rng.choice(cast.AGENTS), data=dict(LINE)), rng.random()
        if chance < 0.3:
            teller.tell(
                Kind.CAMPAIGN_REACTION,
                person,
                (f"Respondió a «{PROMOTION}»", "Introdujo el código del tarro en la web."),
                on,
            )
        elif chance < 0.5:
            teller.tell(Kind.CALL, person, teller.choose(PROMOTION_CALLS), on, "in")
        elif chance < 0.85:
            complain(teller, person, teller.choose(PROMOTION_COMPLAINTS), on)


def _flyer(teller: Teller, person: Somebody, start: date) -> None:
    text = (
        f"Carta: {PROMOTION}",
        "Tres tarros y un delantal de regalo. Información y recogida de "
        f"códigos en el {cast.PROMOTION_PHONE}.",
    )
    data = {"campaign": PROMOTION}
    teller.tell(
        Kind.LETTER,
        person,
        text,
        Occasion(teller.working(start, 9, 10), cast.MARKETER, data=data),
        "out",
    )


def complain(teller: Teller, who: Somebody, text: Text, on: Occasion) -> None:
    """A complaint, and the answer that closes it."""
    teller.tell(Kind.COMPLAINT, who, text, on, "in")
    answered = Occasion(teller.later(on.at, 1, 5), on.by, data=on.data)
    teller.tell(Kind.EMAIL, who, teller.choose(SOLVED), answered, "out")
