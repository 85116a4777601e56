"""The people who work here, as the rows of a load name them."""

from __future__ import annotations

from circulo.accounts.models import User
from circulo.accounts.rights import RoleName
from circulo.records.mapping import folded


def owners() -> dict[str, int]:
    """The people who work here by address, by name, and by name as people spell it."""
    people = list(User.objects.filter(is_active=True).values_list("pk", "email", "name"))
    by_name = {spelt: pk for pk, _email, name in people for spelt in (name.lower(), folded(name))}
    return by_name | {email: pk for pk, email, _name in people}


def first_administrator() -> User | None:
    """Whose it is where nobody at work here brings it in, as from the command line."""
    rows = User.objects.filter(role=RoleName.ADMIN, is_active=True)
    return rows.select_related("role", "team").order_by("pk").first()
