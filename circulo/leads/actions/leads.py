"""Changing, giving, taking, binning and restoring leads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from circulo.accounts.models import User
from circulo.leads.actions import telling, writing
from circulo.leads.actions.arriving import hold, refuse_known, score_leads
from circulo.leads.drafts import Draft
from circulo.leads.models import Lead
from circulo.lib.acting import changing
from circulo.lib.errors import Invalid, RuleBroken, refuse_stale

EDITED = frozenset({"owner_id", "source", "campaign", "custom"})
GIVEN = {"way": "given"}


@transaction.atomic
def change_lead(lead: Lead, draft: Draft, *, by: User, version: int | None = None) -> Lead:
    """Change what the draft names. With `version`, refuses where somebody saved a newer one."""
    (locked,) = hold([lead.pk])
    columns = dict(draft.columns)
    refuse_stale(locked, version, columns)
    reference = columns.get("reference", locked.reference)
    if reference != locked.reference:
        refuse_known([reference])
    is_given = columns.get("owner_id", locked.owner_id) != locked.owner_id
    if is_given:
        columns["route"] = GIVEN
    changed = writing.update_leads([{"id": locked.pk, **columns}], list(columns))
    if changed:
        score_leads(changed)
        telling.publish(changed)
    found = Lead.objects.get(pk=locked.pk)
    if is_given:
        telling.tell_owners([found], by=by)
    return found


@transaction.atomic
def edit_leads(keys: Sequence[int], values: dict[str, Any], *, by: User) -> int:
    """Set the same values on many leads, such as their owner; how many changed."""
    unknown = set(values) - EDITED
    if unknown:
        raise Invalid(dict.fromkeys(unknown, _("There is no such field here.")))
    leads = {lead.pk: lead for lead in hold(keys)}
    is_given = "owner_id" in values
    columns = values | ({"route": GIVEN} if is_given else {})
    wanted = [key for key, lead in leads.items() if _differs(lead, values)]
    changed = writing.set_columns(wanted, columns)
    score_leads(changed)
    if is_given:
        told = telling.told(changed)
        telling.tell_owners([lead for lead in told if lead.is_open], by=by)
    telling.publish(changed)
    return len(changed)


@transaction.atomic
def take_lead(lead: Lead, *, by: User) -> Lead:
    """Take a lead out of the queue; of two who press at once the second is told whose it is."""
    (locked,) = hold([lead.pk])
    if locked.owner_id == by.pk:
        return locked
    if locked.owner_id is not None:
        name = User.objects.values_list("name", flat=True).get(pk=locked.owner_id)
        raise RuleBroken(_("%s has just taken it.") % name)
    writing.set_columns([locked.pk], {"owner_id": by.pk, "route": {"way": "taken"}})
    telling.publish([locked.pk])
    return Lead.objects.get(pk=locked.pk)


@transaction.atomic
def move_lead(lead: Lead, *, to: str, by: User) -> Lead:
    """Say whether somebody works on an open lead; its other ends have acts of their own."""
    if to == Lead.Status.CONVERTED:
        raise RuleBroken(_("Convert it on its page: there you say what becomes of it."))
    if to == Lead.Status.DISCARDED:
        raise RuleBroken(_("Discard it on its page: there you say why."))
    (locked,) = hold([lead.pk])
    if not locked.is_open or to not in (Lead.Status.NEW, Lead.Status.WORKING):
        raise RuleBroken(_("“%s” is over: open it again first.") % locked)
    if writing.set_columns([locked.pk], {"status": to}):
        writing.STAYS.walk_on([locked.pk], timezone.now())
    telling.publish([locked.pk])
    return Lead.objects.get(pk=locked.pk)


@transaction.atomic
def tag_leads(keys: Sequence[int], *, add: str = "", remove: str = "", by: User) -> int:
    """Put a tag on many leads, or take one off; how many changed."""
    changed = writing.retag(keys, add, remove)
    score_leads(changed)
    telling.publish(changed)
    return len(changed)


@transaction.atomic
def bin_leads(keys: Sequence[int], *, by: User) -> int:
    """Move leads to the bin, from which they can be restored; how many went."""
    with changing("delete", by=by.pk):
        rows = Lead.objects.kept().filter(pk__in=keys)
        gone = rows.update(binned_at=timezone.now())
    telling.publish(keys)
    return gone


@transaction.atomic
def restore_leads(keys: Sequence[int], *, by: User) -> int:
    """Take leads out of the bin again; how many came back."""
    try:
        with changing("restore", by=by.pk), transaction.atomic():
            back = Lead.objects.filter(pk__in=keys).exclude(binned_at=None).update(binned_at=None)
    except IntegrityError as error:
        text = _("Another lead has this reference meanwhile: give that one a new reference first.")
        raise RuleBroken(text) from error
    telling.publish(keys)
    return back


def _differs(lead: Lead, values: dict[str, Any]) -> bool:
    plain = {name: value for name, value in values.items() if name != "custom"}
    own: dict[str, Any] = values.get("custom", {})
    return any(getattr(lead, name) != value for name, value in plain.items()) or any(
        lead.custom.get(key) != value for key, value in own.items()
    )
