"""What can be done to many contacts or companies at once."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from circulo.accounts.models import User
from circulo.accounts.selectors import owner_of, owners
from circulo.lib.errors import Invalid, Text
from circulo.parties import actions
from circulo.parties.links import territories_for, territory_for
from circulo.parties.models import Party, PartyKind
from circulo.records.bulk import Act, offer, tag_of


def _give(keys: Sequence[int], value: str, user: User) -> int:
    return actions.edit_parties(keys, {"owner_id": owner_of(value)}, by=user)


def _put_into_territory(keys: Sequence[int], value: str, user: User) -> int:
    """Put parties into a territory by hand, or let the rules say again."""
    kinds = set(Party.objects.filter(pk__in=keys).values_list("kind", flat=True))
    try:
        pins = {territory_for(value, PartyKind(kind), user, None) for kind in kinds}
    except Invalid as invalid:
        raise Invalid({"value": invalid.fields[""]}) from invalid
    (pin,) = pins or {None}
    return actions.edit_parties(keys, {"pinned_territory_id": pin}, by=user)


def _territories(user: User) -> list[tuple[str, Text]]:
    """Those into which somebody may put contacts, which are those for companies too."""
    return territories_for(user, "contacts")


def _set_lifecycle(keys: Sequence[int], value: str, user: User) -> int:
    if value not in Party.Lifecycle.values:
        raise Invalid({"value": _("Choose one of the list.")})
    return actions.edit_parties(keys, {"lifecycle": value}, by=user)


def _tag(keys: Sequence[int], value: str, user: User) -> int:
    return actions.tag_parties(keys, add=tag_of(value), by=user)


def _untag(keys: Sequence[int], value: str, user: User) -> int:
    return actions.tag_parties(keys, remove=tag_of(value), by=user)


def _bin(keys: Sequence[int], value: str, user: User) -> int:
    return actions.bin_parties(keys, by=user)


offer(
    ("contacts", "companies"),
    Act("owner", lazy("Owner"), "user-check", "edit", _give, lazy("Give %s to another owner"),
        lazy("%s given to another owner."), lazy("Owner"), owners, order=10),
    Act("territory", lazy("Territory"), "map", "edit", _put_into_territory,
        lazy("Put %s into a territory"), lazy("%s put into a territory."), lazy("Territory"),
        _territories, order=15),
    Act("lifecycle", lazy("Lifecycle"), "refresh-cw", "edit", _set_lifecycle,
        lazy("Change the lifecycle of %s"), lazy("Lifecycle of %s changed."),
        lazy("Lifecycle"), lambda _user: list(Party.Lifecycle.choices), order=20),
    Act("tag", lazy("Add a tag"), "tag", "edit", _tag, lazy("Add a tag to %s"),
        lazy("Tag added to %s."), lazy("Tag"), order=30),
    Act("untag", lazy("Take a tag off"), "tags", "edit", _untag, lazy("Take a tag off %s"),
        lazy("Tag taken off %s."), lazy("Tag"), order=31),
    Act("bin", lazy("Move to the bin"), "trash-2", "delete", _bin,
        lazy("Move %s to the bin"), lazy("%s moved to the bin."), tone="danger", order=90),
)  # fmt: skip
