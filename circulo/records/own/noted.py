"""What somebody says for `custom`: own fields by their kinds, other keys as plain values."""

from __future__ import annotations

import re
from typing import Any

from django.utils.translation import gettext as _

from circulo.lib.errors import Invalid, Text
from circulo.lib.text import clean
from circulo.records.models import OWN
from circulo.records.own import values
from circulo.records.own.definitions import Defined

MOST = 300
_KEY = re.compile(r"[a-z][a-z0-9_]{0,49}")


def read(said: Any, about: Defined) -> tuple[dict[str, Any], dict[str, Text]]:
    """The values to store, None for those to take away; and why others are refused, by name."""
    if not isinstance(said, dict) or len(said) > MOST:
        raise Invalid({"": _("This must be an object of at most %d values.") % MOST})
    found: dict[str, Any] = {}
    refused: dict[str, Text] = {}
    for key, value in said.items():
        try:
            found[_key(key)] = _value(key, value, about)
        except Invalid as invalid:
            name = str(key).encode("utf-8", "replace").decode()[:60]
            refused[OWN + name] = next(iter(invalid.fields.values()))
    return found, refused


def complete(columns: dict[str, Any], about: Defined, *, demands: bool = True) -> None:
    """Give a new record the defaults of its own fields; Invalid where a required one is missing.

    Without `demands` it may be: where nobody is there who could be asked for it.
    """
    said = columns.get("custom", {})
    defaults = {k: f.default for k, f in about.stored.items() if f.default is not None}
    missing = [
        one
        for key, one in about.stored.items()
        if one.is_required and said.get(key, defaults.get(key)) is None
    ]
    if missing and demands:
        raise Invalid({one.name: _("This is needed.") for one in missing})
    if said or defaults:
        columns["custom"] = defaults | said


def _key(key: Any) -> str:
    if not isinstance(key, str) or not _KEY.fullmatch(key):
        raise values.refusal(_("Names of own fields are small letters, digits and underscores."))
    return key


def _value(key: str, value: Any, about: Defined) -> Any:
    field = about.fields.get(key)
    if field is None:
        if key in about.retired:
            raise values.refusal(_("This field is not in use any more."))
        return _plain(value)
    read = values.read(field, value)
    if read is None and field.is_required:
        raise values.refusal(_("This is needed."))
    return read


def _plain(value: Any) -> Any:
    """A value that no field is defined for: a text, a number, yes or no."""
    if isinstance(value, str):
        return clean(value, limit=2000)
    if isinstance(value, float) and not abs(value) < 1e300:
        raise values.refusal(_("This number is out of range."))
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 2**63:
        raise values.refusal(_("This number is out of range."))
    if value is not None and not isinstance(value, bool | int | float):
        raise values.refusal(_("Own fields hold texts, numbers, yes or no."))
    return value
