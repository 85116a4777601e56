"""Today: the first page, whom to call and why, and what happened meanwhile."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from circulo.accounts.answer_cache import cached_page
from circulo.desk import actions
from circulo.desk.selectors.today import greeting
from circulo.web import Request, page, swap, toast
from circulo.web.today import shown_to

LONGEST_NAME = 60


@require_GET
@login_required
@cached_page
def today(request: Request) -> HttpResponse:
    """The first page of the day."""
    panels = list(shown_to(request.user))
    now = timezone.localtime()
    return page(
        request,
        "desk/today.html",
        hello=f"{greeting(now)}, {request.user.name.split()[0]}",
        day=now.date(),
        main=[panel for panel in panels if panel.place == "main"],
        side=[panel for panel in panels if panel.place == "side"],
        begin=_beginnings(request),
    )


@require_POST
@login_required
def put_away(request: Request, name: str) -> HttpResponse:
    """Take something off Today; the toast brings it back."""
    actions.put_away(request.user, name[:LONGEST_NAME])
    toast(request, _("Put away."), undo=reverse("desk:bring_back", args=[name]))
    return swap(request, "web/_notice.html", otherwise="desk:today", text=_("Put away."))


@require_POST
@login_required
def bring_back(request: Request, name: str) -> HttpResponse:
    """Show on Today again what was put away."""
    actions.bring_back(request.user, name[:LONGEST_NAME])
    return redirect("desk:today")


def _beginnings(request: Request) -> list[tuple[str, str, str]]:
    """Quick acts: text, icon and address of what this person may begin."""
    acts = (
        (_("New contact"), "user-plus", "parties:new_contact", ("contacts", "create")),
        (_("Log a call"), "phone", "desk:search", ("interactions", "create")),
        (_("Import"), "upload", "desk:import", ("contacts", "create")),
    )
    begun = []
    for text, icon, name, right in acts:
        try:
            if request.user.may(*right):
                begun.append((text, icon, reverse(name)))
        except NoReverseMatch:
            continue
    return begun
