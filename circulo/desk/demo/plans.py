"""What the people of the demo firm plan: two years of tasks and appointments, and weeks to come."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from datetime import time as clock

from circulo.desk.demo import cast
from circulo.desk.demo.people import Somebody
from circulo.desk.demo.tell import MADRID

PLANNERS = (
    *cast.SELLERS["norte"], *cast.SELLERS["sur"], *cast.AGENTS, cast.SALES_MANAGER, cast.MANAGER,
    cast.SERVICE_MANAGER, cast.MARKETER, cast.TREASURER, "tomas.requena", "julian.velasco",
)  # fmt: skip
TASKS = (
    ("call", "Llamar a {given} por el pedido de {month}"),
    ("call", "Preguntar a {given} qué tal salió la cata"),
    ("email", "Enviar a {given} la tarifa nueva"),
    ("email", "Mandar las fichas técnicas de conservas"),
    ("todo", "Preparar muestras de Reserva para {company}"),
    ("todo", "Revisar las condiciones de pago de {company}"),
    ("visit", "Pasar por {company} a ver el lineal"),
    ("letter", "Escribir a {given} para agradecer el pedido"),
    ("todo", "Comprobar con almacén la entrega de {company}"),
)
PROMISES = (
    "Le llamo el {weekday} con el precio cerrado",
    "Enviarle la factura rectificada a {company}",
    "Dar respuesta a {given} sobre la exclusiva",
    "Reponer las cajas golpeadas de {company}",
)
MEETINGS = (
    ("visit", "Visita a {company}", "{city}", 60),
    ("meeting", "Cata con {company}", "Bodega", 90),
    ("call", "Llamada con {given}", "", 30),
    ("meeting", "Revisión del año con {company}", "{city}", 60),
)
WEEKDAYS = ("lunes", "martes", "miércoles", "jueves", "viernes")
MONTHS = ("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre",
          "octubre", "noviembre", "diciembre")  # fmt: skip


@dataclass
class Planned:
    """Something that somebody planned, and what became of it."""

    owner: str
    title: str
    kind: str
    at: datetime | date
    is_appointment: bool = False
    party: str = ""
    minutes: int = 60
    place: str = ""
    repeat: str = ""
    people: Sequence[str] = field(default_factory=list)
    is_private: bool = False
    reminder: int | None = None
    made_on: date | None = None
    done_at: datetime | None = None
    is_dropped: bool = False


def plans(seed: int, today: date, everybody: dict[str, Somebody]) -> list[Planned]:
    """Everything that is planned, the same for a seed and a day."""
    planner = _Planner(seed, today, everybody)
    return [*planner.together(), *planner.everyday()]


class _Planner:
    """Plans the days of everybody who works at the firm."""

    def __init__(self, seed: int, today: date, everybody: dict[str, Somebody]) -> None:
        self.rng = random.Random(f"plans {seed}")
        self.today = today
        self.known = {
            owner: [s for s in everybody.values() if s.owner == owner] for owner in PLANNERS
        }
        self.anybody = [s for s in everybody.values() if s.line and s.line.lifecycle == "customer"]

    def together(self) -> Iterator[Planned]:
        """What people do together, week after week."""
        begin = self.today - timedelta(days=self.today.weekday() + 7 * 100)
        sellers = [*cast.SELLERS["norte"], *cast.SELLERS["sur"]]
        made = begin - timedelta(days=7)
        yield Planned(cast.SALES_MANAGER, "Reunión de ventas", "meeting",
                      self._moment(begin, 9, 0), True, minutes=60, place="Sala grande",
                      repeat="FREQ=WEEKLY;BYDAY=MO", people=sellers, reminder=10,
                      made_on=made)  # fmt: skip
        yield Planned(cast.SERVICE_MANAGER, "Repaso de incidencias", "meeting",
                      self._moment(begin, 8, 45), True, minutes=15,
                      repeat="FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", people=cast.AGENTS,
                      made_on=made)  # fmt: skip
        yield Planned(cast.MANAGER, "Comité de dirección", "meeting",
                      self._moment(begin + timedelta(days=2), 16, 30), True, minutes=90,
                      place="Dirección", repeat="FREQ=WEEKLY;INTERVAL=2",
                      people=[cast.SALES_MANAGER, cast.SERVICE_MANAGER, cast.TREASURER],
                      reminder=60, made_on=made)  # fmt: skip
        yield Planned(cast.TREASURER, "Cierre del mes y remesa de recibos", "todo",
                      self.today.replace(day=28) - timedelta(days=31),
                      repeat="FREQ=MONTHLY;BYMONTHDAY=28", made_on=made)  # fmt: skip
        fair = self.today + timedelta(days=19 - self.today.weekday())
        yield Planned(cast.MARKETER, "Feria de alimentación", "other", fair, True,
                      minutes=3 * 24 * 60, place="IFEMA, Madrid",
                      people=[cast.SALES_MANAGER, *cast.SELLERS["norte"]])  # fmt: skip

    def everyday(self) -> Iterator[Planned]:
        """The tasks and appointments of each, since two years ago and for the weeks to come."""
        for owner in PLANNERS:
            day = self.today - timedelta(days=730)
            end = self.today + timedelta(days=28)
            while day < end:
                near = abs((day - self.today).days) < 12
                day += timedelta(days=self.rng.randint(1, 2) if near else self.rng.randint(5, 13))
                if day.weekday() < 5:
                    yield from self._day(owner, day)
            yield Planned(owner, "Dentista", "other",
                          self._moment(self._workday(self.today + timedelta(days=6)), 17, 0), True,
                          is_private=True)  # fmt: skip

    def _day(self, owner: str, day: date) -> Iterator[Planned]:
        chance = self.rng.random()
        if chance < 0.62:
            yield self._task(owner, day)
        if chance > 0.45:
            yield self._meeting(owner, day)

    def _task(self, owner: str, day: date) -> Planned:
        who = self._somebody(owner)
        is_promise = self.rng.random() < 0.14
        kind, text = ("promise", self.rng.choice(PROMISES)) if is_promise else (
            self.rng.choice(TASKS))  # fmt: skip
        has_hour = kind in ("call", "promise") and self.rng.random() < 0.6
        at = self._moment(day, self.rng.randrange(9, 18), self.rng.choice((0, 30)))
        made = day - timedelta(days=self.rng.randint(1, 12))
        planned = Planned(owner, self._filled(text, who, day), kind, at if has_hour else day,
                          party=who.key, made_on=min(made, self.today - timedelta(days=1)),
                          reminder=10 if has_hour else None)  # fmt: skip
        self._end(planned, day)
        return planned

    def _meeting(self, owner: str, day: date) -> Planned:
        who = self._somebody(owner)
        kind, text, place, minutes = self.rng.choice(MEETINGS)
        at = self._moment(day, self.rng.randrange(10, 18), self.rng.choice((0, 30)))
        made = min(day - timedelta(days=self.rng.randint(2, 20)), self.today - timedelta(days=1))
        planned = Planned(owner, self._filled(text, who, day), kind, at, True, who.key, minutes,
                          place.format(city=who.city), made_on=made, reminder=30)  # fmt: skip
        if day < self.today:
            planned.done_at = at + timedelta(minutes=minutes)
            if self.rng.random() < 0.07:
                planned.done_at, planned.is_dropped = None, True
        return planned

    def _end(self, planned: Planned, day: date) -> None:
        """What was planned for days gone by was mostly done, some of it late, a little never."""
        if day >= self.today:
            return
        chance, ago = self.rng.random(), (self.today - day).days
        late = self.rng.choice((0, 0, 0, 0, 0, 0, 1, 2)) if ago > 3 else 0
        if chance < 0.04:
            planned.is_dropped = True
        elif ago > 12 or chance < 0.8:
            when = planned.at if isinstance(planned.at, datetime) else self._moment(day, 12, 20)
            early = timedelta(minutes=-self.rng.randrange(5, 90))
            planned.done_at = when + (timedelta(days=late, hours=1) if late else early)

    def _somebody(self, owner: str) -> Somebody:
        return self.rng.choice(self.known[owner] or self.anybody)

    def _filled(self, text: str, who: Somebody, day: date) -> str:
        return text.format(
            given=who.given or who.name,
            company=who.company or who.name,
            month=MONTHS[day.month - 1],
            weekday=WEEKDAYS[day.weekday()],
        )

    def _moment(self, day: date, hour: int, minute: int) -> datetime:
        return datetime.combine(day, clock(hour, minute), MADRID)

    def _workday(self, day: date) -> date:
        return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)
