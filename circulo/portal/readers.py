"""Telling people who read a public page from who only looks at it on its way or by trade.

Mail gateways and messengers open every link before anybody reads it, and whoever works here looks
at what they sent: what a customer has seen is told by none of them.
"""

from __future__ import annotations

import re

from django.http import HttpRequest

from circulo.web import is_read

# Not “Cubot”, a make of telephones.
_MACHINES = re.compile(
    r"(?<!cu)bot(\b|-)|crawl|spider|preview|scan|fetch|monitor|facebookexternalhit"
    r"|whatsapp|skypeuri|slack-imgproxy|embedly|barracuda|proofpoint|mimecast"
    r"|messagelabs|symantec|trendmicro|safelinks|forcepoint|ironport|fortiguard|sophos|urlscan"
    r"|virustotal|google-safety|microsoft office"
    r"|python|curl|wget|libwww|okhttp|go-http-client|java/|axios|node|postman|ruby",
    re.IGNORECASE,
)


def is_reader(request: HttpRequest) -> bool:
    """Whether a page that is asked for is read by somebody from outside, as far as one can tell."""
    if not is_read(request) or request.user.is_authenticated:
        return False
    agent = request.headers.get("User-Agent", "")
    return not _MACHINES.search(agent)
