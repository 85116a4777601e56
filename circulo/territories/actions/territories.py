"""Adding, changing, ordering and removing territories; who lies where follows at once or soon."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from circulo.accounts import news
from circulo.accounts.models import Territory, TerritoryMember, User
from circulo.lib.errors import Invalid, refuse_stale
from circulo.lib.later import later
from circulo.parties.actions import placing
from circulo.parties.models import Party
from circulo.parties.placing import refuse_bad_rules
from circulo.territories import proposals
from circulo.territories.proposals import Proposal

AT_ONCE = 20_000  # so many parties are put where they belong before anybody notices
_KEPT = (*proposals.COLUMNS, "path")


@transaction.atomic
def add_territory(values: dict[str, Any], *, by: User | None, is_demo: bool = False) -> Territory:
    """Add a territory, last among those that lie where it does."""
    tree = _locked()
    _refuse(values, is_new=True)
    proposals.add(tree, values)
    new = tree.rows.pop()
    new.pk, new.is_demo, new.version = None, is_demo, 0  # `_keep` counts the first
    new.save(force_insert=True)
    tree.rows.append(new)
    _keep(tree)
    _set_members(new.pk, values.get("members", ()))
    follow_rules()
    return Territory.objects.get(pk=new.pk)


@transaction.atomic
def change_territory(
    territory: Territory, values: dict[str, Any], *, by: User | None, version: int | None = None
) -> Territory:
    """Change what `values` names. With `version`, refuses where somebody saved a newer one."""
    tree = _locked()
    refuse_stale(tree.one(territory.pk), version, values)
    _refuse(values)
    proposals.change(tree, territory.pk, values)
    _keep(tree)
    if "members" in values and _set_members(territory.pk, values["members"]):
        Territory.objects.filter(pk=territory.pk).update(version=F("version") + 1)
    follow_rules(proposals.moves_parties(values))
    return Territory.objects.get(pk=territory.pk)


@transaction.atomic
def order_territory(territory: Territory, place: int, *, by: User | None) -> Territory:
    """Put a territory at a place among its neighbours, of whom the first is asked first."""
    tree = _locked()
    proposals.put(tree, territory.pk, place)
    _keep(tree)
    follow_rules()
    return Territory.objects.get(pk=territory.pk)


@transaction.atomic
def remove_territory(territory: Territory, *, to: Territory | None, by: User | None) -> None:
    """Take a territory out: those within it stand in its place, and whom somebody put into it by
    hand go to another, or where the rules say."""
    tree = _locked()
    proposals.remove(tree, territory.pk, to=to.pk if to else None)
    _keep(tree)
    pinned = Party.objects.filter(pinned_territory=territory.pk)
    pinned.update(pinned_territory=to, version=F("version") + 1, updated_at=timezone.now())
    Party.objects.filter(territory=territory.pk).update(territory=None)
    TerritoryMember.objects.filter(territory=territory.pk).delete()
    Territory.objects.filter(pk=territory.pk).delete()
    follow_rules()


def follow_rules(is_placing: bool = True) -> None:
    """The tree changed: every process reads it anew, and parties go where the rules now say."""
    news.renew()
    if not is_placing:
        return
    if placing.are_more_than(AT_ONCE):
        later("parties.place_all")
    else:
        placing.place_all()


def mend_paths(touched: Collection[int] = ()) -> None:
    """Write the path of every territory anew, where it is not what follows from its parents; of
    those that were `touched` and are gone, nobody is left in them.

    Undone in another order than they were done, moves can close a circle: its members go to the
    top then, where they are seen.
    """
    tree = _locked()
    if circling := set(Territory.objects.values_list("pk", flat=True)) - {r.pk for r in tree.rows}:
        Territory.objects.filter(pk__in=circling).update(parent=None)
        tree = proposals.as_it_is()
    _keep(tree)
    if gone := set(touched) - {one.pk for one in tree.rows}:
        Party.objects.filter(territory__in=gone).update(territory=None)


def _locked() -> Proposal:
    """The tree as it stands, which nobody else changes until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE accounts_territory IN SHARE ROW EXCLUSIVE MODE")
    return proposals.as_it_is()


def _keep(tree: Proposal) -> None:
    """Write what differs from what stands."""
    known = proposals.paths(tree)
    for one in tree.rows:
        one.path = known[one.pk]
    stands = {one.pk: one for one in Territory.objects.all()}
    for one in tree.rows:
        if any(getattr(one, name) != getattr(stands[one.pk], name) for name in _KEPT):
            one.version += 1
            one.save(update_fields=[*_KEPT, "version", "updated_at"])


def _refuse(values: dict[str, Any], *, is_new: bool = False) -> None:
    if not values.get("name") and (is_new or "name" in values):
        raise Invalid({"name": _("A name is needed.")})
    refuse_bad_rules(values)


def _set_members(territory: int, members: Collection[int]) -> bool:
    """Let exactly these people work in a territory; whether that changed anything."""
    rows = TerritoryMember.objects.filter(territory=territory)
    known, wanted = set(rows.values_list("user", flat=True)), set(members)
    if known == wanted:
        return False
    rows.exclude(user__in=wanted).delete()
    TerritoryMember.objects.bulk_create(
        TerritoryMember(territory_id=territory, user_id=key) for key in sorted(wanted - known)
    )
    return True
