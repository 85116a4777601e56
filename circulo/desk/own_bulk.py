"""Setting one own field of many records: first which field, then to what."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from django.utils.translation import gettext as _

from circulo.accounts.models import User
from circulo.desk.own_columns import is_edited_in_place
from circulo.lib.errors import Invalid, Text
from circulo.records.models import OWN, OwnField
from circulo.records.own import controls, links
from circulo.records.own.converting import converted
from circulo.records.own.definitions import defined
from circulo.records.rosters import roster

Kind = OwnField.Kind
Choices = list[tuple[str, Text]]


def settable(user: User, name: str) -> dict[str, OwnField]:
    """The own fields that this person can set on records of a list, by the names they go by."""
    seen = defined(name).visible_to(user, name).values()
    return {one.name: one for one in seen if is_edited_in_place(one)}


def set_own(name: str, one: OwnField, keys: Sequence[int], value: str, user: User) -> int:
    """Give an own field of many records of a list a value, or none; how many changed."""
    about = roster(name)
    try:
        meant = controls.meant(one, value, user)
        read = converted(one, meant)
        if one.kind == Kind.LINK and read is not None:
            links.refuse_unknown(user, {one.key: one}, {one.key: read}, (about.key, 0))
    except Invalid as invalid:
        raise Invalid({"value": next(iter(invalid.fields.values()))}) from invalid
    if read is None and one.is_required:
        raise Invalid({"value": _("This is needed.")})
    return about.edit(keys, {"custom": {one.key: read}}, user)


def writer(name: str, one: OwnField) -> partial[int]:
    """What sets this field."""
    return partial(set_own, name, one)


def values_of(one: OwnField, user: User) -> Choices | None:
    """The values to choose from, where they can be listed."""
    nothing: Choices = [] if one.is_required else [("", _("nothing"))]
    if one.kind == Kind.CHOICE:
        return [*nothing, *one.offered().items()]
    if one.kind == Kind.YES_NO:
        return [*nothing, ("true", _("yes")), ("false", _("no"))]
    if one.kind == Kind.LINK and one.target == "user":
        return [*nothing, *links.people(user)]
    return None


def choices_of_fields(user: User, name: str) -> Choices:
    """Which fields there are to set."""
    return [(key.removeprefix(OWN), one.label) for key, one in settable(user, name).items()]


def help_of(one: OwnField) -> str:
    """How a value is written where it is not chosen from a list."""
    helps = {
        Kind.CHOICES: _("Several, with a comma between them."),
        Kind.DATE: _("Written as 2026-11-26."),
        Kind.MOMENT: _("Written as 2026-11-26T10:00."),
        Kind.TIME: _("Written as 09:30."),
        Kind.LINK: _("Its whole name, or the address of its page."),
    }
    return helps.get(Kind(one.kind), "")
