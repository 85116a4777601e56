"""What sellers did: calls, visits, meetings and the like, of those that somebody sees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from circulo.accounts.models import BY_NAME
from circulo.accounts.models import User as Person
from circulo.forecasts.seen import people_within
from circulo.forecasts.selectors.figures import Wanted
from circulo.forecasts.selectors.links import Json, condition, interactions_at
from circulo.forecasts.selectors.sums import Reckoning
from circulo.lib import ids
from circulo.lib.errors import Text
from circulo.timeline.kinds import LOOKS, Group, Kind
from circulo.timeline.models import Interaction

if TYPE_CHECKING:
    from circulo.accounts.models import User

SHOWN = tuple(kind for kind, look in LOOKS.items() if look.group == Group.CONVERSATION)


@dataclass(frozen=True)
class Figure:
    """How often something was done, and where that is listed."""

    label: Text
    count: int
    url: str


@dataclass(frozen=True)
class Doing:
    """How often somebody did something of each kind, and all together."""

    person: Person
    figures: list[Figure]
    total: Figure


def activity_for(
    user: User, wanted: Wanted, *, by: Reckoning
) -> tuple[Sequence[Kind], list[Doing]]:
    """The kinds that there are, and what everybody did in these days, who did most first."""
    counted = acts_of(user, wanted, by=by).values_list("by", "kind").annotate(many=Count("pk"))
    there = {(person, kind): many for person, kind, many in counted.order_by()}
    kinds = [kind for kind in SHOWN if any(kind == one for _whose, one in there)]
    people = Person.objects.filter(pk__in={person for person, _kind in there}).order_by(*BY_NAME)
    found = []
    when = [condition("occurred_at", op, moment.isoformat())
            for op, moment in zip(("gte", "lt"), wanted.moments(by), strict=True)]  # fmt: skip
    for person in people:
        mine = [condition("by", "is", ids.encode("user", person.pk)), *when]
        counts = [there.get((person.pk, kind), 0) for kind in kinds]
        figures = [
            Figure(LOOKS[kind].label, many, _listed(many, mine, condition("kind", "is", kind)))
            for kind, many in zip(kinds, counts, strict=True)
        ]
        every = _listed(sum(counts), mine, condition("kind", "in", list(SHOWN)))
        found.append(Doing(person, figures, Figure(_("Together"), sum(counts), every)))
    return kinds, sorted(found, key=lambda one: -one.total.count)


def _listed(many: int, mine: list[Json], of_kind: Json) -> str:
    return interactions_at([*mine, of_kind]) if many else ""


def acts_of(user: User, wanted: Wanted, *, by: Reckoning) -> QuerySet[Interaction]:
    """What the people whose figures somebody sees did in these days, with whom somebody sees."""
    if not user.may("interactions", "view"):
        return Interaction.objects.none()
    first, end = wanted.moments(by)
    people = Person.objects.filter(people_within(user)).values("pk")
    return Interaction.objects.visible_to(user).filter(
        by__in=people, kind__in=SHOWN, occurred_at__gte=first, occurred_at__lt=end
    )
