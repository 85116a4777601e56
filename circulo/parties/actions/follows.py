"""Following a party, and telling its followers what a colleague changed about it."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.db import transaction

from circulo.accounts.actions import Notice, notify
from circulo.accounts.models import User
from circulo.parties import notices
from circulo.parties.models import Follow, Party
from circulo.parties.selectors import followers_of

TOLD = ("owner_id", "lifecycle")


@transaction.atomic
def follow_party(party: Party, *, by: User) -> None:
    """Be told from now on what colleagues do with a party."""
    Follow.objects.bulk_create([Follow(party=party, user=by)], ignore_conflicts=True)


@transaction.atomic
def unfollow_party(party: Party, *, by: User) -> None:
    """Be told no more of a party."""
    Follow.objects.filter(party=party, user=by).delete()


def tell_of_changes(keys: Sequence[int], names: Collection[str], *, by: User | None) -> None:
    """Tell the followers of parties whose owner or lifecycle somebody has just changed."""
    told = [name for name in TOLD if name in names]
    followers = followers_of(keys, but=by) if told else {}
    if not followers:
        return
    concerned = {key for seen in followers.values() for key in seen}
    parties = Party.objects.select_related("owner").in_bulk(concerned)
    notify(
        [
            Notice(notices.CHANGED, user.pk, _words(parties[key], told, by), parties[key],
                   parties[key].get_absolute_url())
            for user, seen in followers.items()
            for key in seen
            if key in parties
        ],
        by=by,
    )  # fmt: skip


def _words(party: Party, told: Sequence[str], by: User | None) -> dict[str, str]:
    words = {"who": by.name if by else "Círculo", "name": party.name}
    if "owner_id" in told:
        words["owner"] = party.owner.name if party.owner else ""
    if "lifecycle" in told:
        words["lifecycle"] = party.lifecycle
    return words
