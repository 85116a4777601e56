"""Change sets: which there are, what one changed, and its undo."""

from __future__ import annotations

import re

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from circulo.accounts.models import User
from circulo.lib import format as fmt
from circulo.lib.addresses import parted
from circulo.lib.errors import RuleBroken
from circulo.records.actions import undoing
from circulo.records.change_pages import (
    FILTERS,
    brought_in,
    called,
    detail_of,
    names_of,
    page_of_sets,
)
from circulo.records.models import ChangeSet
from circulo.records.selectors import change_set_called, last_change_of
from circulo.records.told_changes import Records
from circulo.records.undo_links import undo_url
from circulo.records.undone_words import named_in, undone_in_words
from circulo.web import Request, page, swap, toast

# How a page names a clash, or all of them.
_CLASH = re.compile(r"all|[a-z_]+:[0-9a-z]+")


@require_GET
@login_required
def changes(request: Request) -> HttpResponse:
    """The change sets that this person may undo or look at, newest first."""
    kind = request.GET.get("kind", "")
    kind = kind if kind in FILTERS else ""
    found = page_of_sets(request.user, kind, request.GET.get("before", ""))
    return page(
        request,
        "records/changes.html",
        found=found,
        kind=kind,
        filters=[("", _("All")), *FILTERS.items()],
    )


@require_GET
@login_required
def change_set(request: Request, identifier: str) -> HttpResponse:
    """What a change set changed, what undoing it would meet, and the way to undo it."""
    found = _find(request, identifier)
    template = "records/_change_set.html" if request.htmx else "records/change_set.html"
    return page(request, template, **detail_of(found, request.user))


@require_GET
@login_required
def last(request: Request) -> HttpResponse:
    """Offer once more to undo the newest change of one's own that is not undone yet."""
    found = last_change_of(request.user)
    if found is None:
        toast(request, _("There is nothing of yours to undo."))
    else:
        said = f"{called(found, request.user)} · {fmt.ago(found.at)}"
        toast(request, _("The last change: %s") % said, undo=undo_url(found.pk))
    return swap(request, "records/_gone.html", otherwise="records:changes")


@require_POST
@login_required
def undo(request: Request, identifier: str) -> HttpResponse:
    """Undo a change set; where others changed it since, only as this person decided."""
    found = _find(request, identifier)
    were = named_in(found, request.user)
    mine = {key for key in request.POST.getlist("mine") if _CLASH.fullmatch(key)}
    try:
        done = undoing.undo_changes(found, by=request.user, mine=mine)
    except RuleBroken as broken:
        toast(request, str(broken.message), tone="bad")
        return _to(request, found.url)
    if done.is_running:
        return _to(request, done.url)
    toast(request, _told(done, were, request.user), undo=undo_url(done.pk) if done.done else "")
    return _to(request, _back(request, done))


@require_POST
@login_required
def cancel(request: Request, identifier: str) -> HttpResponse:
    """Stop what is running; what it did until then stays, and can be undone."""
    found = _find(request, identifier)
    try:
        undoing.cancel_changes(found)
    except RuleBroken as broken:
        toast(request, str(broken.message), tone="bad")
    return _to(request, found.url)


def _find(request: Request, identifier: str) -> ChangeSet:
    found = change_set_called(identifier, request.user)
    if found is None:
        raise Http404
    return found


def _told(undo: ChangeSet, were: Records, user: User) -> str:
    count = undo.kept + undo.refused
    if not count:
        return undone_in_words(undo, were, user)
    if not undo.done:
        return _("Nothing was undone. Here is why.")
    return ngettext("Undone, but for %s row.", "Undone, but for %s rows.", count) % fmt.number(
        count
    )


def _back(request: Request, undo: ChangeSet) -> str:
    """Where one sees what the undo did: the record that is back, or the page one was at; of a
    record that is gone, another one that it touched.
    """
    undone = undo.undoes.kind if undo.undoes else ""
    named = names_of(undo, request.user)
    if undo.kept or undo.refused or not named or undone == ChangeSet.Kind.RESTORE:
        return undo.url
    if undone == ChangeSet.Kind.DELETE and len(named) == 1:
        return named[0][1]
    said = parted(request.headers.get("Referer", ""))
    if undo.undoes and brought_in(undo.undoes, said.path):
        return next((url for _name, url in named if url), undo.url)
    is_ours = said.netloc == request.get_host() and said.path.startswith("/")
    return said.path + (f"?{said.query}" if said.query else "") if is_ours else undo.url


def _to(request: Request, url: str) -> HttpResponse:
    if request.htmx:
        response = swap(request, "records/_gone.html", otherwise=url)
        response["HX-Redirect"] = url
        return response
    return swap(request, "records/_gone.html", otherwise=url)
