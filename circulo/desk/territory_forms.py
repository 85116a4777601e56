"""What an administrator types of a territory."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from circulo.accounts.forms import Form
from circulo.accounts.models import Territory
from circulo.accounts.selectors import people_who_work_here
from circulo.accounts.territory_tree import offered
from circulo.web.picked import PickedField


class NewTerritoryForm(Form):
    """A new territory: its name, and the one it lies in. Its rules come after."""

    name = forms.CharField(label=_("Name"), max_length=100)
    parent = forms.ChoiceField(label=_("Lies within"), required=False)

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.fields["parent"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            ("", _("No other: at the top")), *offered().items(),
        ]  # fmt: skip


class PeopleForm(Form):
    """What a territory is called, and who works in it."""

    name = forms.CharField(label=_("Name"), max_length=100)
    manager = forms.ChoiceField(label=_("Who leads it"), required=False)
    members = PickedField(label=_("Who works in it"), required=False)

    def __init__(self, territory: Territory, *args: Any, **named: Any) -> None:
        members = [one.opaque for one in territory.members.all()]
        manager = territory.manager.opaque if territory.manager else ""
        named["initial"] = {"name": territory.name, "manager": manager, "members": members}
        super().__init__(*args, **named)
        people = people_who_work_here()
        kept = [(one.opaque, one.name) for one in territory.members.all() if not one.is_active]
        self.fields["members"].choices = [*people, *kept]  # type: ignore[attr-defined]
        if territory.manager and not territory.manager.is_active:
            people = [*people, (manager, territory.manager.name)]
        self.fields["manager"].choices = [("", _("Nobody")), *people]  # type: ignore[attr-defined]


class PlaceForm(Form):
    """Where a territory lies, and whether it takes anybody: what moves contacts."""

    parent = forms.ChoiceField(label=_("Lies within"), required=False)
    is_active = forms.ChoiceField(
        label=_("In use"), choices=[("1", _("yes")), ("0", _("no, it takes nobody"))]
    )
    claims_people = forms.ChoiceField(
        label=_("Contacts of companies in other territories"),
        choices=[("0", _("follow their company")), ("1", _("are taken too where the rule fits"))],
    )

    def __init__(self, territory: Territory, *args: Any, **named: Any) -> None:
        parent = territory.parent.public_id if territory.parent else ""
        named["initial"] = {
            "parent": parent,
            "is_active": str(int(territory.is_active)),
            "claims_people": str(int(territory.claims_people)),
        }
        super().__init__(*args, **named)
        others = {key: name for key, name in offered().items() if key != territory.public_id}
        self.fields["parent"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            ("", _("No other: at the top")), *others.items(),
        ]  # fmt: skip
