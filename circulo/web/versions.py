"""Which version of a record a form was made of."""

from __future__ import annotations

from django.http import HttpRequest

_LONGEST = 9


def shown_version(request: HttpRequest) -> int | None:
    """The version that the sender of a form saw; None where the form says none."""
    said = request.POST.get("version", "")
    return int(said) if said.isascii() and said.isdecimal() and len(said) <= _LONGEST else None
