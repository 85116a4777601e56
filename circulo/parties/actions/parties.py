"""Adding, changing, binning and restoring parties."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from circulo.accounts.models import User
from circulo.lib.acting import changing
from circulo.lib.errors import Invalid, RuleBroken, refuse_stale
from circulo.parties.actions import writing
from circulo.parties.actions.follows import TOLD, tell_of_changes
from circulo.parties.actions.placing import place_parties
from circulo.parties.drafts import Draft
from circulo.parties.models import Party, PostalAddress, Relationship
from circulo.web import live


def add_party(draft: Draft, *, by: User | None, is_demo: bool = False) -> Party:
    """Add one party; see `add_parties`."""
    return Party.objects.get(pk=add_parties([draft], by=by, is_demo=is_demo)[0])


@transaction.atomic
def add_parties(drafts: Sequence[Draft], *, by: User | None, is_demo: bool = False) -> list[int]:
    """Add parties; whoever adds one owns it unless the draft says who does."""
    rows = []
    for draft in drafts:
        row = {"kind": draft.kind, "reach": draft.reach, **draft.columns}
        if "owner_id" not in row and by is not None:
            row["owner_id"] = by.pk
        rows.append(row)
    keys = writing.insert_parties(rows, is_demo=is_demo)
    writing.insert_points(
        [
            {"party_id": key, **point}
            for key, draft in zip(keys, drafts, strict=True)
            for points in draft.points.values()
            for point in points
        ]
    )
    PostalAddress.objects.bulk_create(
        PostalAddress(party_id=key, **address)
        for key, draft in zip(keys, drafts, strict=True)
        for address in draft.addresses or ()
    )
    _employ(
        (key, draft.kind, draft.columns["company_id"])
        for key, draft in zip(keys, drafts, strict=True)
        if draft.columns.get("company_id")
    )
    place_parties(keys, {draft.kind for draft in drafts})
    return keys


@transaction.atomic
def change_party(
    party: Party, draft: Draft, *, by: User | None, version: int | None = None
) -> Party:
    """Change what the draft names. With `version`, refuses where somebody saved a newer one."""
    locked = Party.objects.select_for_update(of=("self",)).get(pk=party.pk)
    if locked.binned_at:
        raise RuleBroken(_("This record is in the bin: restore it first."))
    refuse_stale(locked, version, draft.columns)
    refuse_a_nameless(locked, draft)
    before = locked.company_id
    other = {name for name in TOLD if draft.columns.get(name, getattr(locked, name))
             != getattr(locked, name)}  # fmt: skip
    names = list(draft.columns)
    changed = writing.update_parties([{"id": locked.pk, **draft.columns}], names)
    moved = _put_points(locked, draft) | _put_addresses(locked, draft)
    if "company_id" in draft.columns and draft.columns["company_id"] != before:
        _leave(locked.pk, before)
        _employ([(locked.pk, locked.kind, draft.columns["company_id"])])
    if moved and not changed:
        writing.touch([locked.pk])
    if changed or moved:
        writing.refresh_search([locked.pk])
        place_parties([locked.pk], {locked.kind})
        live.publish(f"party:{locked.public_id}")
    tell_of_changes([locked.pk], other, by=by)
    return Party.objects.get(pk=locked.pk)


@transaction.atomic
def bin_parties(parties: Sequence[int], *, by: User) -> int:
    """Move parties to the bin, from which they can be restored; how many went."""
    with changing("delete", by=by.pk):
        rows = Party.objects.filter(pk__in=parties, binned_at=None)
        return rows.update(binned_at=timezone.now())


@transaction.atomic
def restore_parties(parties: Sequence[int], *, by: User) -> int:
    """Take parties out of the bin again; how many came back."""
    with changing("restore", by=by.pk):
        gone = Party.objects.filter(pk__in=parties, merged_into=None).exclude(binned_at=None)
        return gone.update(binned_at=None)


@transaction.atomic
def tag_parties(parties: Sequence[int], *, add: str = "", remove: str = "", by: User) -> int:
    """Put a tag on many parties, or take one off; how many changed."""
    changed = writing.retag(parties, add, remove)
    place_parties(changed)
    return len(changed)


@transaction.atomic
def edit_parties(parties: Sequence[int], values: dict[str, Any], *, by: User) -> int:
    """Set the same values on many parties, such as their owner; how many changed."""
    unknown = set(values) - set(writing.COLUMNS)
    if unknown:
        raise Invalid(dict.fromkeys(unknown, _("There is no such field here.")))
    changed = writing.set_columns(parties, values)
    if "custom" in values:
        writing.refresh_search(changed)
    place_parties(changed)
    tell_of_changes(changed, values, by=by)
    return len(changed)


def refuse_a_nameless(party: Party, draft: Draft) -> None:
    """A party keeps a name by which it goes."""
    names = ("given_name", "first_surname") if party.is_person else ("trade_name",)
    if not any(draft.columns.get(name, getattr(party, name)) for name in names):
        raise Invalid({"given_name" if party.is_person else "name": _("A name is needed.")})


def _put_points(party: Party, draft: Draft) -> bool:
    rows = [{"party_id": party.pk, **p} for points in draft.points.values() for p in points]
    scope = [{"party_id": party.pk, "kind": kind} for kind in draft.points]
    return bool(scope) and bool(writing.put_points(rows, scope))


def _put_addresses(party: Party, draft: Draft) -> bool:
    if draft.addresses is None:
        return False
    fields = ("label", "street", "unit", "district", "postal_code", "city", "region", "country",
              "is_primary", "position")  # fmt: skip
    now = list(party.addresses.order_by("position", "pk").values(*fields))
    if now == [{name: entry[name] for name in fields} for entry in draft.addresses]:
        return False
    party.addresses.all().delete()
    PostalAddress.objects.bulk_create(PostalAddress(party=party, **e) for e in draft.addresses)
    return True


def _employ(companies: Iterable[tuple[int, str, int | None]]) -> None:
    """Note from when each person works at, or each organisation belongs to, its company."""
    Relationship.objects.bulk_create(
        (
            Relationship(party_id=key, other_id=company, kind=_belonging(kind))
            for key, kind, company in companies
            if company
        ),
        ignore_conflicts=True,
    )


def _leave(party: int, company: int | None) -> None:
    """End what tied a party to its former company, today."""
    if company:
        Relationship.objects.filter(
            party=party,
            other=company,
            until=None,
            kind__in=(Relationship.Kind.WORKS_AT, Relationship.Kind.PARENT_COMPANY),
        ).update(until=timezone.localdate())


def _belonging(kind: str) -> str:
    works_at, belongs_to = Relationship.Kind.WORKS_AT, Relationship.Kind.PARENT_COMPANY
    return works_at if kind == "person" else belongs_to
