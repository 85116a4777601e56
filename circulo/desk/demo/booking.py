"""The booking pages of the demo firm, and who took an hour there."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Exists, OuterRef

from circulo.accounts.models import User
from circulo.agenda import actions as agenda
from circulo.agenda.selectors.booking import free_slots
from circulo.agenda.week import Span, Week
from circulo.desk.demo import cast
from circulo.parties.models import PartyKind, Point

MORNING, AFTERNOON = Span(9 * 60 + 30, 14 * 60), Span(16 * 60, 18 * 60 + 30)
WEEK: Week = {day: (MORNING, AFTERNOON) for day in range(4)} | {4: (MORNING,)}
VISIT = {
    "title": "Visita a la bodega con cata", "place": "Bodega La Espadaña, sala de catas",
    "minutes": 45, "pause": 15, "most_a_day": 4, "days_ahead": 21, "notice_hours": 24,
}  # fmt: skip
CALL = {"title": "Llamada comercial", "place": "", "minutes": 30, "pause": 10, "days_ahead": 14}
NOTES = (
    "Seremos seis; uno no bebe alcohol.",
    "Nos interesa sobre todo la carta de reservas.",
    "Queremos hablar del pedido de Navidad.",
)
PAGES = ((cast.SELLERS["norte"][0], VISIT, 2), (cast.SELLERS["sur"][0], CALL, 1))
EVERY = 5  # not one hour after the other


def enter(users: dict[str, User]) -> None:
    """Two sellers offer hours, and some of their contacts take one. Nobody is mailed of it."""
    for seller, offer, count in PAGES:
        page = agenda.open_booking(users[seller], offer, WEEK)
        free = free_slots(page)[::EVERY]
        for start, known, note in zip(free, _known(users[seller], count), NOTES, strict=False):
            agenda.book(page, start=start, name=str(known.party), email=known.value, note=note,
                        is_mailed=False)  # fmt: skip


def _known(seller: User, count: int) -> Sequence[Point]:
    """Addresses that one contact of a seller has alone."""
    emails = Point.objects.filter(kind=Point.Kind.EMAIL)
    others = emails.filter(value=OuterRef("value")).exclude(party=OuterRef("party"))
    mine = emails.filter(~Exists(others), party__owner=seller, party__kind=PartyKind.PERSON)
    return list(mine.select_related("party").order_by("party_id", "pk")[:count])
