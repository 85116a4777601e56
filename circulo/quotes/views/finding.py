"""Finding the quote that an address names, and going back to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse

from circulo.lib.errors import Invalid, RuleBroken
from circulo.quotes.models import Quote
from circulo.quotes.selectors.quotes import may_do, seen_quote
from circulo.records.undo_links import undo_url
from circulo.web import Request, swap, toast

T = TypeVar("T")


def find(request: Request, identifier: str, act: str = "view") -> Quote:
    """The quote; 404 where it is not seen, 403 where it may not be changed."""
    quote = seen_quote(request.user, identifier)
    if quote is None:
        raise Http404
    if act != "view" and not may_do(request.user, quote, act):
        raise PermissionDenied
    return quote


def did(
    request: Request, quote: Quote, act: Callable[[], object], said: str, *, undoes: bool = False
) -> HttpResponse:
    """Do it and say so; or say what a rule had against it."""
    try:
        act()
        toast(request, said, undo=undo_url() if undoes else "")
    except RuleBroken as refusal:
        toast(request, refusal.message, tone="bad")
    except Invalid as invalid:
        toast(request, str(next(iter(invalid.fields.values()))), tone="bad")
    return back(request, quote)


def tried(request: Request, act: Callable[[], T]) -> T | None:
    """What an act comes to; None where a rule had something against it, which is said."""
    try:
        return act()
    except RuleBroken as refusal:
        toast(request, refusal.message, tone="bad")
        return None


def back(request: Request, quote: Quote) -> HttpResponse:
    """To the page of the quote."""
    return swap(request, "records/_gone.html", otherwise=quote.get_absolute_url())
