"""The next task, set where something is logged."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from circulo.accounts.models import User
from circulo.agenda import actions, plans
from circulo.lib.errors import Invalid
from circulo.parties.models import Party
from circulo.timeline.following_up import FollowUp, register


def _add_next(said: Mapping[str, Any], party: Party, user: User) -> None:
    """Add the next task, where somebody wrote what it is."""
    title = str(said.get("next_title", "")).strip()
    if not title:
        return
    task = {"title": title, "kind": said.get("next_kind") or "todo",
            "due_on": said.get("next_day") or None, "party": party.public_id}  # fmt: skip
    try:
        plan = plans.read(task, is_appointment=False, by=user)
    except Invalid as invalid:
        raise Invalid({"": next(iter(invalid.fields.values()))}) from invalid
    actions.add_entry(plan, by=user)


register(
    FollowUp(
        "next_task",
        "agenda/_next_task.html",
        lambda user: user.may("tasks", "create"),
        _add_next,
    )
)
