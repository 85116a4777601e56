"""The page of a quote, the forms that begin and change one, its document and its changes."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from circulo.catalog.forms.lines import LinesForm
from circulo.lib import ids
from circulo.lib.errors import Invalid, RuleBroken
from circulo.parties.models import Party
from circulo.parties.selectors import party_seen
from circulo.quotes import actions, drafts
from circulo.quotes.drafts import Draft
from circulo.quotes.forms import NewQuoteForm, NotesForm, QuoteForm, initial_of
from circulo.quotes.models import Quote
from circulo.quotes.selectors.document import sheet_for
from circulo.quotes.selectors.quotes import goods_of, may_do
from circulo.quotes.sheet import page_of
from circulo.quotes.views.finding import back, find
from circulo.records.actions.once import make_once
from circulo.records.history import history_of
from circulo.records.undo_links import undo_url
from circulo.records.views.putting_back import put_line_back
from circulo.sales.selectors.deals import may_do as may_do_deal
from circulo.sales.selectors.deals import seen_deal
from circulo.web import Request, page, swap, toast
from circulo.web.meeting import save_together


@require_GET
@login_required
def show(request: Request, identifier: str) -> HttpResponse:
    """A quote, whole."""
    return _shown(request, find(request, identifier))


@require_http_methods(["GET", "POST"])
@login_required
def new(request: Request) -> HttpResponse:
    """Begin a quote for somebody."""
    if not request.user.may("quotes", "create"):
        raise PermissionDenied
    key = ids.decode("party", request.GET.get("party", ""))
    party = get_object_or_404(Party.objects.visible_to(request.user), pk=key) if key else None
    begin = {"other": party.name if party else ""}
    form = NewQuoteForm(request.user, request.POST or None, initial=begin)
    named = request.POST.get("other_id") or (party.public_id if party else "")
    if request.method == "POST" and form.is_valid():
        try:
            quote = _begun(request, form)
        except Invalid as invalid:
            form.refuse(invalid)
        else:
            toast(request, _("Quote %s is begun.") % quote.called)
            return redirect(f"{quote.get_absolute_url()}?lines=new")
    status = 422 if form.is_bound else 200
    return page(request, "quotes/new.html", status=status, form=form, other_id=named)


@require_POST
@login_required
def of_deal(request: Request, identifier: str) -> HttpResponse:
    """Begin a quote of what a deal is about."""
    deal = seen_deal(request.user, identifier)
    if deal is None:
        raise Http404
    if not (request.user.may("quotes", "create") and may_do_deal(request.user, deal, "edit")):
        raise PermissionDenied
    try:
        quote = actions.quote_deal(deal, by=request.user)
    except RuleBroken as refusal:
        toast(request, refusal.message, tone="bad")
        return swap(request, "records/_gone.html", otherwise=deal.get_absolute_url())
    toast(request, _("Quote %s is begun.") % quote.called)
    return swap(request, "records/_gone.html", otherwise=quote.get_absolute_url())


@require_http_methods(["GET", "POST"])
@login_required
def edit(request: Request, identifier: str) -> HttpResponse:
    """Change what stands on a draft beside its lines; of one that was sent its own fields."""
    quote = find(request, identifier, "edit")
    party = party_seen(request.user, quote.party_id)
    begin = initial_of(request.user, quote, party)
    form_of = NotesForm if quote.sent_at else QuoteForm
    form = form_of(
        request.user, request.POST or None, request.FILES or None, quote=quote, initial=begin
    )

    def drawn(status: int) -> HttpResponse:
        named = form.data.get("other_id") or (party.public_id if party else "")
        template = "quotes/notes.html" if quote.sent_at else "quotes/form.html"
        return page(request, template, status=status, form=form, quote=quote, other_id=named)

    def save() -> None:
        draft = drafts.read(form.said(), by=request.user, quote=quote)
        actions.change_quote(quote, draft, by=request.user, version=quote.version)

    if request.method == "GET":
        return drawn(200)
    unsaved = save_together(
        request, form, save, of=quote, show=drawn, again=lambda: edit(request, identifier)
    )
    if unsaved is not None:
        return unsaved
    toast(request, _("Saved."), undo=undo_url())
    return back(request, quote)


@require_POST
@login_required
def lines(request: Request, identifier: str) -> HttpResponse:
    """Keep the lines of a draft as they were typed, at the prices of today."""
    quote = find(request, identifier, "edit")
    if not request.user.may("products", "view"):
        raise Http404
    goods = goods_of(request.user, quote)
    form = LinesForm(goods.kept, goods.names, request.POST, request.user)
    if form.asks_for_more:
        return _shown(request, quote, form)
    try:
        draft = Draft(lines=form.wanted(), lines_seen=form.seen)
        actions.change_quote(quote, draft, by=request.user)
    except Invalid as invalid:
        form.refuse(next(iter(invalid.fields.values())))
        return _shown(request, quote, form, status=422)
    except RuleBroken as refusal:
        form.refuse(refusal.message)
        return _shown(request, quote, form, status=409)
    toast(request, _("The lines were saved."), undo=undo_url())
    where = f"{quote.get_absolute_url()}?lines={form.moved or 'new'}"
    return swap(request, "records/_gone.html", otherwise=where)


@require_GET
@login_required
def pdf(request: Request, identifier: str) -> HttpResponse:
    """The document that was sent, or how a draft would look."""
    quote = find(request, identifier)
    answer = HttpResponse(sheet_for(quote, request.user), content_type="application/pdf")
    name = quote.called.replace("/", "-")
    answer.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return answer


@require_GET
@login_required
def changes(request: Request, identifier: str) -> HttpResponse:
    """Who changed what of this quote, when, from what to what and through what."""
    quote = find(request, identifier)
    history = history_of(request.user, "quote", quote.pk, request.GET.get("before", ""))
    may_edit = quote.is_draft and may_do(request.user, quote, "edit")
    return page(request, "quotes/changes.html", quote=quote, history=history, may_edit=may_edit)


@require_POST
@login_required
def put_back(request: Request, identifier: str, line: str) -> HttpResponse:
    """Give a field of a draft the value that it had before a change."""
    quote = find(request, identifier, "edit")
    if not quote.is_draft:
        raise PermissionDenied
    return put_line_back(
        request, "quote", quote.pk, line, back=f"{quote.get_absolute_url()}/changes"
    )


def _begun(request: Request, form: NewQuoteForm) -> Quote:
    """The quote of a form, once however often it is sent."""
    draft = drafts.read(form.said(), by=request.user)
    key = make_once(
        request.POST.get("once", ""),
        lambda: actions.add_quote(draft, by=request.user).pk,
        by=request.user,
    )
    return get_object_or_404(Quote.objects.visible_to(request.user), pk=key)


def _shown(
    request: Request, quote: Quote, lines_form: LinesForm | None = None, *, status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = page_of(request.user, quote, lines_form)
    context["focus_lines"] = request.GET.get("lines", "")
    return page(request, "quotes/quote.html", status=status, **context)
