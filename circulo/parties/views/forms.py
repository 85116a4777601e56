"""Adding and editing contacts and companies; two people who edit at once are brought together."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from circulo.lib import format as fmt
from circulo.lib import ids
from circulo.lib.errors import Invalid, Stale
from circulo.parties import snapshots
from circulo.parties.forms import ABOUT, WHO, PartyForm
from circulo.parties.models import Party, PartyKind
from circulo.parties.selectors import company_for, party_seen
from circulo.parties.snapshots import Snapshot
from circulo.parties.views import saving
from circulo.parties.views.alike import surely_alike
from circulo.parties.views.finding import find
from circulo.records.actions.once import made_before, make_once
from circulo.records.selectors import last_changed
from circulo.records.undo_links import undo_url
from circulo.web import Request, page, swap, toast

RESOURCES = {"person": "contacts", "organisation": "companies"}


@require_http_methods(["GET", "POST"])
@login_required
def new(request: Request, kind: str) -> HttpResponse:
    """Add a contact or a company."""
    if not request.user.may(RESOURCES[kind], "create"):
        raise PermissionDenied
    form = PartyForm(
        kind, request.user, *_sent(request),
        initial=_beginning(request, kind),
    )  # fmt: skip
    if request.method == "GET" or _grown(request, form):
        return _show(request, form, kind)
    is_good = form.is_valid()
    if is_good and (before := _added_before(request)):
        return _then(request, before)
    form.refuse_besides(saving.faults(request.user, kind, form.cleaned_data))
    alike = surely_alike(request.user, form.cleaned_data)
    if form.errors:
        return _show(request, form, kind, status=422, alike=alike, asks_whether_sure=bool(alike))
    if alike and not request.POST.get("sure"):
        return _show(request, form, kind, status=409, alike=alike, asks_whether_sure=True)
    try:
        party = _added(request, kind, form)
    except Invalid as invalid:
        form.refuse(invalid)
        return _show(request, form, kind, status=422, alike=alike, asks_whether_sure=bool(alike))
    toast(request, _("Added: %s.") % party.name, undo=undo_url())
    return _then(request, party)


@require_http_methods(["GET", "POST"])
@login_required
def edit(request: Request, identifier: str, kind: str) -> HttpResponse:
    """Change a contact or a company."""
    party = find(request, identifier, "edit", kind)
    theirs = saving.snapshot_for(request.user, party)
    form = PartyForm(kind, request.user, *_sent(request), initial=theirs, party=party)
    if request.method == "GET" or _grown(request, form):
        return _show(request, form, kind, party=party)
    chosen = _chosen(request, theirs)
    if chosen is None and not _is_good(request, form, theirs, party):
        return _show(request, form, kind, status=422, party=party)
    said = form.cleaned_data if chosen is None else chosen
    try:
        return _save(request, party, said, theirs)
    except Invalid as invalid:
        if chosen is not None:
            form = PartyForm(kind, request.user, initial=theirs | said, party=party)
            toast(request, str(next(iter(invalid.fields.values()))), tone="bad")
        else:
            form.refuse(invalid)
        return _show(request, form, kind, status=422, party=party)


def _sent(request: Request) -> tuple[Any, Any]:
    """What was sent, which may be nothing at all."""
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def _is_good(request: Request, form: PartyForm, theirs: Snapshot, party: Party) -> bool:
    """Whether nothing is wrong with what a form changes; all that is stands at its fields."""
    form.is_valid()
    mine = _changed(request, form.cleaned_data, theirs)
    form.refuse_besides(saving.faults(request.user, form.kind, mine, party))
    return not form.errors


def _changed(request: Request, said: Snapshot, theirs: Snapshot) -> Snapshot:
    """What of a form was changed, of all that this person is shown of the party."""
    base = snapshots.read(request.POST.get("base", ""))
    told = {name: value for name, value in said.items() if name in theirs}
    return {n: v for n, v in snapshots.changes(told, base).items() if n != "company_name"}


def _added(request: Request, kind: str, form: PartyForm) -> Party:
    """The party that this form makes, once however often it is sent."""

    def make() -> int:
        party = saving.add(request.user, kind, form.cleaned_data)
        form.keep_sent(party.pk)
        return party.pk

    key = make_once(request.POST.get("once", ""), make, by=request.user)
    return get_object_or_404(Party.objects.visible_to(request.user), pk=key)


def _added_before(request: Request) -> Party | None:
    return party_seen(request.user, made_before(request.POST.get("once", ""), by=request.user))


def _save(request: Request, party: Party, said: Snapshot, theirs: Snapshot) -> HttpResponse:
    """Write what was changed, or show what somebody else changed to something different."""
    base = snapshots.read(request.POST.get("base", ""))
    mine = _changed(request, said, theirs)
    clash = snapshots.conflicts(mine, base, theirs)
    if clash:
        return _conflict(request, party, base, {"mine": mine, "theirs": theirs, "names": clash})
    try:
        with transaction.atomic():
            party = saving.change(request.user, party, mine)
    except Stale:
        party = find(request, party.public_id, "edit")
        return _save(request, party, said, saving.snapshot_for(request.user, party))
    toast(request, _("Saved.") if mine else _("Nothing was changed."), undo=undo_url())
    return _then(request, party)


def _conflict(request: Request, party: Party, base: Snapshot, both: dict[str, Any]) -> HttpResponse:
    form = PartyForm(party.kind, request.user, party=party)
    mine, theirs = both["mine"], both["theirs"]
    fields = [
        {
            "name": name,
            "label": _label(form, name),
            "mine": _words(form, name, mine[name]),
            "theirs": _words(form, name, theirs.get(name)),
            "base": _words(form, name, base.get(name)),
        }
        for name in both["names"]
    ]
    return page(
        request,
        "parties/conflict.html",
        status=409,
        party=party,
        fields=fields,
        other=last_changed({"party": [party.pk]}, but_by=request.user).get(("party", party.pk)),
        said=snapshots.write(theirs | mine),
        base=snapshots.write(theirs),
        was=snapshots.write({name: base.get(name) for name in both["names"]}),
        then=request.POST.get("then", ""),
    )


def _chosen(request: Request, theirs: Snapshot) -> Snapshot | None:
    """What the page of a conflict sends: the merged values, field by field mine, theirs
    or as it was before both.
    """
    if "said" not in request.POST:
        return None
    said = snapshots.read(request.POST["said"])
    was = snapshots.read(request.POST.get("was", ""))
    others = {"theirs": theirs, "original": was}
    chosen = {name: others.get(request.POST.get(f"keep_{name}", ""), said) for name in said}
    return {name: chosen[name].get(name) for name in said}


def _label(form: PartyForm, name: str) -> str:
    field = form.fields.get("company_name" if name == "company" else name)
    return str(field.label) if field else name


def _words(form: PartyForm, name: str, value: Any) -> str:
    """A value as the form would show it: the words of a choice, the name of a company."""
    text = snapshots.in_words(value)
    if name == "company" and text:
        company = company_for(form.user, text)
        return company.name if company else text.removeprefix("new:")
    choices = dict(getattr(form.fields.get(name), "choices", ()))
    return str(choices.get(text, text)) if text else ""


def _grown(request: Request, form: PartyForm) -> bool:
    """Whether only more rows were asked for; then nothing is wrong yet."""
    name = request.POST.get("more")
    if name:
        form.grow(name)
    return bool(name)


def _beginning(request: Request, kind: str) -> Snapshot:
    """What a new party begins with: its owner, and what the address that led here says."""
    asked, user = request.GET, request.user
    company = company_for(user, asked.get("company", ""))
    begun: Snapshot = {
        "owner": ids.encode("user", user.pk),
        "tax_country": fmt.current().country,
        "lifecycle": Party.Lifecycle.CONTACT,
        "company": company.public_id if company else "",
        "company_name": company.name if company else "",
    }
    name = asked.get("name", "")[:200]
    return begun | {"given_name" if kind == PartyKind.PERSON else "name": name}


def _show(
    request: Request, form: PartyForm, kind: str, *, status: int = 200, **more: Any
) -> HttpResponse:
    base = form.initial if not form.is_bound else snapshots.read(form.data.get("base", ""))
    context = {
        "form": form,
        "kind": kind,
        "resource": RESOURCES[kind],
        "who": [form[name] for name in WHO[kind] if name in form.fields],
        "about": [form[name] for name in ABOUT if name in form.fields],
        "points": [form[n] for n in ("emails", "phones") if n in form.fields],
        "rarer": [form[n] for n in ("website", "faxes", "social") if n in form.fields],
        "own": form.own_sections,
        "base": snapshots.write(dict(base)),
        "is_sure": bool(request.POST.get("sure")),
        **more,
    }
    return page(request, "parties/form.html", status=status, **context)


def _then(request: Request, party: Party) -> HttpResponse:
    """To the party's page, or on with the same form or a fresh one."""
    page_of = party.get_absolute_url()
    to = {"stay": f"{page_of}/edit", "next": f"/{party.resource}/new"}
    where = to.get(request.POST.get("then", ""), page_of)
    return swap(request, "parties/_done.html", otherwise=where)
