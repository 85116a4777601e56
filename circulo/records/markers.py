"""Markers of pages: the sort and the key of the last row seen, as JSON in base 64.

They are read with suspicion, since anybody can write one.
"""

from __future__ import annotations

import base64
import binascii
import datetime
import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from circulo.records.resources import Field


class BadSort(ValueError):
    """A sort or a cursor that cannot be used here."""


def written(sort: str, key: Sequence[Any], backwards: bool) -> str:
    """The marker of a page that begins beyond this key."""
    text = json.dumps([sort, backwards, [*map(_plain, key)]], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _plain(value: Any) -> Any:
    if isinstance(value, datetime.date | Decimal):
        return value.isoformat() if isinstance(value, datetime.date) else str(value)
    return value


def read(cursor: str, sort: str, parts: int) -> tuple[bool, list[Any]]:
    """Whether a marker leads backwards, and the key in it, of so many parts; BadSort where it is
    none of this order.
    """
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        names, backwards, key = json.loads(text)
        if names != sort or len(key) != parts or len(text) > 2000:
            raise ValueError
        if any(isinstance(part, dict | list) or part is None for part in key):
            raise ValueError
        if not isinstance(key[-1], int) or not 0 <= key[-1] < 2**63:
            raise ValueError
    except (ValueError, TypeError, binascii.Error, RecursionError) as error:
        raise BadSort(_("This page marker is not valid any more: start again.")) from error
    if any(isinstance(part, str) and ("\0" in part or not _encodes(part)) for part in key):
        raise BadSort(_("This page marker is not valid any more: start again."))
    return backwards is True, key


def _encodes(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def unsorted(name: str, fields: Mapping[str, Field]) -> BadSort:
    """That a list is not sorted by something, and by what it is."""
    told = {
        "name": name.removeprefix("-")[:40],
        "known": ", ".join(key for key, field in fields.items() if field.sort_by),
    }
    return BadSort(_("This list cannot be sorted by “%(name)s”, but by: %(known)s.") % told)
