"""Relating parties to each other."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from circulo.accounts.models import User
from circulo.lib.errors import Invalid, RuleBroken
from circulo.parties.models import Party, Relationship


@transaction.atomic
def relate(
    party: Party, kind: str, other: Party, *, by: User, role: str = "", since: date | None = None
) -> Relationship:
    """Say what a party is to another, from a day on."""
    if party.pk == other.pk:
        raise Invalid({"other": _("A relationship needs two different parties.")})
    if kind not in Relationship.Kind.values:
        raise Invalid({"kind": _("Choose one of: %s.") % ", ".join(Relationship.Kind.values)})
    relationship, is_new = Relationship.objects.get_or_create(
        party=party, kind=kind, other=other, until=None, defaults={"role": role, "since": since}
    )
    if not is_new:
        raise RuleBroken(_("They are already related in this way: end that relationship first."))
    return relationship


@transaction.atomic
def change_relationship(
    relationship: Relationship, values: dict[str, str | date | None], *, by: User
) -> Relationship:
    """Change the role or the days of a relationship."""
    relationship = Relationship.objects.select_for_update(of=("self",)).get(pk=relationship.pk)
    unknown = set(values) - {"role", "since", "until"}
    if unknown:
        raise Invalid(dict.fromkeys(unknown, _("There is no such field here.")))
    for name, value in values.items():
        setattr(relationship, name, value)
    if relationship.since and relationship.until and relationship.until < relationship.since:
        raise Invalid({"until": _("It cannot end before it began.")})
    relationship.save(update_fields=list(values))
    if relationship.until:
        _leave_company(relationship)
    return relationship


@transaction.atomic
def end_relationship(
    relationship: Relationship, *, by: User, until: date | None = None
) -> Relationship:
    """End a relationship on a day, today unless said otherwise; it stays in the history."""
    relationship = Relationship.objects.select_for_update(of=("self",)).get(pk=relationship.pk)
    until = until or timezone.localdate()
    if relationship.until:
        raise RuleBroken(_("This relationship has already ended."))
    if relationship.since and until < relationship.since:
        raise Invalid({"until": _("It cannot end before it began.")})
    relationship.until = until
    relationship.save(update_fields=["until"])
    _leave_company(relationship)
    return relationship


def _leave_company(ended: Relationship) -> None:
    """Whose end is known has no company there, unless the same relationship began again."""
    if ended.kind not in (Relationship.Kind.WORKS_AT, Relationship.Kind.PARENT_COMPANY):
        return
    tie = {"party": ended.party_id, "other": ended.other_id, "kind": ended.kind}
    if not Relationship.objects.filter(**tie, until=None).exists():
        Party.objects.filter(pk=ended.party_id, company=ended.other_id).update(company=None)
