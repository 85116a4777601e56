"""The agenda for other calendars: a secret address to subscribe to, and single appointments."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from django.conf import settings as house
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from circulo.accounts.views.doors import settings_page
from circulo.agenda import actions
from circulo.agenda.ical import calendar_text
from circulo.agenda.matters import with_matters
from circulo.agenda.models import Entry, Feed
from circulo.agenda.views.finding import find
from circulo.web import Request, toast

TYPE = "text/calendar; charset=utf-8"
PAST, MOST = timedelta(days=370), 5_000


@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """One person's agenda, for whoever knows the secret: what they own or take part in."""
    user = actions.feed_reader(token)
    if user is None:
        raise Http404
    since = timezone.now() - PAST
    rows = Entry.objects.visible_to(user).of_people([user.pk]).exclude(span=None)
    rows = rows.filter(Q(span__endswith__isnull=True) | Q(span__endswith__gte=since))
    told = with_matters(rows.select_related("owner"), user).prefetch_related(
        "reminders", "participants__user", "instances"
    )
    with translation.override(user.language):
        text = calendar_text(told.order_by("-falls_at", "pk")[:MOST], name=_("Círculo agenda"))
    return _answer(request, text)


@require_safe
@login_required
def export(request: Request, identifier: str) -> HttpResponse:
    """One task or appointment as a file for another calendar."""
    entry = find(request, identifier)
    response = _answer(request, calendar_text([entry, *entry.instances.all()]))
    response["Content-Disposition"] = f'attachment; filename="{entry.public_id}.ics"'
    return response


@require_http_methods(["GET", "POST"])
@login_required
def settings(request: Request) -> HttpResponse:
    """The secret address of one's own agenda: made, made anew, ended."""
    url = ""
    if request.method == "POST" and "end" in request.POST:
        actions.revoke_feed(by=request.user)
        toast(request, _("The address has ended: nobody reads your agenda there any more."))
    elif request.method == "POST":
        token = actions.make_feed(by=request.user)
        url = house.BASE_URL + reverse("agenda:feed", args=[token])
    known = Feed.objects.visible_to(request.user).first()
    return settings_page(
        request, "agenda/feed.html", here="calendar", feed=known, url=url,
        programs=f"{house.BASE_URL}/dav/",
    )  # fmt: skip


def _answer(request: HttpRequest, text: str) -> HttpResponse:
    """The text, or nothing where whoever asks has it already."""
    body = text.encode()
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    if etag in request.headers.get("If-None-Match", ""):
        return HttpResponse(status=304, headers={"ETag": etag})
    headers = {"ETag": etag, "Cache-Control": "private, no-cache"}
    return HttpResponse(body, content_type=TYPE, headers=headers)
