"""What a person says of a mail that was refused, or of which nobody knows whether it left."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from circulo.channels.email import actions
from circulo.channels.email.models import Mail
from circulo.channels.email.selectors import page_of, seen_mail
from circulo.lib.errors import RuleBroken
from circulo.web import Request, swap, toast


@require_POST
@login_required
def again(request: Request, identifier: str) -> HttpResponse:
    """Send a mail again."""
    said = _("It is on its way again.")
    return _did(request, identifier, lambda mail: actions.send_again(mail, by=request.user), said)


@require_POST
@login_required
def arrived(request: Request, identifier: str) -> HttpResponse:
    """Note that a mail in doubt did arrive."""
    said = _("Noted: it arrived.")
    return _did(request, identifier, lambda mail: actions.mark_arrived(mail, by=request.user), said)


def _did(
    request: Request, identifier: str, act: Callable[[Mail], object], said: str
) -> HttpResponse:
    mail = seen_mail(request.user, identifier)
    if mail is None:
        raise Http404
    if seen_mail(request.user, identifier, "edit") is None:
        raise PermissionDenied
    try:
        act(mail)
        toast(request, said)
    except RuleBroken as refusal:
        toast(request, refusal.message, tone="bad")
    return swap(request, "records/_gone.html", otherwise=page_of(request.user, mail))
