"""What a person decides about their own desk."""

from collections.abc import Sequence

from circulo.accounts.models import User
from circulo.desk.models import ListChoice, PutAway


def remember_list(user: User, name: str, columns: Sequence[str], sort: str) -> None:
    """Keep the columns and the order in which a person likes a list."""
    liked = {"columns": list(columns), "sort": sort}
    ListChoice.objects.update_or_create(user=user, name=name, defaults=liked)


def put_away(user: User, name: str) -> None:
    """Do not show something on Today again."""
    PutAway.objects.get_or_create(user=user, name=name)


def bring_back(user: User, name: str) -> None:
    """Show on Today again what was put away."""
    PutAway.objects.filter(user=user, name=name).delete()
