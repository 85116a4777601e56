"""What somebody says of a territory, read into the values that it keeps."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from circulo.accounts.models import Territory, User
from circulo.lib import ids
from circulo.lib.errors import Invalid, Text
from circulo.lib.text import clean
from circulo.parties.placing import refuse_bad_rules

MOST_MEMBERS = 500
FIELDS = (
    "name", "parent", "rule", "people_rule", "claims_people", "is_active", "manager", "members",
)  # fmt: skip
_COLUMNS = {"parent": "parent_id", "manager": "manager_id"}


def read(said: Mapping[str, Any], *, is_new: bool = False) -> dict[str, Any]:
    """The values that were said, by column; Invalid with a reason for each field."""
    values: dict[str, Any] = {}
    faults: dict[str, Text] = {
        name: _("There is no such field here.") for name in said if name not in FIELDS
    }
    for name in (name for name in FIELDS if name in said):
        try:
            values[_COLUMNS.get(name, name)] = _READERS[name](said[name])
        except Invalid as invalid:
            faults[name] = invalid.fields[""]
    if is_new and "name" not in said:
        faults["name"] = _("A name is needed.")
    if faults:
        raise Invalid(faults)
    refuse_bad_rules(values)
    return values


def _name(value: Any) -> str:
    name = clean(value, limit=100) if isinstance(value, str) else ""
    if not name:
        raise Invalid({"": _("A name is needed.")})
    return name


def _parent(value: Any) -> int | None:
    if value in (None, ""):
        return None
    key = ids.decode("territory", value) if isinstance(value, str) else None
    if not Territory.objects.filter(pk=key or 0).exists():
        raise Invalid({"": _("There is no such territory.")})
    return key


def _rule(value: Any) -> dict[str, Any]:
    """A criterion; an empty one takes nobody. What it asks is looked at with the others."""
    if value in (None, "", {}):
        return {}
    if not isinstance(value, dict):
        raise Invalid({"": _("A criterion is an object.")})
    return value


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise Invalid({"": _("This must be true or false.")})
    return value


def _manager(value: Any) -> int | None:
    return None if value in (None, "") else _people([value])[0]


def _people(value: Any) -> list[int]:
    if not isinstance(value, list) or len(value) > MOST_MEMBERS:
        raise Invalid({"": _("This must be a list of at most %d values.") % MOST_MEMBERS})
    keys = {ids.decode("user", one) or 0 if isinstance(one, str) else 0 for one in value}
    known = set(User.objects.filter(pk__in=keys).values_list("pk", flat=True))
    if known != keys:
        raise Invalid({"": _("Nobody of that name works here.")})
    return sorted(keys)


_READERS: dict[str, Callable[[Any], Any]] = {
    "name": _name,
    "parent": _parent,
    "rule": _rule,
    "people_rule": _rule,
    "claims_people": _flag,
    "is_active": _flag,
    "manager": _manager,
    "members": _people,
}
