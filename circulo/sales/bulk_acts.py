"""What can be done to many deals at once."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext_lazy

from circulo.accounts.models import User
from circulo.accounts.selectors import owner_of, people_who_work_here
from circulo.lib import ids
from circulo.lib.errors import Invalid, Text
from circulo.records.bulk import Act, offer, tag_of
from circulo.sales import actions
from circulo.sales.models import Deal, Reason, Stage
from circulo.sales.selectors.entry import Unready, refuse_unready, unready
from circulo.sales.selectors.offered import stages_offered
from circulo.sales.selectors.rivals import sole_rivals


def _people(_user: User) -> list[tuple[str, Text]]:
    return [*people_who_work_here()]


def _give(keys: Sequence[int], value: str, user: User) -> int:
    owner = User.objects.select_related("team").filter(pk=owner_of(value) or 0).first()
    if owner is None or not user.may_give("deals", owner):
        raise Invalid({"value": _("There is no such person whom you could give this to.")})
    return actions.edit_deals(keys, {"owner_id": owner.pk}, by=user)


def _move(keys: Sequence[int], value: str, user: User) -> int:
    return actions.edit_deals(keys, {"stage_id": _stage(value).pk}, by=user)


def _may_enter(keys: Sequence[int], value: str, user: User) -> list[int]:
    """Those that are open and have what the stage asks for."""
    stage, there = _stage(value), _open(keys, value, user)
    lacking = unready(there, stage)
    ready = [key for key in there if key not in lacking]
    if ready or not there:
        return ready
    try:
        refuse_unready(there, stage)
    except Unready as refusal:
        raise Invalid({"value": refusal.message}) from refusal
    return ready


def _stage(value: str) -> Stage:
    if value not in stages_offered():
        raise Invalid({"value": _("Choose one of the list.")})
    return Stage.objects.get(pk=ids.decode("stage", value) or 0)


def _open(keys: Sequence[int], value: str, user: User) -> list[int]:
    """Those that are not over yet."""
    found = list(Deal.objects.on_board().filter(pk__in=keys).values_list("pk", flat=True))
    if keys and not found:
        raise Invalid({"value": _("These are all over: open them again first.")})
    return found


def _win(keys: Sequence[int], value: str, user: User) -> int:
    return actions.win_deals(keys, by=user)


def _lose(keys: Sequence[int], value: str, user: User) -> int:
    """Close them as lost; those that name just one competitor, where the reason asks for it, to
    that one.
    """
    reasons = Reason.objects.in_use().filter(outcome=Reason.Outcome.LOST)
    reason = reasons.filter(pk=ids.decode("reason", value) or 0).first()
    if reason is None:
        raise Invalid({"value": _("Say why it was lost: that is what one learns from.")})
    rivals = sole_rivals(keys) if reason.asks_rival else {}
    lost: dict[str, list[int]] = {}
    for key in keys:
        lost.setdefault(rivals.get(key, ""), []).append(key)
    return sum(actions.lose_deals(theirs, by=user, reason=reason, lost_to=rival)
               for rival, theirs in sorted(lost.items()))  # fmt: skip


def _reasons(_user: User) -> list[tuple[str, Text]]:
    rows = Reason.objects.in_use().filter(outcome=Reason.Outcome.LOST).in_order()
    return [(one.public_id, one.label) for one in rows]


def _tag(keys: Sequence[int], value: str, user: User) -> int:
    return actions.tag_deals(keys, add=tag_of(value), by=user)


def _untag(keys: Sequence[int], value: str, user: User) -> int:
    return actions.tag_deals(keys, remove=tag_of(value), by=user)


def _bin(keys: Sequence[int], value: str, user: User) -> int:
    return actions.bin_deals(keys, by=user)


offer(
    ("deals",),
    Act("owner", lazy("Owner"), "user-check", "edit", _give, lazy("Give %s to another owner"),
        lazy("%s given to another owner."), lazy("Owner"), _people, order=10),
    Act("stage", lazy("Stage"), "square-kanban", "edit", _move, lazy("Move %s to another stage"),
        lazy("%s moved to another stage."), lazy("Stage"),
        lambda _user: list(stages_offered().items()), fit=_may_enter, order=20),
    Act("win", pgettext_lazy("deal", "Won"), "trophy", "edit", _win, lazy("Close %s as won"),
        lazy("%s won."), fit=_open, order=22),
    Act("lose", pgettext_lazy("deal", "Lost"), "circle-x", "edit", _lose,
        lazy("Close %s as lost"), lazy("%s lost."), lazy("Reason"), _reasons, fit=_open,
        order=24),
    Act("tag", lazy("Add a tag"), "tag", "edit", _tag, lazy("Add a tag to %s"),
        lazy("Tag added to %s."), lazy("Tag"), order=30),
    Act("untag", lazy("Take a tag off"), "tags", "edit", _untag, lazy("Take a tag off %s"),
        lazy("Tag taken off %s."), lazy("Tag"), order=31),
    Act("bin", lazy("Move to the bin"), "trash-2", "delete", _bin, lazy("Move %s to the bin"),
        lazy("%s moved to the bin."), tone="danger", order=90),
)  # fmt: skip
