"""A public form: it makes leads, without a login, without JavaScript, without a puzzle.

It sets and reads no cookie, so that it works in the frame of another site; a stamp takes the place
of the token that other forms carry.
"""

from __future__ import annotations

from datetime import timedelta

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from circulo.accounts.actions import within
from circulo.accounts.actions.attempts import key
from circulo.accounts.models import Firm
from circulo.accounts.selectors import firm
from circulo.leads.actions import receive_entry
from circulo.leads.actions.forms import Sent
from circulo.leads.models import WebForm
from circulo.leads.selectors.forms import open_form
from circulo.lib import format as fmt
from circulo.lib import origin
from circulo.lib.addresses import parted
from circulo.lib.headers import POLICY
from circulo.lib.text import salvage
from circulo.portal.public_forms import PublicForm
from circulo.portal.stamps import Verdict, judge, stamp
from circulo.web import page as whole_page

HOUR = timedelta(hours=1)
MOST_OF_ONE, MOST_OF_ALL = 20, 600


@csrf_exempt
@require_http_methods(["GET", "POST"])
def web_form(request: HttpRequest, token: str) -> HttpResponse:
    """The form, and what somebody sends by it."""
    found = open_form(token)
    if found is None:
        raise Http404
    house = firm()
    _speak(found, house)
    answer = _receive(request, found) if request.method == "POST" else _draw(request, found)
    answer.headers["Content-Security-Policy"] = _policy(found)
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


def _receive(request: HttpRequest, found: WebForm) -> HttpResponse:
    form = PublicForm(found, request.POST)
    said = request.POST.get("stamp", "")
    verdict, nonce = judge(said, found.token)
    if not form.is_valid():
        kept = said if verdict in (Verdict.GOOD, Verdict.TOO_QUICK) else ""
        return _draw(request, found, form, status=422, said=kept)
    if verdict is not Verdict.GOOD:
        kept = said if verdict is Verdict.TOO_QUICK else ""
        return _draw(request, found, form, status=422, said=kept, note=_again(verdict))
    network = origin.network_of(origin.address())
    if not within(key("form", network), limit=MOST_OF_ONE, window=HOUR):
        note = _("Very much comes from your network. Try again in an hour: what you wrote is here.")
        return _draw(request, found, form, status=429, said=said, note=note)
    is_flood = not within(key("form of all", found.token), limit=MOST_OF_ALL, window=HOUR)
    doubts = [name for name, is_so in (("trap", form.is_trapped), ("flood", is_flood)) if is_so]
    agent = salvage(request.headers.get("User-Agent", ""), limit=300)
    receive_entry(found, Sent(form.said, form.agreed, nonce, network, agent, tuple(doubts)))
    if found.thanks_url:
        return HttpResponseRedirect(found.thanks_url)
    return whole_page(request, "portal/web_form.html", web_form=found, firm=firm().name, done=True)


def _draw(
    request: HttpRequest,
    found: WebForm,
    form: PublicForm | None = None,
    *,
    status: int = 200,
    said: str = "",
    note: str = "",
) -> HttpResponse:
    """The form; what was written stands in it still, and so does its stamp where that holds."""
    return whole_page(
        request, "portal/web_form.html", status=status, web_form=found, firm=firm().name,
        form=form or PublicForm(found), stamp=said or stamp(found.token), note=note,
    )  # fmt: skip


def _again(verdict: Verdict) -> str:
    """Why it has to be sent once more."""
    if verdict is Verdict.TOO_QUICK:
        return _("That was quick. Look over what you wrote and press the button once more.")
    if verdict is Verdict.TOO_OLD:
        return _("This page was open for long. Press the button once more to send it.")
    return _("Look over what you wrote and press the button to send it.")


def _speak(found: WebForm, house: Firm) -> None:
    """In the language of the form, with the numbers and the clock of the house."""
    locale = fmt.get(house.region, found.language, house.time_zone)
    translation.activate(found.language)
    timezone.activate(locale.zone)
    fmt.activate(locale)


def _policy(found: WebForm) -> str:
    """Who may show it in a frame, and where sending it may lead."""
    parents = " ".join(["'self'", *found.sites])
    page = parted(found.thanks_url)
    after = f" {page.scheme}://{page.netloc}" if found.thanks_url else ""
    return POLICY.replace("frame-ancestors 'none'", f"frame-ancestors {parents}").replace(
        "form-action 'self'", f"form-action 'self'{after}"
    )
