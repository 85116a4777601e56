"""The sheet of a party as a PDF: what is known of it, and what happened lately."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from circulo.documents.paper import frame, note
from circulo.documents.press import print_pdf
from circulo.lib import format as fmt
from circulo.lib.text import slug
from circulo.parties.models import Party
from circulo.parties.overview import Overview, overview
from circulo.parties.sheet import Fact, sheet_of
from circulo.records.views.files import SANDBOX
from circulo.timeline.shown import title
from circulo.web import Request

MOST_TOLD, LETTERS = 20, 600


@require_GET
@login_required
def sheet(request: Request, identifier: str) -> HttpResponse:
    """The sheet of a contact or a company."""
    try:
        seen = overview(request.user, identifier)
    except Party.DoesNotExist as missing:
        raise Http404 from missing
    party = seen.party
    data, files = frame(party.name, get_language()[:2])
    facts = sheet_of(seen, request.user).facts
    told = {
        "subtitle": _under(seen),
        "note": note(),
        "groups": [{"label": _("Details"), "rows": [_row(fact) for fact in facts]}],
        "history": [_told(row) for row in seen.panels.get("interactions", [])[:MOST_TOLD]],
    }
    return pdf(print_pdf("record", data | told, files), f"{slug(party.name) or 'ficha'}.pdf")


def pdf(content: bytes, name: str) -> HttpResponse:
    """A PDF to be saved."""
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Content-Security-Policy"] = SANDBOX
    answer["Cache-Control"] = "no-store"
    return answer


def _under(seen: Overview) -> str:
    company = seen.panels.get("company") or {}
    parts = (seen.party.job_title or seen.party.industry, company.get("name"))
    return " · ".join(filter(None, parts))


def _row(fact: Fact) -> list[Any]:
    return [str(fact.label), [str(line) for line in fact.lines]]


def _told(row: dict[str, Any]) -> dict[str, str]:
    when = row["occurred_at"]
    moment = parse_datetime(when) if isinstance(when, str) else when
    return {
        "when": fmt.moment(moment or timezone.now(), "medium"),
        "what": title(row),
        "subject": row["subject"],
        "body": row["body"][:LETTERS],
    }
