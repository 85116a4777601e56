"""Following a party, and the parties that one follows."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from circulo.lib import ids
from circulo.parties import actions
from circulo.parties.selectors import MOST_FOLLOWED, followed_by, people_following
from circulo.parties.views.finding import find
from circulo.web import Request, page, swap, toast


@require_GET
@login_required
def following(request: Request) -> HttpResponse:
    """The contacts and companies that one follows."""
    found = followed_by(request.user, before=ids.decode("follow", request.GET.get("before", "")))
    shown = found[:MOST_FOLLOWED]
    older = ids.encode("follow", shown[-1].pk) if len(found) > MOST_FOLLOWED else ""
    return page(request, "parties/following.html", shown=shown, older=older)


@require_POST
@login_required
def follow(request: Request, identifier: str) -> HttpResponse:
    """Be told what colleagues do with a party."""
    party = find(request, identifier)
    actions.follow_party(party, by=request.user)
    return _answer(request, identifier, party.get_absolute_url())


@require_POST
@login_required
def unfollow(request: Request, identifier: str) -> HttpResponse:
    """Be told no more of a party; from the list of those one follows, back to it."""
    party = find(request, identifier)
    actions.unfollow_party(party, by=request.user)
    if "listed" in request.POST:
        toast(request, _("You do not follow %s any more.") % party.name,
              undo=reverse("parties:follow", args=[identifier]))  # fmt: skip
        return swap(request, "", otherwise="parties:following")
    return _answer(request, identifier, party.get_absolute_url())


def _answer(request: Request, identifier: str, otherwise: str) -> HttpResponse:
    followers = people_following(find(request, identifier))
    follows = any(one["id"] == request.user.opaque for one in followers)
    return swap(request, "parties/_followed.html", otherwise=otherwise, id=identifier,
                followers=followers, follows=follows, is_fresh=True)  # fmt: skip
