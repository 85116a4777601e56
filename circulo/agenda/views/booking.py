"""One's own booking page: what it offers, and its address."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from circulo.accounts.views.doors import go, settings_page
from circulo.agenda import actions
from circulo.agenda.booking_form import BookingPageForm
from circulo.agenda.models import BookingPage
from circulo.web import Request, toast


@require_http_methods(["GET", "POST"])
@login_required
def booking(request: Request) -> HttpResponse:
    """Open one's booking page, change what it offers, or close it."""
    known = BookingPage.objects.visible_to(request.user).first()
    initial = {name: getattr(known, name) for name in BookingPageForm.base_fields} if known else {}
    form = BookingPageForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and "close" in request.POST:
        actions.close_booking(request.user)
        toast(request, _("The page is closed: nobody can book there."))
        return go(request, "agenda:booking")
    if request.method == "POST" and form.is_valid():
        actions.open_booking(request.user, form.cleaned_data)
        toast(request, _("The page is open."))
        return go(request, "agenda:booking")
    url = f"{settings.BASE_URL}/b/{known.token}" if known and known.is_open else ""
    status = 422 if form.is_bound else 200
    return settings_page(
        request, "agenda/booking.html", here="booking", status=status, form=form, url=url
    )
