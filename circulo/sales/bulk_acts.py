"""What can be done to many deals at once."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from circulo.accounts.models import User
from circulo.accounts.selectors import owner_of, people_who_work_here
from circulo.lib import ids
from circulo.lib.errors import Invalid, Text
from circulo.records.bulk import Act, offer, tag_of
from circulo.sales import actions
from circulo.sales.drafts import may_give
from circulo.sales.selectors.offered import stages_offered


def _people(_user: User) -> list[tuple[str, Text]]:
    return [*people_who_work_here()]


def _give(keys: Sequence[int], value: str, user: User) -> int:
    owner = User.objects.select_related("team").filter(pk=owner_of(value) or 0).first()
    if owner is None or not may_give(user, owner):
        raise Invalid({"value": _("There is no such person whom you could give this to.")})
    return actions.edit_deals(keys, {"owner_id": owner.pk}, by=user)


def _move(keys: Sequence[int], value: str, user: User) -> int:
    if value not in stages_offered():
        raise Invalid({"value": _("Choose one of the list.")})
    return actions.edit_deals(keys, {"stage_id": ids.decode("stage", value)}, by=user)


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
        lambda _user: list(stages_offered().items()), order=20),
    Act("tag", lazy("Add a tag"), "tag", "edit", _tag, lazy("Add a tag to %s"),
        lazy("Tag added to %s."), lazy("Tag"), order=30),
    Act("untag", lazy("Take a tag off"), "tags", "edit", _untag, lazy("Take a tag off %s"),
        lazy("Tag taken off %s."), lazy("Tag"), order=31),
    Act("bin", lazy("Move to the bin"), "trash-2", "delete", _bin, lazy("Move %s to the bin"),
        lazy("%s moved to the bin."), tone="danger", order=90),
)  # fmt: skip
