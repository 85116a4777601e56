"""The first steps in a new house: at most six, each done by what is really there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from circulo.accounts.models import User
from circulo.desk.demo import selectors as demo
from circulo.desk.models import ListChoice, PutAway
from circulo.lib.errors import Text
from circulo.parties.models import Party
from circulo.timeline.models import Interaction

NAME = "first-steps"


@dataclass(frozen=True)
class Step:
    """One thing to do, where it is done, and how one sees that it is."""

    label: Text
    note: Text
    icon: str
    url_name: str
    is_done: Callable[[User], bool]
    needs: tuple[str, str] | None = None
    is_for_admins: bool = False
    is_wanted: Callable[[], bool] = lambda: True

    @property
    def url(self) -> str:
        try:
            return reverse(self.url_name)
        except NoReverseMatch:
            return ""

    def is_open_to(self, user: User) -> bool:
        """Whether this person can do it here."""
        if not self.url or (self.is_for_admins and not user.is_admin) or not self.is_wanted():
            return False
        return self.needs is None or user.may(*self.needs)


STEPS = (
    Step(
        _("Bring in your contacts"),
        _("From a spreadsheet, another program or your phone"),
        "upload",
        "desk:import",
        lambda user: Party.objects.visible_to(user).exists(),
        ("contacts", "create"),
    ),
    Step(
        _("Find somebody"),
        _("Press Ctrl K anywhere, or open the list"),
        "search",
        "desk:contacts",
        lambda user: Party.objects.visible_to(user).exists(),
        ("contacts", "view"),
    ),
    Step(
        _("Log a call, a visit or a note"),
        _("On the page of a contact: all that happens stands in one place"),
        "phone",
        "desk:contacts",
        lambda user: Interaction.objects.filter(by=user.pk).exists(),
        ("interactions", "create"),
    ),
    Step(
        _("Make the list yours"),
        _("Choose its columns and their order"),
        "columns-3",
        "desk:contacts",
        lambda user: ListChoice.objects.filter(user=user).exists(),
        ("contacts", "view"),
    ),
    Step(
        _("Invite a colleague"),
        _("Whoever works here sees the same history"),
        "user-plus",
        "accounts:invite_user",
        lambda user: User.objects.filter(is_demo=False).exclude(pk=user.pk).exists(),
        is_for_admins=True,
    ),
    Step(
        _("Remove the demo firm"),
        _("Once you know your way about: one button takes all of it away"),
        "sparkles",
        "desk:demo",
        lambda user: False,
        is_for_admins=True,
        is_wanted=demo.is_there,
    ),
)


def first_steps(user: User) -> dict[str, Any] | None:
    """The steps with what is done, until all are or the person puts them away."""
    if PutAway.objects.filter(user=user, name=NAME).exists():
        return None
    steps = [(step, step.is_done(user)) for step in STEPS if step.is_open_to(user)]
    done = sum(is_done for _step, is_done in steps)
    if done == len(steps):
        return None
    return {"steps": steps, "done": done, "all": len(steps), "name": NAME}
