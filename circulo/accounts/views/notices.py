"""The bell: what one was told, what of it is new, of what one wants to be told, and where."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from circulo.accounts import actions, notices, selectors
from circulo.accounts.actions import Channels
from circulo.accounts.forms import QuietForm
from circulo.accounts.models import Notification, PushDevice, Session
from circulo.accounts.sessions import digest
from circulo.accounts.views.doors import go, local_path, settings_page
from circulo.lib import ids, webpush
from circulo.lib.errors import Invalid
from circulo.lib.webpush import Subscription
from circulo.web import Request, page, swap, toast

CHANNELS = {"shown": "is_shown", "mailed": "is_mailed", "pushed": "is_pushed"}


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
    found = _own(request, key)
    actions.read_notices(request.user, [found.pk])
    where = local_path(found.url) if found.url else "/notifications"
    return swap(request, "accounts/_bell.html", otherwise=where)


@require_POST
@login_required
def mute(request: Request, key: str) -> HttpResponse:
    """Hear nothing more of the kind of a notification."""
    kind = notices.kinds().get(_own(request, key).kind)
    if kind is not None:
        before = actions.mute_notices(request.user, kind.name)
        was = [name for name, field in CHANNELS.items() if getattr(before, field)]
        back = f"{reverse('accounts:unmute', args=[key])}?{urlencode({'was': ' '.join(was)})}"
        toast(request, _("You are told nothing more of: %s.") % kind.label, undo=back)
    return go(request, "accounts:notifications")


@require_POST
@login_required
def unmute(request: Request, key: str) -> HttpResponse:
    """Hear again of the kind of a notification, where one did before it was muted."""
    was = request.GET.get("was", "").split()
    channels = Channels(*(name in was for name in CHANNELS))
    actions.choose_notices(request.user, {_own(request, key).kind: channels})
    return go(request, "accounts:notifications")


@require_http_methods(["GET", "POST"])
@login_required
def choose(request: Request) -> HttpResponse:
    """Of what one wants to be told, where, and at which hours not."""
    choices, user = selectors.notice_choices(request.user), request.user
    hours = {"quiet_from": user.quiet_from, "quiet_until": user.quiet_until}
    form = QuietForm(request.POST if request.method == "POST" else None, initial=hours)
    if request.method == "POST" and form.is_valid():
        chosen = {one.kind.name: _channels(request, one.kind.name) for one in choices}
        actions.choose_notices(user, chosen)
        if "quiet_from" in request.POST:
            actions.choose_quiet_hours(user, **form.cleaned_data)
        toast(request, _("Your choice was saved."))
        return go(request, "accounts:notices")
    return _choices(request, choices=choices, form=form, status=422 if form.is_bound else 200)


@require_POST
@login_required
def add_device(request: Request) -> HttpResponse:
    """Be told on this browser too."""
    said = Subscription(*(request.POST.get(name, "") for name in ("endpoint", "p256dh", "auth")))
    mine = Session.objects.visible_to(request.user)
    session = mine.filter(pk=digest(request.session.session_key)).first()
    try:
        actions.add_device(request.user, said, session=session,
                           agent=request.headers.get("User-Agent", ""))  # fmt: skip
        toast(request, _("From now on you are told on this browser too."))
    except Invalid as refused:
        toast(request, next(iter(refused.fields.values())), tone="bad")
    return go(request, "accounts:notices")


@require_POST
@login_required
def remove_device(request: Request, key: str) -> HttpResponse:
    """Be told nothing any more on one browser."""
    mine = PushDevice.objects.visible_to(request.user)
    actions.remove_device(get_object_or_404(mine, pk=ids.decode("device", key) or 0))
    toast(request, _("You are told nothing there any more."))
    return go(request, "accounts:notices")


def _own(request: Request, key: str) -> Notification:
    mine = Notification.objects.visible_to(request.user)
    return get_object_or_404(mine, pk=ids.decode("notification", key) or 0)


def _channels(request: Request, kind: str) -> Channels:
    return Channels(*(f"{name}-{kind}" in request.POST for name in CHANNELS))


def _choices(request: Request, **context: Any) -> HttpResponse:
    devices = PushDevice.objects.visible_to(request.user).order_by("-pk")
    return settings_page(request, "accounts/notices.html", here="notices", devices=devices,
                         push_key=webpush.public_key(settings.PUSH_KEY), **context)  # fmt: skip
