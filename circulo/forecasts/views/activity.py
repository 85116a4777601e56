"""The figures of what was done: calls, visits, meetings and the like, by seller."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from circulo.accounts.answer_cache import cached_page
from circulo.forecasts.forms import DaysForm, year_until
from circulo.forecasts.selectors.activity import activity_for
from circulo.forecasts.selectors.figures import Wanted
from circulo.forecasts.selectors.sums import reckoning
from circulo.forecasts.views.figures import kinds_of_figures
from circulo.timeline.kinds import LOOKS
from circulo.web import Request, page


@require_GET
@login_required
@cached_page
def activity(request: Request) -> HttpResponse:
    """What the people whose figures one sees did, of the days that are asked for."""
    user = request.user
    if not user.may("interactions", "view"):
        raise PermissionDenied
    by = reckoning()
    first, last = DaysForm(request.GET).days(year_until(timezone.localdate(timezone=by.zone)))
    wanted = Wanted((), first, last)
    kinds, people = activity_for(user, wanted, by=by)
    return page(
        request, "forecasts/activity.html", first=first, last=last,
        kinds=[LOOKS[kind].label for kind in kinds], doings=people,
        kinds_of_figures=kinds_of_figures(user, wanted, "activity"),
    )  # fmt: skip
