"""What the demo firm asks its customers, and what it learned of them in two years."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from datetime import time as clock
from typing import Any

from circulo.desk.demo.people import Somebody
from circulo.desk.demo.tell import MADRID

_DAYS = ["Lunes | Monday", "Martes | Tuesday", "Miércoles | Wednesday", "Jueves | Thursday",
         "Viernes | Friday"]  # fmt: skip


def _topic(
    key: str, names: str, question: str, sort: str, answer: str, choices: Any = (), **more: Any
) -> dict[str, Any]:
    """A topic as its action takes it; Spanish and English are parted by a bar."""
    short, asked = _both(names), _both(question)
    return {
        "key": key, "short_es": short[0], "short_en": short[1], "label_es": asked[0],
        "label_en": asked[1], "sort": sort, "answer": answer, "is_for_contacts": True,
        "is_for_companies": True,
        "choices": [{"es": _both(one)[0], "en": _both(one)[1]} for one in choices],
    } | more  # fmt: skip


def _both(text: str) -> tuple[str, str]:
    spanish, _bar, english = text.partition(" | ")
    return spanish, english or spanish


FIRMS = {"is_for_contacts": False}
PEOPLE = {"is_for_companies": False}
TOPICS = (
    _topic("wine", "Vino preferido | Favourite wine",
           "¿Qué vino nuestro prefiere? | Which of our wines do you prefer?", "like", "several",
           ("Joven | Young red", "Crianza | Crianza", "Reserva | Reserva",
            "Blanco verdejo | White verdejo", "Rosado | Rosé"), weight=5, half_life_days=540),
    _topic("delivery", "Día de reparto | Delivery day",
           "¿Qué día prefiere recibir el pedido? | On which day do you prefer deliveries?",
           "preference", "choice", _DAYS, weight=4, half_life_days=365, **FIRMS),
    _topic("covers", "Cubiertos por semana | Covers a week",
           "¿Cuántos cubiertos sirve a la semana? | How many covers do you serve a week?", "fact",
           "number", weight=4, half_life_days=300, **FIRMS),
    _topic("menu", "Cambio de carta | Change of menu",
           "¿Cuándo cambia la carta? | When does your menu change?", "fact", "date", weight=5,
           half_life_days=120, rest_days=90, **FIRMS),
    _topic("gluten", "Sin gluten | Gluten-free",
           "¿Necesita productos sin gluten? | Do you need gluten-free products?", "need",
           "yes_no", weight=4, half_life_days=720),
    _topic("gluten-why", "Para quién es sin gluten | Who needs it gluten-free",
           "¿Para quién los necesita? | For whom do you need them?", "need", "text", weight=2,
           half_life_days=720),
    _topic("organic", "Interés por lo ecológico | Interest in organic",
           "¿Cuánto le importa que sea ecológico? | How much does organic matter to you?",
           "preference", "scale", weight=3, half_life_days=500),
    _topic("format", "Formato | Format",
           "¿Qué formato le viene mejor? | Which size suits you best?", "preference", "choice",
           ("Tarro pequeño | Small jar", "Tarro grande | Large jar", "Lata | Tin"), weight=2,
           half_life_days=540),
    _topic("occasion", "Para qué compra | What it is for",
           "¿Para qué ocasiones compra? | For which occasions do you buy?", "need", "several",
           ("A diario | Every day", "Regalo | Gifts", "Navidad | Christmas",
            "Reuniones | Parties"), weight=4, half_life_days=400, **PEOPLE),
    _topic("contact", "Cómo avisarle | How to reach them",
           "¿Cómo prefiere que le avisemos? | How should we reach you?", "preference", "choice",
           ("Teléfono | Phone", "Correo | E-mail", "WhatsApp | WhatsApp"), weight=3,
           half_life_days=600),
    _topic("service", "Qué mejorar | What to improve",
           "¿Qué no le gusta de nuestro servicio? | What do you dislike about our service?",
           "dislike", "text", weight=5, half_life_days=200, rest_days=120),
)  # fmt: skip
FIRST_VISIT, NEWCOMERS = "first visit", "newcomers"
# Name, order, whom it is held with, and its questions with the answer that one depends on.
INTERVIEWS: dict[str, tuple[dict[str, Any], tuple[tuple[str, ...], ...]]] = {
    FIRST_VISIT: (
        {"name_es": "Primera visita a un establecimiento", "name_en": "First visit to a business",
         "order": "written", **FIRMS},
        (("covers",), ("wine",), ("gluten",), ("gluten-why", "gluten", "is", "yes"),
         ("delivery",), ("menu",), ("format",), ("service",)),
    ),
    NEWCOMERS: (
        {"name_es": "Conocer a quien compra en la web", "name_en": "Who buys on the web",
         "order": "value", **PEOPLE},
        (("occasion",), ("wine",), ("organic",), ("gluten",),
         ("gluten-why", "gluten", "is", "yes"), ("contact",), ("service",)),
    ),
}  # fmt: skip
_KEYS = {topic["key"]: topic for topic in TOPICS}
_WORDS = {
    "gluten-why": ("Una hija celíaca", "Dos camareros celíacos", "Clientes que lo piden a menudo"),
    "service": ("Que el reparto llegue en hora de comidas", "Las cajas llegan mojadas si llueve",
                "Tardan en responder los lunes", "Que el pedido mínimo sea tan alto"),
}  # fmt: skip
_FREE = {
    "like": ("Las visitas a la bodega", "Las alcachofas en aceite", "Que le llamen por su nombre",
             "Probar antes de pedir", "El Reserva 2019"),
    "dislike": ("Las llamadas a la hora de comer", "El pimiento picante", "Recibir dos facturas"),
    "need": ("Un albarán con cada caja", "Entrega antes de las once",
             "Tarjeta del cliente en cada lote", "Fichas técnicas para la carta"),
}  # fmt: skip
_SOURCES = ("asked", "asked", "observed", "told")


@dataclass(frozen=True)
class Learned:
    """Something that was learned of somebody: an answer to a topic, or free words."""

    party: str
    at: datetime
    by: str
    topic: str = ""
    value: Any = ""
    sort: str = ""
    source: str = "asked"
    is_withdrawn: bool = False


@dataclass(frozen=True)
class Held:
    """An interview that was held: each question with its answer, or None where it was skipped."""

    interview: str
    party: str
    at: datetime
    by: str
    answers: list[tuple[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class Knowledge:
    """All that was learned, in order."""

    learned: list[Learned]
    held: list[Held]


class Learner:
    """Learns of everybody, one after the other, from one source of chance."""

    def __init__(self, seed: int, today: date) -> None:
        self.rng, self.today = random.Random(f"needs {seed}"), today

    def learn(self, everybody: dict[str, Somebody]) -> Knowledge:
        """What two years of talking brought: more of those who have been customers for longer."""
        learned: list[Learned] = []
        held: list[Held] = []
        for somebody in everybody.values():
            if somebody.said["lifecycle"] not in ("customer", "prospect"):
                continue
            if self.rng.random() < (0.5 if somebody.line else 0.12):
                held.append(self.interview(somebody))
            learned += [self.one(somebody) for _ in range(self.rng.choice((0, 0, 1, 2, 4)))]
        return Knowledge(
            sorted(learned, key=lambda one: (one.at, one.party)),
            sorted(held, key=lambda one: (one.at, one.party)),
        )

    def interview(self, somebody: Somebody) -> Held:
        """The interview of their kind, with a question skipped now and then."""
        name = FIRST_VISIT if somebody.line else NEWCOMERS
        answers: dict[str, Any] = {}
        for key, *condition in INTERVIEWS[name][1]:
            if condition and answers.get(condition[0]) is not True:
                continue
            answers[key] = None if self.rng.random() < 0.12 else self.value(key)
        return Held(
            name, somebody.key, self.moment(somebody), somebody.owner, list(answers.items())
        )

    def one(self, somebody: Somebody) -> Learned:
        """One thing said by the way, an answer to a topic or in free words."""
        at = self.moment(somebody)
        if self.rng.random() < 0.45:
            sort = self.rng.choice(("like", "like", "dislike", "need"))
            text = self.rng.choice(_FREE[sort])
            return Learned(somebody.key, at, somebody.owner, value=text, sort=sort,
                           source=self.rng.choice(_SOURCES),
                           is_withdrawn=self.rng.random() < 0.06)  # fmt: skip
        is_firm = somebody.line is not None
        fitting = [key for key, topic in _KEYS.items()
                   if topic["is_for_companies" if is_firm else "is_for_contacts"]]  # fmt: skip
        key = self.rng.choice(fitting)
        return Learned(somebody.key, at, somebody.owner, key, self.value(key),
                       source=self.rng.choice(_SOURCES))  # fmt: skip

    def value(self, key: str) -> Any:
        """An answer that fits a topic."""
        topic = _KEYS[key]
        words = [one["en"] for one in topic["choices"]]
        answers: dict[str, Callable[[], Any]] = {
            "choice": lambda: self.rng.choice(words),
            "several": lambda: self.rng.sample(words, self.rng.randint(1, 2)),
            "scale": lambda: self.rng.randint(1, 5),
            "number": lambda: self.rng.randrange(60, 900, 10),
            "yes_no": lambda: self.rng.random() < 0.35,
            "date": lambda: self.today + timedelta(days=self.rng.randint(10, 200)),
            "text": lambda: self.rng.choice(_WORDS[key]),
        }
        return answers[topic["answer"]]()

    def moment(self, somebody: Somebody) -> datetime:
        """A moment of a working day since somebody is known, within the two years."""
        first = max(somebody.since, self.today - timedelta(days=725))
        day = first + timedelta(days=self.rng.randrange(max(1, (self.today - first).days - 3)))
        day -= timedelta(days=max(0, day.weekday() - 4))
        minutes = self.rng.randrange(9 * 60, 18 * 60)
        return datetime.combine(max(day, first), clock(minutes // 60, minutes % 60), MADRID)
