"""What a person decides about their own desk."""

from collections.abc import Mapping, Sequence

from circulo.accounts.models import User
from circulo.desk.models import ListChoice, PutAway
from circulo.records.models import SavedView


def remember_list(user: User, name: str, columns: Sequence[str], sort: str, density: str) -> None:
    """Keep the columns, the order and the density in which a person likes a list."""
    liked = {"columns": list(columns), "sort": sort, "density": density}
    ListChoice.objects.update_or_create(user=user, name=name, defaults=liked)


def remember_widths(user: User, name: str, widths: Mapping[str, int]) -> None:
    """Keep how wide a person likes the columns of a list."""
    liked = {"widths": dict(widths)}
    ListChoice.objects.update_or_create(user=user, name=name, defaults=liked)


def put_away(user: User, name: str) -> None:
    """Do not show something on Today again."""
    PutAway.objects.get_or_create(user=user, name=name)


def bring_back(user: User, name: str) -> None:
    """Show on Today again what was put away."""
    PutAway.objects.filter(user=user, name=name).delete()


def open_with(user: User, name: str, view: SavedView | None) -> None:
    """Let a list open with a view, or as it is."""
    ListChoice.objects.update_or_create(user=user, name=name, defaults={"view": view})
