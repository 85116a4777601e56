"""That whoever changes a record over the API has seen the version that stands."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from circulo.lib.errors import NEWER
from circulo.records.rest.answers import etag_of
from circulo.records.rest.operations import Call
from circulo.records.rest.refusals import stale


def refuse_older(
    call: Call, version: int | str, now: Callable[[], dict[str, Any]],
    names: Iterable[str] | None = None,
) -> None:  # fmt: skip
    """409 with both values where the version that was meant is not the one that stands.

    `now` gives the record as it is told; of it the caller learns what they meant to change, or what
    stands under these names.
    """
    if call.versions is None or str(version) in call.versions:
        return
    yours = call.body if isinstance(call.body, dict) else {}
    said = now()
    current = {name: said[name] for name in (yours if names is None else names) if name in said}
    raise stale(NEWER, current=current, yours=yours, etag=etag_of(version))
