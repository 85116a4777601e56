"""One who grew, and one who left."""

from datetime import timedelta

from circulo.desk.demo import cast
from circulo.desk.demo.daily import GROWING, LEAVING
from circulo.desk.demo.tell import Occasion, Teller
from circulo.timeline.kinds import Kind

STEPS_OF_GROWTH = (
    (
        0.1,
        Kind.VISIT,
        (
            "Primera visita a la tienda",
            "Pequeña y preciosa, en el Casco Viejo. Empiezan con cuatro referencias.",
        ),
    ),
    (
        0.35,
        Kind.NOTE,
        (
            "Van a abrir segunda tienda",
            "Lo comenta de pasada. Ofrecerles surtido completo y expositor.",
        ),
    ),
    (
        0.55,
        Kind.MEETING,
        (
            "Apertura en Getxo",
            "Cerramos surtido de la segunda tienda y un expositor de conserva. Pago a 60 días "
            "los tres primeros meses.",
        ),
    ),
    (
        0.9,
        Kind.MEETING,
        (
            "Plan para el año que viene",
            "Ya están entre los diez mejores. Quieren el Reserva en exclusiva para Bizkaia.",
        ),
    ),
)
STEPS_OUT = (
    (
        420,
        Kind.COMPLAINT,
        ("Queja: cajas golpeadas", "Segunda vez en un mes. Tres botellas rotas."),
        "in",
    ),
    (
        330,
        Kind.COMPLAINT,
        (
            "Queja: precio distinto en factura",
            "Le facturaron la tarifa nueva antes de tiempo. Nadie le devolvió la llamada.",
        ),
        "in",
    ),
    (
        240,
        Kind.CALL,
        ("Tono frío", "Compra menos y no quiere visitas. Dice que mira otras marcas."),
        "out",
    ),
    (
        150,
        Kind.EMAIL,
        (
            "Dejamos de trabajar con ustedes",
            "Buenos días:\n\nHemos cambiado de proveedor. No es por el vino, es por el servicio: "
            "demasiadas llamadas sin respuesta.\n\n{given}",
        ),
        "in",
    ),
    (
        141,
        Kind.LETTER,
        (
            "Carta de Dirección",
            "Mercedes le escribe a mano, reconoce los fallos y le invita a comer.",
        ),
        "out",
    ),
    (
        96,
        Kind.NOTE,
        ("Recuperar en primavera", "Acepta que le llamemos después de Semana Santa."),
        "",
    ),
)


def grow(teller: Teller) -> None:
    company = teller.everybody[GROWING]
    for share, kind, text in STEPS_OF_GROWTH:
        at = teller.working(teller.first + timedelta(days=round(730 * share)))
        teller.tell(kind, company, text, Occasion(at, company.owner))


def leave(teller: Teller) -> None:
    company = teller.everybody[LEAVING]
    person = teller.everybody[company.people[0]]
    for ago, kind, text, direction in STEPS_OUT:
        at = teller.working(teller.today - timedelta(days=ago))
        by = cast.MANAGER if kind == Kind.LETTER else company.owner
        teller.tell(kind, person, text, Occasion(at, by), direction)
