"""What was not daily business: a fair, Christmas, a week of late lorries, suppliers, last night."""

from datetime import date, datetime, timedelta

from circulo.desk.demo import cast, promotion, turns
from circulo.desk.demo.goods import HAMPERS, PRODUCTS
from circulo.desk.demo.people import Somebody
from circulo.desk.demo.tell import Occasion, Teller, Text
from circulo.timeline.kinds import Kind

HAULIER = "Transportes Puerto de Pajares"
FAIR = "Feria Sabores de la Meseta"
LATE: list[Text] = [
    (
        "Queja: pedido retrasado",
        "El pedido debía llegar el lunes y sigue sin noticias. Tienen el fin de semana "
        "completo y nada en la cámara.",
    ),
    (
        "Queja: entrega incompleta y tarde",
        "Llegó cuatro días tarde y faltaban cajas. Exige abono o cambia de proveedor.",
    ),
    (
        "Queja: nadie avisó",
        "No le molesta tanto el retraso como que nadie llamara. Pide un teléfono directo.",
    ),
]
LAST_EVENING: list[Text] = [
    ("Pide que le llamemos", "Es por el pedido de la semana que viene. Mejor antes de las 12."),
    ("Pide que le llamemos", "Quiere hablar del precio de los lotes con quien le lleva la cuenta."),
    ("Pregunta por su entrega", "Espera dos cajas desde ayer. Le digo que mañana le confirmamos."),
    ("Copia de una factura", "Se la envío; pide además el extracto del trimestre."),
    ("Quiere una visita", "Cambia la carta y le gustaría probar el Reserva con su equipo."),
]


def tell(teller: Teller) -> None:
    """Each of them, in every year in which it falls."""
    for year in range(teller.first.year, teller.today.year + 1):
        promotion.tell(teller, year)
        _fair(teller, year)
        _christmas(teller, year)
    _late_lorry(teller, teller.today - timedelta(days=150))
    turns.grow(teller)
    turns.leave(teller)
    _relations_with_suppliers(teller)
    _last_evening(teller)


def _fair(teller: Teller, year: int) -> None:
    """Three days at the fair: customers at the stand, and people nobody knew before."""
    first = date(year, 4, 14)
    for company in teller.rng.sample([*teller.companies(), *teller.companies("prospect")], 16):
        at = teller.working(first + timedelta(days=teller.rng.randint(0, 2)), 10, 19)
        text = (
            f"{FAIR}: en nuestro stand",
            "Prueba el Reserva 2019 y la alcachofa. Quedamos en llamarle la semana siguiente.",
        )
        teller.tell(Kind.VISIT, company, text, Occasion(at, company.owner, data={"campaign": FAIR}))
        call = ("Después de la feria", "Recuerda la cata. Pide tarifa y dos muestras.")
        teller.tell(
            Kind.CALL,
            teller.person_at(company),
            call,
            Occasion(teller.later(at, 5, 12), company.owner),
            "out",
        )
    fair = teller.everybody[FAIR]
    text = (
        f"Reserva de stand {year}",
        "Contratado el stand 4B14, 18 m² con cocina. Pagado el 50 %.",
    )
    teller.tell(
        Kind.DOCUMENT,
        fair,
        text,
        Occasion(teller.working(first - timedelta(days=70)), cast.MARKETER),
    )


def _christmas(teller: Teller, year: int) -> None:
    """Hampers for the staff of other firms, offered by letter and bought by the pallet."""
    for company in teller.companies():
        posted = teller.working(date(year, 10, 20), 9, 10)
        data = {"campaign": f"Lotes de Navidad {year}"}
        text = (
            f"Carta: lotes de Navidad {year}",
            "Catálogo de lotes y precios por cantidad. Plazo de reserva: 30 de noviembre.",
        )
        if company.said["language"] == "es":
            teller.tell(
                Kind.LETTER, company, text, Occasion(posted, cast.MARKETER, data=data), "out"
            )
        if "lotes de Navidad" in company.said["tags"] or teller.rng.random() < 0.25:
            _hampers(teller, company, teller.later(posted, 12, 38), data)


def _hampers(teller: Teller, company: Somebody, at: datetime, data: dict[str, str]) -> None:
    order = teller.order(company, at, 1)
    if order is None:
        return
    count = (company.line.size if company.line else 10) // 2 + teller.rng.randint(5, 30)
    order.lines = [(name, count, PRODUCTS[name]) for name in teller.rng.sample(HAMPERS, 1)]
    text = ("Pedido {order}: lotes de Navidad", "{goods}, con tarjeta del cliente. Total {total}.")
    teller.tell(Kind.ORDER, company, text, Occasion(at, company.owner, order, data=dict(data)))
    thanks = ("Reacción a la campaña de lotes", "Reserva después de recibir el catálogo.")
    teller.tell(
        Kind.CAMPAIGN_REACTION,
        company,
        thanks,
        Occasion(teller.soon(at), company.owner, data=dict(data)),
    )


def _late_lorry(teller: Teller, day: date) -> None:
    """One week a haulier left nine customers waiting."""
    haulier, at = teller.everybody[HAULIER], teller.working(day, 8, 10)
    teller.tell(
        Kind.CALL,
        teller.person_at(haulier),
        (
            "Avería y huelga en ruta",
            "Dos camiones parados en Benavente. No saben cuándo salen. Pido lista de envíos "
            "afectados.",
        ),
        Occasion(at, cast.SERVICE_MANAGER),
        "in",
    )
    for company in teller.rng.sample(
        [c for c in teller.buyers() if c.line and c.line.area != "export"], 9
    ):
        person, when = teller.person_at(company), teller.later(at, 0, 3)
        on = Occasion(when, teller.rng.choice(cast.AGENTS), data={"cause": "transporte"})
        promotion.complain(teller, person, teller.choose(LATE), on)
        text = ("Reparto urgente", "Entregado con furgoneta propia. Se descuentan los portes.")
        teller.tell(Kind.JOB_DONE, company, text, Occasion(teller.later(when, 1, 2), None))
        sorry = (
            "Llamada de disculpa",
            "Explico lo ocurrido y que habrá aviso el mismo día. Lo agradece.",
        )
        teller.tell(
            Kind.CALL, person, sorry, Occasion(teller.later(when, 2, 4), company.owner), "out"
        )
    text = (
        "Reunión por los retrasos",
        "Aceptan penalización desde 24 h y nos avisarán por correo de cada incidencia en ruta.",
    )
    teller.tell(
        Kind.MEETING, haulier, text, Occasion(teller.later(at, 10, 14), cast.SERVICE_MANAGER)
    )


def _relations_with_suppliers(teller: Teller) -> None:
    for supplier in teller.companies("supplier"):
        for quarter in range(8):
            at = teller.working(teller.first + timedelta(days=20 + quarter * 90))
            text = (
                "Revisión trimestral",
                "Plazos, precios e incidencias del trimestre. Sin cambios en la tarifa."
                if quarter % 3
                else "Piden subir un 3 %. Se acepta a cambio de mejor plazo.",
            )
            teller.tell(Kind.MEETING, supplier, text, Occasion(at, cast.MANAGER))


def _last_evening(teller: Teller) -> None:
    """The last working day ended with something to do."""
    last = teller.today - timedelta(days={0: 3, 6: 2}.get(teller.today.weekday(), 1))
    for company, text in zip(teller.rng.sample(teller.companies(), 5), LAST_EVENING, strict=True):
        person = teller.person_at(company)
        at = datetime.combine(last, teller.working(last, 16, 19).timetz())
        teller.tell(Kind.CALL, person, text, Occasion(at, teller.rng.choice(cast.AGENTS)), "in")
