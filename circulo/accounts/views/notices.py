"""The bell: what one was told, what of it is new, and of what one wants to be told."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from circulo.accounts import actions, selectors
from circulo.accounts.models import Notification
from circulo.accounts.views.doors import go, local_path, settings_page
from circulo.lib import ids
from circulo.web import Request, page, swap, toast


@require_GET
@login_required
def notifications(request: Request) -> HttpResponse:
    """What one was told, the latest first."""
    before = ids.decode("notification", request.GET.get("before", ""))
    shown = selectors.notifications(request.user, before=before)
    return page(request, "accounts/notifications.html", shown=shown, is_first=before is None)


@require_GET
@login_required
def bell(request: Request) -> HttpResponse:
    """How many notifications are unread, for the bell."""
    return page(request, "accounts/_bell.html", count=selectors.unread(request.user))


@require_POST
@login_required
def read_all(request: Request) -> HttpResponse:
    """Mark everything as read."""
    actions.read_notices(request.user)
    toast(request, _("Everything is marked as read."))
    return go(request, "accounts:notifications")


@require_POST
@login_required
def open_notification(request: Request, key: str) -> HttpResponse:
    """Mark one as read and go to what it is about."""
    mine = Notification.objects.visible_to(request.user)
    found = get_object_or_404(mine, pk=ids.decode("notification", key) or 0)
    actions.read_notices(request.user, [found.pk])
    where = local_path(found.url) if found.url else "/notifications"
    return swap(request, "accounts/_bell.html", otherwise=where)


@require_http_methods(["GET", "POST"])
@login_required
def choose(request: Request) -> HttpResponse:
    """Of what one wants to be told, here and by mail."""
    choices = selectors.notice_choices(request.user)
    if request.method == "POST":
        said = request.POST
        actions.choose_notices(
            request.user,
            {one.kind.name: (f"shown-{one.kind.name}" in said, f"mailed-{one.kind.name}" in said)
             for one in choices},
        )  # fmt: skip
        toast(request, _("Your choice was saved."))
        return go(request, "accounts:notices")
    return settings_page(request, "accounts/notices.html", here="notices", choices=choices)
