"""Reads over parties that more than one screen needs: who is meant, who else might be the same."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user_model
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from circulo.accounts import prepared
from circulo.accounts.models import BY_NAME
from circulo.accounts.rights import Reach
from circulo.lib import ids
from circulo.lib.names import plain
from circulo.parties import slips
from circulo.parties.models import Follow, MergeRule, Party, PartyKind, Point, Relationship
from circulo.records.resources import resource

if TYPE_CHECKING:
    from collections.abc import Collection

    from circulo.accounts.models import User

MOST_FOLLOWED = 50
CANDIDATES, MOST_ALIKE = 300, 5
LETTERS_OF_INDEX = 3
_NUMBER = re.compile(r"[+\d][\d\s().\-/]{3,}")


def party_seen(user: User, key: int | None) -> Party | None:
    """The party of this key, where this person sees it."""
    if key is None:
        return None
    asked = prepared.statement("a party", user, ("contacts", "companies"), _of_one_key)
    return next((prepared.made(Party, row) for row in asked.rows(user, key)), None)


def _of_one_key(user: User) -> QuerySet[Any, Any]:
    rows = Party.objects.visible_to(user).filter(pk=prepared.KEY)
    return rows.values_list(*prepared.columns_of(Party))


def terms_of(text: str) -> list[str]:
    """The words searched for, folded; a phone written with spaces is one of them."""
    text = text.strip()[:100].replace("\0", "")
    if _NUMBER.fullmatch(text):
        return [re.sub(r"\D", "", text)]
    return plain(text).split()[:6]


def matching(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    """The parties in whose names, addresses and phones every word of the text occurs.

    One or two letters must begin a word there: inside of words they tell nobody from anybody, and
    the index knows no words by them.
    """
    for term in terms_of(text):
        rows = rows.filter(
            Q(search__contains=term)
            if len(term) >= LETTERS_OF_INDEX
            else Q(search__regex=beginning_of_a_word(term))
        )
    return rows


def beginning_of_a_word(term: str) -> str:
    """The regular expression by which the index finds words that begin so."""
    return f"(^| ){re.escape(term)}"


def possible_duplicates(
    user: User,
    *,
    name: str = "",
    points: list[str] | None = None,
    tax_id: str = "",
    with_slips: bool = False,
) -> list[Party]:
    """Visible parties that may be the same one: by tax id, address or phone first, then by name.

    `with_slips` also finds an address, number or tax id that is one slip of a finger away.
    By name alone for a person whose role does not see the others.
    """
    rows, found = Party.objects.visible_to(user), []
    if any(resource(one).hides_from(user) for one in ("contacts", "companies")):
        rows = rows.filter(name__unaccent__icontains=name)
    else:
        found = _reached_by(rows, points or [], [tax_id] if tax_id else [])
        if with_slips and not found:
            near = [value for point in points or () for value in slips.near_point(point)]
            found = _reached_by(rows, near, slips.near_tax_id(tax_id))
    if len(plain(name)) >= 5:
        rank = Case(When(search__startswith=plain(name), then=Value(0)), default=Value(1),
                    output_field=IntegerField())  # fmt: skip
        alike = rows.filter(search__contains=plain(name)).exclude(pk__in=[p.pk for p in found])
        found += alike.order_by(rank, "pk")[: 5 - len(found)]
    return found


def _reached_by(rows: QuerySet[Party], points: list[str], tax_ids: list[str]) -> list[Party]:
    """The first of those with one of these addresses, numbers or tax ids.

    The keys are fetched apart: over a subquery in one condition with another, the planner walks
    all parties instead of the two indexes.
    """
    kinds = Point.Kind.EMAIL, Point.Kind.PHONE
    known = Point.objects.filter(kind__in=kinds, value__in=points).values_list("party", flat=True)
    keys = list(known[:CANDIDATES]) if points else []
    if not keys and not tax_ids:
        return []
    return list(rows.filter(Q(pk__in=keys) | Q(tax_id__in=tax_ids)).order_by("pk")[:MOST_ALIKE])


def may_do(user: User, party: Party, act: str) -> bool:
    """Whether a person may edit or delete a party that is already loaded, as `visible_to` says."""
    reach = user.reach(party.resource, act)
    if reach == Reach.TERRITORY or not Party._meta.get_field("owner").is_cached(party):
        return user.lies_in_reach(reach, party.owner_id, party.territory_id)
    if reach in (Reach.ALL, Reach.NONE):
        return reach == Reach.ALL
    if party.owner_id == user.pk:
        return True
    theirs = party.owner.team if party.owner and reach == Reach.TEAM else None
    return bool(theirs and user.team and theirs.path.startswith(user.team.path))


def readers_of(party: Party) -> list[User]:
    """The people who may see a party: those whose role reaches it."""
    people = get_user_model().objects.filter(is_active=True).select_related("role", "team")
    return [user for user in people.order_by(*BY_NAME) if may_do(user, party, "view")]


def named_parties(user: User, text: str, kind: str = "") -> list[Party]:
    """The visible parties that a text names: by their identifier, their address or whole name."""
    rows = Party.objects.visible_to(user)
    if kind:
        rows = rows.filter(kind=kind)
    key = ids.decode("party", text.strip().rstrip("/").rpartition("/")[2])
    if key and (found := list(rows.filter(pk=key))):
        return found
    name = plain(text).strip()
    if not name:
        return []
    alike = matching(rows, text).select_related("company")[:CANDIDATES]
    return [party for party in alike if plain(party.name).strip() == name][:10]


def binned_party(user: User, identifier: str) -> Party | None:
    """A party in the bin that this person may delete, and so may bring back."""
    key = ids.decode("party", identifier) or 0
    gone = Party.objects.filter(pk=key, merged_into=None).exclude(binned_at=None)
    party = gone.select_related("owner").first()
    return party if party and may_do(user, party, "delete") else None


def survivor_of(user: User, identifier: str, kind: str = "") -> Party | None:
    """The party that this one was merged into, where the person may see it."""
    key = ids.decode("party", identifier)
    gone = Party.objects.filter(pk=key or 0).exclude(merged_into=None).values("merged_into")
    rows = Party.objects.visible_to(user).filter(pk__in=gone)
    return (rows.filter(kind=kind) if kind else rows).first()


def merge_rules() -> dict[str, MergeRule]:
    """The rule of each kind of record, off where nobody wrote one."""
    known = {rule.kind: rule for rule in MergeRule.objects.all()}
    return {kind: known.get(kind, MergeRule(kind=kind)) for kind in PartyKind}


def relationships_for(user: User) -> QuerySet[Relationship]:
    """The relationships that this person may change: those of parties they may edit."""
    parties = Party.objects.visible_to(user, "edit")
    seen = Party.objects.visible_to(user)
    return Relationship.objects.filter(party__in=parties, other__in=seen).select_related("party")


def company_for(user: User, identifier: str) -> Party | None:
    """The organisation of this identifier, where the person may see it."""
    rows = Party.objects.visible_to(user).filter(kind=PartyKind.ORGANISATION)
    return rows.filter(pk=ids.decode("party", identifier) or 0).first()


def colleague(identifier: str) -> User | None:
    """The person who works here, by identifier, while they may log in."""
    people = get_user_model().objects.filter(is_active=True)
    return people.filter(pk=ids.decode("user", identifier) or 0).first()


def followers_of(keys: Collection[int], *, but: User | None = None) -> dict[User, set[int]]:
    """Who follows some of these parties and still sees them: which ones, for each person."""
    followed: dict[int, set[int]] = {}
    for follower, party in prepared.once("who follows", _follows).run({prepared.KEYS: [*keys]}):
        if but is None or follower != but.pk:
            followed.setdefault(follower, set()).add(party)
    if not followed:
        return {}
    people = get_user_model().objects.select_related("role", "team").in_bulk(followed)
    return {
        people[key]: seen
        for key, parties in followed.items()
        if (seen := set(Party.objects.visible_to(people[key]).filter(pk__in=parties)
                        .values_list("pk", flat=True)))
    }  # fmt: skip


def _follows() -> QuerySet[Follow, Any]:
    rows = Follow.objects.filter(party__in=prepared.among_keys(), user__is_active=True)
    return rows.order_by("pk").values_list("user_id", "party_id")


def people_following(party: Party) -> list[dict[str, str]]:
    """Who follows a party, as the overview tells it."""
    rows = Follow.objects.filter(party=party, user__is_active=True).order_by("pk")
    named = rows.values_list("user_id", "user__name")[:MOST_FOLLOWED]
    return [{"id": ids.encode("user", key), "name": name} for key, name in named]


def followed_by(user: User, *, before: int | None = None) -> list[Follow]:
    """The parties that a person follows and sees, the latest first: one more than a page shows."""
    rows = Follow.objects.visible_to(user).select_related("party__company").order_by("-pk")
    return list((rows.filter(pk__lt=before) if before else rows)[: MOST_FOLLOWED + 1])
