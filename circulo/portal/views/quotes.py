"""The page on which a customer sees a quote, asks, and accepts or refuses it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from circulo.accounts.actions import within
from circulo.accounts.actions.attempts import key
from circulo.lib import origin
from circulo.lib.acting import acting
from circulo.lib.errors import Invalid, RuleBroken
from circulo.portal.forms import AcceptForm, CommentForm, RefuseForm
from circulo.portal.readers import is_reader
from circulo.portal.views.papers import paper_of
from circulo.quotes import actions
from circulo.quotes.actions.answering import Said
from circulo.quotes.models import Quote
from circulo.quotes.selectors.document import sheet_for
from circulo.quotes.selectors.on_line import comments_of, lines_of, opened, sums_of
from circulo.quotes.speaking import speak
from circulo.web import page as whole_page

GONE = 410
MOST_ACTS, HOUR = 30, timedelta(hours=1)
FORMS: dict[str, type[forms.Form]] = {
    "accept": AcceptForm, "refuse": RefuseForm, "comment": CommentForm,
}  # fmt: skip
Act = Callable[[Quote, Said], object]
ACTS: dict[str, Act] = {
    "accept": actions.accept_quote, "refuse": actions.refuse_quote,
    "comment": actions.comment_quote,
}  # fmt: skip


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def quote(request: HttpRequest, token: str) -> HttpResponse:
    """A quote as its customer sees it, and what they say to it."""
    found = _find(token)
    if found.status == Quote.Status.REPLACED:
        return _replaced(request, found, token)
    if request.method == "POST":
        return _answer(request, found, token)
    if is_reader(request):
        with acting(None, "portal"):
            actions.note_seen(found)
    return _page(request, found, token, done=request.GET.get("said", ""))


@never_cache
@require_GET
def document(request: HttpRequest, token: str) -> HttpResponse:
    """The document of a quote, as it was sent."""
    found = _find(token)
    if found.status == Quote.Status.REPLACED:
        return _replaced(request, found, token)
    answer = HttpResponse(sheet_for(found), content_type="application/pdf")
    name = found.called.replace("/", "-")
    answer.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return _private(answer)


def _find(token: str) -> Quote:
    """The quote that a key opens."""
    found = opened(token)
    if found is None:
        raise Http404
    speak(found.language)
    return found


def _answer(request: HttpRequest, found: Quote, token: str) -> HttpResponse:
    name = request.POST.get("act", "")
    if name not in FORMS:
        raise Http404
    form = FORMS[name](request.POST, auto_id=f"{name}_%s")
    if not form.is_valid():
        return _page(request, found, token, status=422, forms={name: form}, open=name)
    if not within(
        key("quote_acts", origin.network_of(origin.address())), limit=MOST_ACTS, window=HOUR
    ):
        words = _("Too many answers come from your network. Try again in an hour.")
        return _page(request, found, token, status=429, refusal=words)
    said = Said(form.cleaned_data["name"], form.cleaned_data.get("text", ""), origin.address(),
                request.headers.get("User-Agent", ""))  # fmt: skip
    try:
        with acting(None, "portal"):
            ACTS[name](found, said)
    except Invalid as invalid:
        for field, why in invalid.fields.items():
            form.add_error(field if field in form.fields else None, str(why))
        return _page(request, found, token, status=422, forms={name: form}, open=name)
    except RuleBroken as refusal:
        found.refresh_from_db()
        return _page(request, found, token, status=409, refusal=refusal.message)
    where = reverse("portal:quote", args=[token])
    return _private(HttpResponseRedirect(f"{where}?said={name}"))


def _page(
    request: HttpRequest, found: Quote, token: str, *, status: int = 200, **context: Any
) -> HttpResponse:
    given = context.pop("forms", {})
    named = {
        f"{name}_form": given.get(name) or form(auto_id=f"{name}_%s")
        for name, form in FORMS.items()
    }
    answer = whole_page(
        request, "portal/quote.html", status=status, quote=found, token=token,
        **_house(found, token), lines=lines_of(found), sums=sums_of(found),
        comments=comments_of(found), can_answer=found.status == "sent" and not found.is_late,
        is_colleague=request.user.is_authenticated,
        **named, **context,
    )  # fmt: skip
    return _private(answer)


def _replaced(request: HttpRequest, found: Quote, token: str) -> HttpResponse:
    return _private(whole_page(
        request, "portal/quote_replaced.html", status=GONE, quote=found, token=token,
        **_house(found, token),
    ))  # fmt: skip


def _house(found: Quote, token: str) -> dict[str, Any]:
    return paper_of("quote", token, otherwise=found.owner.name)


def _private(answer: HttpResponse) -> HttpResponse:
    """No search engine keeps it, and no other site learns its address.

    Not `no-referrer`: browsers would send the form from nowhere, and it would be refused.
    """
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    answer.headers["Referrer-Policy"] = "same-origin"
    return answer
