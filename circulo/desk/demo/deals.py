"""What the demo firm is selling: two years of deals, the same for a seed and a day.

There is something to find in them: deals from the fair are won more often than those from the web,
the north closes sooner than the south and loses less on the price, hampers are sold in autumn, and
what stays long in negotiation is mostly lost. Some of the largest are sold by two together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from datetime import time as clock
from decimal import Decimal
from random import Random

from circulo.desk.demo import cast
from circulo.desk.demo.goods import PRODUCTS
from circulo.desk.demo.people import Somebody
from circulo.desk.demo.tell import MADRID
from circulo.sales.credit import parts_of

PER_MONTH, MONTHS, STAGES = 6, 24, 5
NOW_PER_MONTH, NOW = 15, 3  # the last months are the best so far
SOURCES = {"Feria Alimentaria": 0.62, "Recomendación": 0.58, "Cliente": 0.55, "Web": 0.24,
           "Llamada": 0.34}  # fmt: skip
WANTED = (
    ("Lineal de conservas", "Espárrago blanco extra (caja de 12)", 60, 220),
    ("Carta de vinos", "Espadaña Crianza (caja de 6)", 40, 160),
    ("Suministro anual de blancos", "Verdejo La Veleta (caja de 6)", 200, 700),
    ("Reserva para banquetes", "Espadaña Reserva 2019 (caja de 6)", 20, 90),
    ("Marca blanca de pimientos", "Pimiento del piquillo asado (caja de 12)", 150, 600),
    ("Ampliación de surtido", "Alcachofa en aceite de oliva (caja de 12)", 50, 180),
)
HAMPER = ("Lotes de Navidad", "Lote La Veleta de Navidad", 60, 400)
LARGE, HELPS, SHARES = 12_000, 0.5, (20, 30, 30, 50)
RIVALS = ("Bodegas Altamira", "Conservas del Ebro", "Grupo Viña Clara")
STEPS = (
    ("call", "Llamar por la propuesta"),
    ("visit", "Visita con muestras"),
    ("email", "Enviar la tarifa nueva"),
    ("meeting", "Cerrar las condiciones"),
)
# Of the reasons of the pipeline that a new installation has, by their place.
LOST_NORTH, LOST_SOUTH, WON = (1, 3, 4, 4, 5), (0, 0, 0, 1, 4), (0, 1, 2, 2, 3)


@dataclass(frozen=True)
class Sold:
    """A deal: its way through the stages by the moments at which it entered each, and its end.

    What came back was lost at the first of two moments, and open again at the second.
    """

    title: str
    party: str
    owner: str
    amount: Decimal
    source: str
    entered: tuple[datetime, ...]
    outcome: str
    closed_at: datetime | None
    reason: int
    expected_on: date
    rival: str
    step: tuple[str, str] | None
    step_on: date | None
    came_back: tuple[datetime, ...] = ()
    shared: tuple[str, int] | None = None

    @property
    def parts(self) -> list[tuple[str, Decimal, int]]:
        """Who has how much of it, and how many deals that is: it is counted with its owner."""
        if self.shared is None:
            return [(self.owner, self.amount, 1)]
        colleague, percent = self.shared
        (part,) = parts_of(self.amount, [percent], "EUR")
        return [(self.owner, self.amount - part, 1), (colleague, part, 0)]

    @property
    def moments(self) -> tuple[datetime, ...]:
        """When each of its stays began."""
        return (*self.entered, *self.came_back, *filter(None, [self.closed_at]))


def deals(seed: int, today: date, everybody: dict[str, Somebody]) -> list[Sold]:
    """Every deal, the oldest first."""
    return _Seller(seed, today, everybody).sell()


class _Seller:
    def __init__(self, seed: int, today: date, everybody: dict[str, Somebody]) -> None:
        self.rng, self.today = Random(f"{seed} deals"), today
        self.sharing = Random(f"{seed} shares")
        sellers = {one for group in cast.SELLERS.values() for one in group}
        self.firms: dict[str, list[Somebody]] = {}
        for one in everybody.values():
            if one.line and one.owner in sellers:
                self.firms.setdefault(one.owner, []).append(one)

    def sell(self) -> list[Sold]:
        first = self.today - timedelta(days=30 * MONTHS)
        days = [
            first + timedelta(days=30 * month + self.rng.randrange(30))
            for month in range(MONTHS)
            for _n in range(NOW_PER_MONTH if month >= MONTHS - NOW else PER_MONTH)
        ]
        return [self._deal(day) for day in sorted(days)]

    def _deal(self, began: date) -> Sold:
        rng, firm = self.rng, self.rng.choice(self.firms[self.rng.choice(list(self.firms))])
        is_south = firm.owner in cast.SELLERS["sur"]
        title, product, least, most = HAMPER if began.month in (9, 10) else rng.choice(WANTED)
        source = rng.choice(list(SOURCES))
        pace = (20 if is_south else 13) * rng.uniform(0.5, 1.6)
        is_won = rng.random() < SOURCES[source] - (0.08 if is_south else 0.0)
        stages = STAGES if is_won else rng.choice((1, 2, 3, 4, 4))
        if not is_won and stages == 4:
            pace *= 2
        moments = self._moments(began, pace, stages + 1)
        past = [moment for moment in moments if moment.date() < self.today]
        is_over = len(past) == len(moments)
        entered = tuple(past[:stages]) or (moments[0],)
        price = (PRODUCTS[product] * rng.randrange(least, most)).quantize(Decimal("0.01"))
        has_step = not is_over and rng.random() < 0.72
        reasons = WON if is_won else (LOST_SOUTH if is_south else LOST_NORTH)
        return Sold(
            title, firm.key, firm.owner,
            price, source, entered,
            ("won" if is_won else "lost") if is_over else "open",
            moments[-1] if is_over else None, rng.choice(reasons),
            moments[-1].date() if is_over else self.today + timedelta(days=rng.randrange(-6, 75)),
            rng.choice(RIVALS) if rng.random() < 0.3 else "",
            rng.choice(STEPS) if has_step else None,
            self.today + timedelta(days=rng.randrange(-2, 12)) if has_step else None,
            () if is_over else self._come_back(entered[-1]), self._share(firm.owner, price),
        )  # fmt: skip

    def _share(self, owner: str, price: Decimal) -> tuple[str, int] | None:
        """A colleague who helps to sell what is large, and with which share."""
        colleague = self.sharing.choice([one for one in self.firms if one != owner])
        percent, helps = self.sharing.choice(SHARES), self.sharing.random() < HELPS
        return (colleague, percent) if helps and price >= LARGE else None

    def _come_back(self, since: datetime) -> tuple[datetime, ...]:
        """Some who had said no call again."""
        third = timedelta(days=(self.today - since.date()).days // 3)
        is_back = third.days >= 2 and self.rng.random() < 0.35
        return (since + third, since + 2 * third) if is_back else ()

    def _moments(self, began: date, pace: float, count: int) -> Sequence[datetime]:
        """When it entered each stage, and when it ended: in working hours, one after the other."""
        moment = datetime.combine(began, clock(9 + self.rng.randrange(8), 15), MADRID)
        found = [moment]
        for _n in range(count - 1):
            moment += timedelta(days=max(1.0, self.rng.gauss(pace, pace / 3)))
            moment = moment.replace(hour=9 + self.rng.randrange(8))
            found.append(moment)
        return found
