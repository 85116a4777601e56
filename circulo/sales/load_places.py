"""What rows of deals name: stages and people, looked up once for a load."""

from __future__ import annotations

from circulo.accounts.models import User
from circulo.accounts.rights import Reach, RoleName
from circulo.records.mapping import folded
from circulo.sales.drafts import may_give
from circulo.sales.models import Stage


def stages_called() -> dict[tuple[int, str], int]:
    """Every stage by its pipeline and what it is called."""
    rows = Stage.objects.in_order().values_list("pipeline", "name", "pk")
    return {(pipeline, folded(name)): key for pipeline, name, key in rows}


def ends() -> dict[int, tuple[int, int]]:
    """The first and the last stage of every pipeline."""
    found: dict[int, tuple[int, int]] = {}
    for pipeline, key in Stage.objects.in_order().values_list("pipeline", "pk"):
        found[pipeline] = (found.get(pipeline, (key, key))[0], key)
    return found


def first_administrator() -> int | None:
    """Whose it is where nobody at work here brings it in, as from the command line."""
    admins = User.objects.filter(role=RoleName.ADMIN, is_active=True)
    return admins.order_by("pk").values_list("pk", flat=True).first()


def owners() -> dict[str, int]:
    """The people who work here by address, by name, and by name as people spell it."""
    people = list(User.objects.filter(is_active=True).values_list("pk", "email", "name"))
    by_name = {spelt: pk for pk, _email, name in people for spelt in (name.lower(), folded(name))}
    return by_name | {email: pk for pk, email, _name in people}


def receivers(by: User | None) -> frozenset[int] | None:
    """Those whom a person may give deals to; None where that is everybody."""
    if by is None or by.reach("deals", "edit") == Reach.ALL:
        return None
    people = User.objects.filter(is_active=True).select_related("team")
    return frozenset(one.pk for one in people if may_give(by, one))
