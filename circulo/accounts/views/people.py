"""The names of colleagues, while somebody types one."""

from django.contrib.auth.decorators import login_required
from django.http import JsonResponse
from django.views.decorators.http import require_GET

from circulo.accounts import selectors
from circulo.web import Request


@require_GET
@login_required
def suggest(request: Request) -> JsonResponse:
    """Who works here and is called so, for what follows an "@"."""
    found = selectors.people_called(request.GET.get("q", "")[:100])
    people = [{"name": user.name, "team": user.team.name if user.team else ""} for user in found]
    return JsonResponse({"people": people})
