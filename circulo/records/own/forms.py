"""Own fields as a part of any form of records that have them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.http import QueryDict

from circulo.lib.errors import Invalid
from circulo.records.actions import attachments
from circulo.records.own import controls, links
from circulo.records.own.definitions import defined

if TYPE_CHECKING:
    from circulo.accounts.models import User
    from circulo.records.models import OwnField


class OwnFields(forms.Form):
    """A form with the own fields that its user's role sees, drawn after those of the house."""

    own: Mapping[str, OwnField] = {}
    own_of: tuple[str, User, controls.Record | None]

    def add_own(
        self, resource: str, user: User, record: controls.Record | None = None, *,
        is_brief: bool = False,
    ) -> None:  # fmt: skip
        """Add a control for each of them that does not compute itself, with its default where no
        record is there yet; a brief form has those alone without which nothing is saved.
        """
        self.own_of = (resource, user, record)
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

    @property
    def _sent(self) -> dict[str, Any]:
        """By name of the own field the files that were chosen for it."""
        sent = {name: self.files.get(name + controls.NEW) for name in self.own}
        return {name: upload for name, upload in sent.items() if upload is not None}

    def full_clean(self) -> None:
        """Look at what was sent. A file for a record that is there becomes one of its files first:
        whatever else is wrong, it need not be sent again.
        """
        refused = {}
        for name, upload in self._sent.items():
            try:
                self._receive(name, upload)
            except Invalid as invalid:
                refused[name] = next(iter(invalid.fields.values()))
        super().full_clean()
        for name, why in refused.items():
            self.add_error(name, str(why))

    def _receive(self, name: str, upload: Any) -> None:
        _resource, user, record = self.own_of
        control = self.fields[name]
        assert isinstance(control, controls.FileOfRecord)
        if record is None:
            attachments.refuse([upload])
            control.tell_lost(attachments.safe_name(upload.name or ""))
            return
        # A form whose record was changed meanwhile is read a second time.
        if not hasattr(upload, "kept"):
            [upload.kept] = attachments.attach(*record, [upload], by=user)
        control.offer(upload.kept)
        said = QueryDict(mutable=True)
        said.update(self.data)
        said[name] = upload.kept.public_id
        self.data = said

    def keep_sent(self, key: int) -> None:
        """Keep the files that were chosen for a record that this form has just made."""
        resource, user, _record = self.own_of
        if self._sent:
            attachments.attach_to_fields(
                resource, key, {self.own[n].key: file for n, file in self._sent.items()}, by=user
            )

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
