"""Answers that tell of many things at once."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import StreamingHttpResponse

from circulo.dav.xml import d, document

XML = "application/xml; charset=utf-8"


def multistatus(parts: Iterable[str]) -> StreamingHttpResponse:
    """Response after response, sent as they are made."""
    said = (part.encode() for part in document(d("multistatus"), parts) if part)
    return StreamingHttpResponse(said, XML, 207)
