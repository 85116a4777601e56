"""How the API answers: JSON, with versions."""

import hashlib
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse

from circulo.records.rest.operations import JSON

PREFIX = "/api/v1/"


def answer(data: Any, *, status: int = 200, etag: str = "", location: str = "") -> HttpResponse:
    """An answer with this content."""
    response = HttpResponse(dumped(data), status=status, content_type=JSON)
    if etag:
        response.headers["ETag"] = etag
    if location:
        response.headers["Location"] = f"{PREFIX}{location}"
    return response


def nothing() -> HttpResponse:
    """Done, and nothing more to say."""
    return HttpResponse(status=204)


def dumped(data: Any) -> bytes:
    """JSON; moments with their zone, days and decimals as texts."""
    return orjson.dumps(data, default=str, option=orjson.OPT_NON_STR_KEYS)


def etag_of(version: int | str) -> str:
    """The version of a record, as a header holds it."""
    return f'"{version}"'


def version_of(data: Any) -> str:
    """A version for records that count none: what they say."""
    return hashlib.sha256(dumped(data)).hexdigest()[:20]


def is_known(request: HttpRequest, etag: str) -> bool:
    """Whether the one who asks already has this version."""
    known = request.headers.get("If-None-Match", "")
    return bool(known) and etag in [part.strip().removeprefix("W/") for part in known.split(",")]


def one(request: HttpRequest, data: Any, etag: str) -> HttpResponse:
    """One record with its version; 304 where the one who asks has it already."""
    if is_known(request, etag):
        return HttpResponse(status=304, headers={"ETag": etag})
    return answer(data, etag=etag)
