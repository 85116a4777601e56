"""That an act was meant for the version of a record that stands (`If-Match`), whatever the act is.

What changes a record by PATCH looks at the version itself, where nobody else can write meanwhile.
"""

from __future__ import annotations

import orjson

from circulo.api import routes
from circulo.records.rest.operations import Call, Operation
from circulo.records.rest.refusals import Refused
from circulo.records.rest.versions import refuse_older

GONE = 404


def hold(call: Call, operation: Operation, path: str) -> None:
    """409 with what stands where the record of an act is not in the version that was meant.

    A record that cannot be read, such as one in the bin, has no version to compare: the act itself
    says whether it finds it.
    """
    if call.versions is None or operation.method == "PATCH":
        return
    found = routes.record_of(path)
    if found is None:
        return
    reading, ids = found
    try:
        told = reading.handler(Call(call.request, call.user, ids))
    except Refused as refused:
        if refused.status == GONE:
            return
        raise
    if version := told.headers.get("ETag", "").strip('"'):
        refuse_older(call, version, lambda: orjson.loads(told.content or b"{}"))
