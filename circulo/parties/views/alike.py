"""What helps while somebody types: who may be the same, whether a tax id fits, names to choose."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_GET, require_POST

from circulo.accounts.models import User
from circulo.lib import emails, names, phones, taxids
from circulo.lib import format as fmt
from circulo.lib.errors import Invalid
from circulo.parties.doubts import phone_doubts
from circulo.parties.drafts import MOST_POINTS
from circulo.parties.models import Party, PartyKind
from circulo.parties.searching import search_parties
from circulo.parties.selectors import possible_duplicates
from circulo.web import Request, page
from circulo.web.asking import words

MOST_TYPED, MOST_NAMES = 200, 12
_OF = {"contact": PartyKind.PERSON, "company": PartyKind.ORGANISATION}


@require_POST
@login_required
def duplicates(request: Request) -> HttpResponse:
    """The parties that what is typed may already be."""
    typed = request.POST
    name = " ".join(
        filter(None, (typed.get(part, "").strip()[:MOST_TYPED]
                      for part in ("given_name", "first_surname", "second_surname", "name")))
    )  # fmt: skip
    values = {
        "emails": [{"value": text} for text in typed.getlist("emails_value")[:10]],
        "phones": [{"value": text} for text in typed.getlist("phones_value")[:10]],
        "tax_id": typed.get("tax_id", ""),
        "tax_country": typed.get("tax_country", ""),
    }
    found = possible_duplicates(
        request.user,
        name=name.replace("\0", ""),
        points=_points(values),
        tax_id=_tax_id(values),
        with_slips=True,
    )
    alike = [party for party in found if party.public_id != typed.get("self")]
    return page(request, "parties/_alike.html", alike=alike)


@require_POST
@login_required
def tax_id(request: Request) -> HttpResponse:
    """Whether a tax id fits its country."""
    return page(request, "parties/_tax_id.html", verdict=verdict_on(
        request.POST.get("tax_country", ""), request.POST.get("tax_id", "")))  # fmt: skip


@require_POST
@login_required
def phone_numbers(request: Request) -> HttpResponse:
    """Which of the numbers that are typed do not look complete."""
    typed = [text[:MOST_TYPED] for name in ("phones_value", "faxes_value", "phone")
             for text in request.POST.getlist(name)[:MOST_POINTS]]  # fmt: skip
    return page(request, "parties/_phone_doubts.html", doubts=phone_doubts(typed))


@require_POST
@login_required
def split_name(request: Request) -> HttpResponse:
    """The parts of a whole name that was pasted into one field."""
    name = names.split(request.POST.get("name", "")[:MOST_TYPED], fmt.current().country)
    return JsonResponse(
        {
            "given_name": name.given,
            "first_surname": name.first_surname,
            "second_surname": name.second_surname,
            "title": name.title,
        }
    )


@require_GET
@login_required
def known_names(request: Request) -> HttpResponse:
    """Names to choose from as somebody types one, of contacts or companies alone where one asks.

    Those of one name are told apart by the addresses of their pages, where a field takes these.
    """
    named = request.GET.get("named", "")
    text = words(request.GET, named or "company_name") or words(request.GET, "other")
    kind = _OF.get("company" if "company_name" in request.GET else request.GET.get("of", ""))
    found = search_parties(request.user, text[:MOST_TYPED], limit=MOST_NAMES * (3 if kind else 1))
    found = [party for party in found if kind in (None, party.kind)][:MOST_NAMES]
    names = Counter(party.name for party in found) if named else Counter()
    return page(request, "parties/_names.html", found=[
        (party, party.get_absolute_url() if names[party.name] > 1 else party.name)
        for party in found
    ])  # fmt: skip


def surely_alike(user: User, said: dict[str, Any]) -> list[Party]:
    """The parties with the same e-mail, phone or tax id as what is about to be added."""
    return possible_duplicates(user, points=_points(said), tax_id=_tax_id(said))


def verdict_on(country: str, text: str) -> taxids.TaxId | None:
    """What a tax id is, or nothing while none is typed."""
    return taxids.check(country[:2].upper(), text.strip()) if text.strip() else None


def _tax_id(said: dict[str, Any]) -> str:
    verdict = verdict_on(str(said.get("tax_country", "")), str(said.get("tax_id", "")))
    return verdict.value if verdict and len(verdict.value) > 3 else ""


def _points(said: dict[str, Any]) -> list[str]:
    """The addresses and numbers as they are stored, those that are complete."""
    points = [_email(row["value"]) for row in said.get("emails", ())]
    for row in said.get("phones", ()):
        phone = phones.parse(row["value"].strip(), fmt.current().country)
        points.append(phone.e164 if phone and phone.is_valid else "")
    return [point for point in points if point]


def _email(text: str) -> str:
    try:
        return emails.normalise(text)
    except Invalid:
        return ""
