"""What can be done to many leads at once."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext_lazy

from circulo.accounts.models import User
from circulo.accounts.selectors import owner_of, people_who_work_here
from circulo.leads import actions
from circulo.leads.models import Lead
from circulo.leads.selectors.leads import reason_called, reasons_offered
from circulo.lib.errors import Invalid, Text
from circulo.records.bulk import Act, offer, tag_of

_OVER = (Lead.Status.CONVERTED, Lead.Status.DISCARDED)


def _people(_user: User) -> list[tuple[str, Text]]:
    return [*people_who_work_here()]


def _give(keys: Sequence[int], value: str, user: User) -> int:
    owner = User.objects.select_related("team").filter(pk=owner_of(value) or 0).first()
    if owner is None or not user.may_give("leads", owner):
        raise Invalid({"value": _("There is no such person whom you could give this to.")})
    return actions.edit_leads(keys, {"owner_id": owner.pk}, by=user)


def _discard(keys: Sequence[int], value: str, user: User) -> int:
    reason = reason_called(value)
    if reason is None or not reason.is_active:
        raise Invalid({"value": _("Say why nothing comes of it: that is what one learns from.")})
    return actions.discard_leads(keys, reason=reason, by=user)


def _not_over(keys: Sequence[int], value: str, user: User) -> list[int]:
    rows = Lead.objects.kept().filter(pk__in=keys).exclude(status__in=_OVER)
    found = list(rows.values_list("pk", flat=True))
    if keys and not found:
        raise Invalid({"value": _("These are all over: open them again first.")})
    return found


def _accept(keys: Sequence[int], value: str, user: User) -> int:
    return actions.accept_leads(keys, by=user)


def _suspects(keys: Sequence[int], value: str, user: User) -> list[int]:
    rows = Lead.objects.kept().filter(pk__in=keys, status=Lead.Status.SUSPECT)
    found = list(rows.values_list("pk", flat=True))
    if keys and not found:
        raise Invalid({"value": _("None of these looks like spam.")})
    return found


def _tag(keys: Sequence[int], value: str, user: User) -> int:
    return actions.tag_leads(keys, add=tag_of(value), by=user)


def _untag(keys: Sequence[int], value: str, user: User) -> int:
    return actions.tag_leads(keys, remove=tag_of(value), by=user)


def _bin(keys: Sequence[int], value: str, user: User) -> int:
    return actions.bin_leads(keys, by=user)


offer(
    ("leads",),
    Act("owner", lazy("Owner"), "user-check", "edit", _give, lazy("Give %s to another owner"),
        lazy("%s given to another owner."), lazy("Owner"), _people, order=10),
    Act("discard", pgettext_lazy("lead", "Discard"), "circle-x", "edit", _discard,
        lazy("Discard %s"), lazy("%s discarded."), lazy("Reason"),
        lambda _user: list(reasons_offered().items()), fit=_not_over, order=20),
    Act("accept", lazy("No spam"), "shield-check", "edit", _accept, lazy("Take %s for real"),
        lazy("%s came in."), fit=_suspects, order=22),
    Act("tag", lazy("Add a tag"), "tag", "edit", _tag, lazy("Add a tag to %s"),
        lazy("Tag added to %s."), lazy("Tag"), order=30),
    Act("untag", lazy("Take a tag off"), "tags", "edit", _untag, lazy("Take a tag off %s"),
        lazy("Tag taken off %s."), lazy("Tag"), order=31),
    Act("bin", lazy("Move to the bin"), "trash-2", "delete", _bin, lazy("Move %s to the bin"),
        lazy("%s moved to the bin."), tone="danger", order=90),
)  # fmt: skip
