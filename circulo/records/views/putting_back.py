"""One value of the history of a record given back, for the pages of every kind of record."""

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from circulo.lib.errors import Invalid, RuleBroken
from circulo.records.actions.putting_back import may_be_put_back, put_value_back
from circulo.records.history import line_called
from circulo.records.undo_links import undo_url
from circulo.web import Request, swap, toast


def put_line_back(request: Request, kind: str, key: int, line: str, *, back: str) -> HttpResponse:
    """Give a field of a record that this person may change the value from before a change, or a
    deleted row its place again, and go `back`.
    """
    column = request.POST.get("column", "")
    change = line_called(request.user, kind, key, line, column)
    if change is None or not may_be_put_back(change, column):
        raise Http404
    try:
        put_value_back(change, column, by=request.user)
        toast(request, _("Put back."), undo=undo_url())
    except RuleBroken as broken:
        toast(request, str(broken.message), tone="bad")
    except Invalid as invalid:
        toast(request, str(next(iter(invalid.fields.values()))), tone="bad")
    return swap(request, "records/_gone.html", otherwise=back)
