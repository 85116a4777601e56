"""The bin: what went there, and the way out of it."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from circulo.desk.selectors.bin import PER_PAGE, all_in_bin, in_bin
from circulo.desk.selectors.chosen import MOST_AT_ONCE
from circulo.lib import format as one
from circulo.lib import ids
from circulo.parties.actions import restore_parties
from circulo.parties.models import Party
from circulo.records.undo_links import undo_url
from circulo.web import Request, page, swap, toast


@require_GET
@login_required
def show_bin(request: Request) -> HttpResponse:
    """What this person may take out of the bin."""
    found = all_in_bin(request.user)
    return page(request, "desk/bin.html", found=found[:PER_PAGE], has_more=len(found) > PER_PAGE)


@require_POST
@login_required
def restore(request: Request) -> HttpResponse:
    """Take out what was ticked."""
    rows = in_bin(request.user)
    keys = [ids.decode("party", one) for one in request.POST.getlist("ids")[:MOST_AT_ONCE]]
    rows = rows.filter(pk__in=[key for key in keys if key])
    chosen = list(rows[:MOST_AT_ONCE])
    count = restore_parties([party.pk for party in chosen], by=request.user)
    text = ngettext("%s record is back.", "%s records are back.", count) % one.number(count)
    if count == 1 and len(chosen) == 1:
        text = _("“%s” is back.") % chosen[0].name
    toast(request, text, undo=undo_url())
    home = _home(chosen)
    return swap(request, "web/_notice.html", otherwise=home, text=text)


def _home(chosen: list[Party]) -> str:
    """The page of the one that is back, the list that several went back to, or the bin."""
    if len(chosen) == 1:
        return chosen[0].get_absolute_url()
    if not chosen:
        return "desk:bin"
    return f"desk:{chosen[0].resource}"
