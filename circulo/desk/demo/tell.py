"""Telling what happened: events in time, whose texts are filled in once orders have numbers."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from datetime import time as clock
from typing import Any
from zoneinfo import ZoneInfo

from circulo.desk.demo import goods
from circulo.desk.demo.goods import Order
from circulo.desk.demo.people import Somebody
from circulo.timeline.kinds import Kind

MADRID = ZoneInfo("Europe/Madrid")
Text = tuple[str, str]


@dataclass
class Event:
    """Something that happened with somebody."""

    kind: Kind
    party: str
    at: datetime
    by: str | None
    subject: str
    body: str = ""
    direction: str = ""
    channel: str = ""
    data: dict[str, Any] = field(default_factory=dict)


@dataclass
class Occasion:
    """When and with whom something happens, and what its texts may name."""

    at: datetime
    by: str | None
    order: Order | None = None
    words: dict[str, str] = field(default_factory=dict)
    data: dict[str, Any] = field(default_factory=dict)


class Teller:
    """Collects what happened to everybody over the last two years."""

    def __init__(self, seed: int, today: date, everybody: dict[str, Somebody]) -> None:
        self.seed, self.today, self.everybody = seed, today, everybody
        self.first = today - timedelta(days=730)
        self.rng = random.Random(f"stories {seed}")
        self.orders: list[Order] = []
        self._events: list[tuple[Event, Somebody, Occasion]] = []

    def tell(
        self, kind: Kind, who: Somebody, text: Text, on: Occasion, direction: str = ""
    ) -> None:
        """Note what happened, unless it lies before the two years or has not happened yet."""
        if on.at.date() < self.first or on.at.date() >= self.today or on.at.date() < who.since:
            return
        event = Event(kind, who.key, on.at, on.by, text[0], text[1], direction, data=on.data)
        self._events.append((event, who, on))

    def order(self, who: Somebody, at: datetime, scale: float) -> Order | None:
        """A new order, unless it lies outside of the two years."""
        if not max(self.first, who.since) <= at.date() < self.today:
            return None
        order = goods.pick(self.rng, who.key, at, scale)
        self.orders.append(order)
        return order

    def events(self) -> list[Event]:
        """Everything that happened, in order, with its texts."""
        goods.number(self.orders)
        for event, who, on in self._events:
            words = self._words(who, on)
            event.subject = event.subject.format_map(words)[:300]
            event.body = event.body.format_map(words)
            if on.order and event.kind in (Kind.ORDER, Kind.PAYMENT, Kind.RETURN):
                event.data = {**on.order.data, **event.data}
        return sorted(
            (event for event, _who, _on in self._events), key=lambda e: (e.at, e.party, e.kind)
        )

    def working(self, day: date, start: int = 9, end: int = 18) -> datetime:
        """A moment of a working day: that one, or the Monday after."""
        while day.weekday() > 4:
            day += timedelta(days=1)
        minutes = self.rng.randrange(start * 60, end * 60)
        return datetime.combine(day, clock(minutes // 60, minutes % 60), MADRID)

    def later(self, at: datetime, least: int, most: int) -> datetime:
        """A working moment some days after another one."""
        return self.working(at.date() + timedelta(days=self.rng.randint(least, most)))

    def soon(self, at: datetime, least: int = 5, most: int = 90) -> datetime:
        """Some minutes after."""
        return at + timedelta(minutes=self.rng.randint(least, most))

    def choose(self, texts: Sequence[Text]) -> Text:
        return self.rng.choice(texts)

    def companies(self, lifecycle: str = "customer") -> list[Somebody]:
        return [s for s in self.everybody.values() if s.line and s.line.lifecycle == lifecycle]

    def buyers(self) -> list[Somebody]:
        """The companies that order."""
        return [s for s in self.everybody.values() if s.line and s.line.rhythm]

    def private(self) -> list[Somebody]:
        """People who buy for themselves."""
        return [s for key, s in self.everybody.items() if key.startswith("private/")]

    def person_at(self, company: Somebody) -> Somebody:
        """Somebody whom we know there: mostly the first one."""
        place = 0 if self.rng.random() < 0.6 else self.rng.randrange(len(company.people))
        return self.everybody[company.people[place]]

    def _words(self, who: Somebody, on: Occasion) -> dict[str, str]:
        words = {
            "name": who.name, "given": who.given or who.name,
            "company": who.company or who.name, "city": who.city,
        }  # fmt: skip
        if on.order:
            words |= {
                "order": on.order.number, "goods": on.order.goods, "first": on.order.first,
                "total": goods.euros(on.order.total), "boxes": str(on.order.boxes),
            }  # fmt: skip
        return words | on.words
