"""What the demo firm sells, and an order of it."""

import random
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from circulo.lib import format as fmt

PRODUCTS: dict[str, Decimal] = {
    "Espadaña Roble (caja de 6)": Decimal("41.40"),
    "Espadaña Crianza (caja de 6)": Decimal("63.00"),
    "Espadaña Reserva 2019 (caja de 6)": Decimal("111.60"),
    "Verdejo La Veleta (caja de 6)": Decimal("36.60"),
    "Rosado de Cigales La Veleta (caja de 6)": Decimal("33.00"),
    "Espárrago blanco extra (caja de 12)": Decimal("82.80"),
    "Pimiento del piquillo asado (caja de 12)": Decimal("54.00"),
    "Alcachofa en aceite de oliva (caja de 12)": Decimal("58.80"),
    "Pochas al natural (caja de 12)": Decimal("46.20"),
    "Mermelada de tomate (caja de 24)": Decimal("50.40"),
    "Bonito en escabeche (caja de 24)": Decimal("98.40"),
    "Lote Espadaña de Navidad": Decimal("38.50"),
    "Lote La Veleta de Navidad": Decimal("64.90"),
}
HAMPERS = tuple(name for name in PRODUCTS if name.startswith("Lote"))
USUAL = tuple(name for name in PRODUCTS if name not in HAMPERS)


@dataclass
class Order:
    """An order, numbered once all orders are known."""

    party: str
    at: datetime
    lines: list[tuple[str, int, Decimal]] = field(default_factory=list)
    number: str = ""

    @property
    def total(self) -> Decimal:
        return sum((count * price for _name, count, price in self.lines), Decimal())

    @property
    def goods(self) -> str:
        return ", ".join(f"{count} × {name}" for name, count, _price in self.lines)

    @property
    def boxes(self) -> int:
        return sum(count for _name, count, _price in self.lines)

    @property
    def first(self) -> str:
        return self.lines[0][0]

    @property
    def data(self) -> dict[str, object]:
        """What is kept of it beside the text."""
        return {
            "order": self.number,
            "amount": {"amount": str(self.total), "currency": "EUR"},
            "lines": [{"product": n, "quantity": c, "price": str(p)} for n, c, p in self.lines],
        }


def pick(rng: random.Random, party: str, at: datetime, scale: float) -> Order:
    """An order of a size: a few products, as many boxes as the scale says."""
    names = rng.sample(USUAL, rng.randint(1, min(5, 1 + round(scale))))
    if at.month in (11, 12) and rng.random() < 0.4:
        names.append(rng.choice(HAMPERS))
    lines = [(name, max(1, round(scale * rng.uniform(0.5, 1.6))), PRODUCTS[name]) for name in names]
    return Order(party, at, lines)


def number(orders: list[Order]) -> None:
    """Number orders by the day they were placed, anew every year."""
    counts: dict[int, int] = {}
    for order in sorted(orders, key=lambda order: (order.at, order.party)):
        year = order.at.year
        counts[year] = counts.get(year, 0) + 1
        order.number = f"P-{year}-{counts[year]:05d}"


def euros(amount: Decimal) -> str:
    """An amount as the demo firm writes it."""
    return fmt.get("es-ES").money(amount, "EUR")
