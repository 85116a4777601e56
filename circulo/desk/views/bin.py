"""The bin: what went there, and the way out of it."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from circulo.desk.selectors.bin import PER_PAGE, all_in_bin, in_bin
from circulo.desk.selectors.chosen import MOST_AT_ONCE
from circulo.lib import format as one
from circulo.lib import ids
from circulo.parties.actions import restore_parties
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
    chosen = list(rows.values_list("pk", "kind")[:MOST_AT_ONCE])
    count = restore_parties([key for key, _kind in chosen], by=request.user)
    text = ngettext("%s record is back.", "%s records are back.", count) % one.number(count)
    toast(request, text, undo=undo_url())
    home = _home([kind for _key, kind in chosen])
    return swap(request, "web/_notice.html", otherwise=home, text=text)


def _home(kinds: list[str]) -> str:
    """The list they went back to, or the bin."""
    if not kinds:
        return "desk:bin"
    return "desk:contacts" if kinds[0] == "person" else "desk:companies"
