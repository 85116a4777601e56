"""Own fields as a part of any form of records that have them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django import forms

from circulo.records.own import controls, links
from circulo.records.own.definitions import defined

if TYPE_CHECKING:
    from circulo.accounts.models import User
    from circulo.records.models import OwnField


class OwnFields(forms.Form):
    """A form with the own fields that its user's role sees, drawn after those of the house."""

    own: Mapping[str, OwnField] = {}

    def add_own(
        self, resource: str, user: User, record: controls.Record | None = None, *,
        is_brief: bool = False,
    ) -> None:  # fmt: skip
        """Add a control for each of them that does not compute itself, with its default where no
        record is there yet; a brief form has those alone without which nothing is saved.
        """
        seen = defined(resource).visible_to(user, resource)
        self.own = {
            one.name: one
            for one in seen.values()
            if not one.is_computed and (one.is_required or not is_brief)
        }
        for name, one in self.own.items():
            self.fields[name] = controls.control(one, user, record)
            if record is None and self.initial.get(name) is None:
                self.initial[name] = controls.typed(one, one.default, {})

    @property
    def own_fields(self) -> list[forms.BoundField]:
        """Them, in their order."""
        return [self[name] for name in self.own]

    def own_said(self, user: User, *, anew: bool) -> dict[str, Any]:
        """By key what was typed in them, or what was changed where the record is not `anew`;
        Invalid by their names.
        """
        names = self.own if anew else set(self.own) & set(self.changed_data)
        said = {name: self.cleaned_data.get(name) for name in names}
        return controls.all_meant(self.own.values(), said, user)


def own_typed(resource: str, user: User, custom: Mapping[str, Any]) -> dict[str, str]:
    """By name the own fields that somebody sees of a record, as their controls show them."""
    seen = defined(resource).visible_to(user, resource)
    names = links.names_of(user, seen.values(), [custom])
    return {
        one.name: controls.typed(one, custom.get(key), names)
        for key, one in seen.items()
        if not one.is_computed
    }
