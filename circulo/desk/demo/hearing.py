"""What the people of the demo firm follow, and what they say to each other this morning."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time

from django.utils import timezone

from circulo.accounts import actions as accounts
from circulo.accounts.models import Notification, User
from circulo.desk.demo import cast
from circulo.desk.demo.people import Somebody
from circulo.desk.demo.tell import MADRID
from circulo.parties import actions as parties
from circulo.parties.models import Party
from circulo.timeline import actions as timeline
from circulo.timeline.actions import Telling
from circulo.timeline.kinds import Kind

FOLLOWED = 3
ASKS = (
    "@{name}, ¿puedes llamarles esta semana? Preguntan por la entrega antes de Navidad.",
    "@{name}: me han dicho que comparan con otra bodega. Pásate a verles cuando puedas.",
    "Quieren repetir la cata del año pasado. @{name}, ¿lo llevas tú?",
    "@{name} ojo con el cobro de este mes, me lo han comentado de pasada.",
)
ASKS_OF_ADMIN = (
    "@{name}, dicen que no les llegan nuestros correos. ¿Puedes mirar si la dirección está bien?",
    "@{name}, han cambiado de nombre y ya tienen otra ficha con el nuevo: ¿las juntas tú?",
)
TALK = (
    "Confirman el pedido de siempre y piden que vaya por la mañana.",
    "Hemos repasado precios; sin novedad.",
)


def enter(
    everybody: dict[str, Somebody], keys: dict[str, int], users: dict[str, User], today: date
) -> None:
    """Sellers and their managers follow some customers, and hear what a colleague notes there.

    So does the administrator, whose help is asked for too: a newcomer enters as that person.
    """
    now = min(datetime.combine(today, time(8, 40), MADRID), timezone.now())
    manager, admin = users[cast.SALES_MANAGER], users[cast.ADMIN]
    for at, seller in enumerate(key for keys in cast.SELLERS.values() for key in keys):
        if users[seller] == manager:
            continue
        mine = [keys[one.key] for one in everybody.values() if one.line and one.owner == seller]
        known = Party.objects.in_bulk(mine[:FOLLOWED])
        _follow(list(known.values()), [users[seller], manager])
        _follow(list(known.values())[1:], [admin])
        _say(list(known.values()), at, manager, users[seller], now)
        if at < len(ASKS_OF_ADMIN):
            _ask(ASKS_OF_ADMIN[at], list(known.values())[-1:], users[seller], admin, now)
    _read_some(manager)
    _read_some(admin)


def _follow(followed: Sequence[Party], people: Sequence[User]) -> None:
    for party in followed:
        for user in people:
            parties.follow_party(party, by=user)


def _say(followed: Sequence[Party], at: int, manager: User, seller: User, now: datetime) -> None:
    """The manager asks something of the seller, who has had a call with another customer."""
    if len(followed) < FOLLOWED:
        return
    _ask(ASKS[at % len(ASKS)], followed[:1], manager, seller, now)
    call = Telling(body=TALK[at % len(TALK)], occurred_at=now, direction="out")
    timeline.record(Kind.CALL, party=followed[1], by=seller, telling=call)


def _ask(words: str, about: Sequence[Party], asker: User, asked: User, now: datetime) -> None:
    ask = Telling(body=words.format(name=asked.name), occurred_at=now)
    for party in about:
        timeline.record(Kind.NOTE, party=party, by=asker, telling=ask)


def _read_some(user: User) -> None:
    """Half of what this person was told is read already."""
    told = list(Notification.objects.filter(to=user).order_by("pk").values_list("pk", flat=True))
    accounts.read_notices(user, told[: len(told) // 2])
