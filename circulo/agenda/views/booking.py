"""One's own booking page: what it offers, and its address."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from circulo.accounts.views.doors import go, settings_page
from circulo.agenda import actions
from circulo.agenda.booking_form import BookingPageForm
from circulo.agenda.models import BookingPage
from circulo.agenda.selectors.booking import week_of
from circulo.agenda.week import USUAL
from circulo.lib import format as fmt
from circulo.web import Request, toast


@require_http_methods(["GET", "POST"])
@login_required
def booking(request: Request) -> HttpResponse:
    """Open one's booking page, change what it offers, or close it."""
    known = BookingPage.objects.visible_to(request.user).first()
    if request.method == "POST" and "close" in request.POST:
        actions.close_booking(request.user)
        toast(request, _("The page is closed: nobody can book there."))
        return go(request, "agenda:booking")
    form = _form(request, known)
    if request.method == "POST" and form.is_valid():
        actions.open_booking(request.user, form.said, form.week)
        toast(request, _("The page is open."))
        return go(request, "agenda:booking")
    return settings_page(
        request, "agenda/booking.html", here="booking", status=422 if form.is_bound else 200,
        form=form, url=f"{settings.BASE_URL}/b/{known.token}" if known and known.is_open else "",
        city=fmt.city_of(request.user.time_zone),
    )  # fmt: skip


def _form(request: Request, known: BookingPage | None) -> BookingPageForm:
    initial = {name: getattr(known, name) for name in BookingPageForm.base_fields} if known else {}
    return BookingPageForm(
        request.POST if request.method == "POST" else None,
        initial=initial, week=week_of(known) if known else USUAL,
    )  # fmt: skip
