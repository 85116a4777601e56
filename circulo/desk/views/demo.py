"""The demo firm's way out."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from circulo.accounts.views.doors import admin_required, settings_page
from circulo.desk.demo import actions, selectors
from circulo.web import Request, toast


@require_http_methods(["GET", "POST"])
@admin_required
def demo(request: Request) -> HttpResponse:
    """What the demo firm holds; posting removes it, and whoever came with it."""
    if request.method == "POST":
        actions.remove_demo(by=request.user)
        toast(request, _("The demo firm was removed. What you added yourself is still here."))
        return redirect("accounts:login" if request.user.is_demo else "desk:demo")
    counts = selectors.counts()
    return settings_page(request, "desk/demo.html", here="demo", counts=counts)
