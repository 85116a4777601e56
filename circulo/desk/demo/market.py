"""How the demo firm divides its market: by provinces, and a territory for what it exports."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from circulo.accounts.models import Territory, User
from circulo.parties.models import Party
from circulo.territories.actions import add_territory, follow_rules


@dataclass(frozen=True)
class Part:
    """A territory: the provinces it takes, by the two digits their postal codes begin with."""

    name: str
    provinces: str = ""
    within: str = ""
    manager: str = ""
    members: tuple[str, ...] = ()
    rule: dict[str, Any] | None = None

    @property
    def criterion(self) -> dict[str, Any]:
        """Whom it takes."""
        if not self.provinces:
            return self.rule or {}
        return {"field": "province", "op": "in", "value": self.provinces.split()}


_ABROAD = {
    "all": [
        {"field": "country", "op": "empty", "value": False},
        {"not": {"field": "country", "op": "is", "value": "ES"}},
    ]
}
_KEY = {"field": "size", "op": "gte", "value": 50}
PARTS = (
    Part("España", manager="mercedes.arranz"),
    Part("Norte", "01 15 20 26 27 31 32 33 36 39 48", "España", "ignacio.herrero",
         ("nerea.etxeberria", "pablo.lobato")),
    Part("Norte, grandes cuentas", within="Norte", manager="nerea.etxeberria", rule=_KEY),
    Part("Centro", "02 05 06 09 10 13 16 19 24 28 34 37 40 42 45 47 49", "España",
         "ignacio.herrero", ("pablo.lobato",)),
    Part("Levante", "03 07 08 12 17 22 25 30 43 44 46 50", "España", "ignacio.herrero",
         ("antonio.palma",)),
    Part("Sur", "04 11 14 18 21 23 29 41 51 52", "España", "ignacio.herrero",
         ("rocio.benitez", "antonio.palma")),
    Part("Canarias", "35 38", "España", "ignacio.herrero", ("rocio.benitez",)),
    Part("Exportación", manager="ignacio.herrero", rule=_ABROAD),
)  # fmt: skip


def divide(users: dict[str, User]) -> None:
    """Divide the market; territories that are there already stay as they are."""
    known = {one.name: one for one in Territory.objects.all()}
    for part in PARTS:
        if part.name not in known:
            around = known.get(part.within)
            known[part.name] = add_territory(
                {
                    "name": part.name,
                    "parent_id": around.pk if around else None,
                    "rule": part.criterion,
                    "people_rule": {} if part.rule is _KEY else part.criterion,
                    "manager_id": users[part.manager].pk if part.manager else None,
                    "members": [users[key].pk for key in part.members],
                },
                by=None,
                is_demo=True,
            )


def forget() -> None:
    """Take the territories of the demo away, but for those that lie around others; those that
    somebody added are managed by nobody of the demo any more."""
    Territory.objects.filter(is_demo=False, manager__is_demo=True).update(manager=None)
    Party.objects.filter(territory__is_demo=True).update(territory=None)
    Party.objects.filter(pinned_territory__is_demo=True).update(pinned_territory=None)
    rows = Territory.objects.filter(is_demo=True, children__is_demo=False)
    kept = {int(key) for one in rows for key in one.path.split("/") if key}
    gone = Territory.objects.filter(is_demo=True).exclude(pk__in=kept)
    for one in gone.order_by("-path"):
        one.delete()
    Territory.objects.filter(pk__in=kept).update(manager=None, is_demo=False)
    follow_rules()
