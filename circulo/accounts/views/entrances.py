"""Logging in and out, and choosing a password."""

import secrets

from django.conf import settings
from django.contrib.auth import login as begin_session
from django.contrib.auth import logout as end_session
from django.core.signing import BadSignature, dumps, loads
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from circulo.accounts import actions, selectors, sessions
from circulo.accounts.forms import LoginForm, NewPasswordForm, ResetForm
from circulo.accounts.models import Audit, OneTimeLink, User
from circulo.accounts.views.doors import local_path
from circulo.lib import origin, text
from circulo.lib.errors import Invalid, RuleBroken
from circulo.web import page

BACKEND = "circulo.accounts.backends.ByEmail"
FAILED = _(
    "That did not work: wrong e-mail or password, or too many attempts."
    " Wait a minute before you try again."
)
LINK = "link"
DEVICE, A_YEAR = "circulo-device", 365 * 24 * 60 * 60


@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("password")
def login(request: HttpRequest) -> HttpResponse:
    """Log in. Whatever is wrong, the answer is the same."""
    target = local_path(request.POST.get("next") or request.GET.get("next", ""))
    if request.user.is_authenticated and request.method == "GET":
        return redirect(target)
    form = LoginForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        device = _device_of(request, form.cleaned_data["email"])
        user = actions.check_entry(**form.cleaned_data, device=device)
        if user is not None:
            return _entered(request, user, target)
    if form.is_bound:
        form.add_error(None, FAILED)
    status = 401 if form.is_bound else 200
    return page(request, "accounts/login.html", status=status, form=form, next=target)


@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    """Log out, and have the browser forget the pages it kept of us.

    Its storage is left: there what somebody had begun to write waits for them, and only for them;
    what else is private there is cleared by the page that logs out.
    """
    if request.user.is_authenticated:
        actions.audit(Audit.What.LOGGED_OUT, by=request.user)
    end_session(request)
    response = redirect(settings.LOGIN_URL)
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


@require_http_methods(["GET", "POST"])
def ask_for_reset(request: HttpRequest) -> HttpResponse:
    """Ask for a link to choose a new password. The answer is the same for everybody."""
    form = ResetForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        actions.ask_for_reset(form.cleaned_data["email"])
        return page(request, "accounts/reset_asked.html")
    status = 422 if form.is_bound else 200
    return page(request, "accounts/ask_for_reset.html", status=status, form=form)


@require_GET
def open_link(request: HttpRequest, token: str) -> HttpResponse:
    """Take a one-time link from the address into the session, and its digest only.

    So it stands in no log, and in no page that could send it on. Opening it does not use it up.
    """
    link = selectors.usable_link(OneTimeLink.digest_of(token))
    if link is None:
        return page(request, "accounts/link_is_over.html", status=400)
    request.session[LINK] = link.digest
    return redirect("accounts:set_password")


@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("new", "again")
def set_password(request: HttpRequest) -> HttpResponse:
    """Choose a password with the one-time link that was opened."""
    link = selectors.usable_link(request.session.get(LINK, ""))
    if link is None:
        return page(request, "accounts/link_is_over.html", status=400)
    form = NewPasswordForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            user = actions.use_link(link.digest, form.cleaned_data["new"])
        except (Invalid, RuleBroken) as refusal:
            form.tell(refusal)
        else:
            return _entered(request, user, _first_page_of(user))
    status = 422 if form.is_bound else 200
    return page(request, "accounts/set_password.html", status=status, form=form, person=link.user)


@require_http_methods(["GET", "POST"])
def enter_demo(request: HttpRequest, token: str) -> HttpResponse:
    """Enter as somebody of the demo firm, as long as there is one."""
    user = actions.demo_user_of(token)
    if user is None:
        raise Http404
    if request.method == "POST":
        return _entered(request, user, "/")
    people = [(one, actions.demo_path(one)) for one in actions.demo_people()]
    return page(request, "accounts/enter_demo.html", person=user, people=people)


def _entered(request: HttpRequest, user: User, target: str) -> HttpResponse:
    """Begin a session under a new key, and know this browser the next time."""
    begin_session(request, user, backend=BACKEND)
    request.session[sessions.SINCE] = timezone.now().isoformat()
    request.session[sessions.ADDRESS] = origin.address()
    request.session[sessions.AGENT] = text.salvage(request.headers.get("User-Agent", ""), limit=200)
    actions.audit(Audit.What.LOGGED_IN, by=user)
    response = redirect(target)
    device = _device_of(request, user.email) or secrets.token_urlsafe(16)
    known = dumps({"email": user.email, "id": device}, salt=DEVICE)
    response.set_cookie(
        DEVICE, known, A_YEAR, httponly=True, samesite="Lax", secure=settings.SECURE
    )
    return response


def _first_page_of(user: User) -> str:
    """The administrator of a new installation first says what firm it is for."""
    is_new = user.is_admin and not selectors.firm().name
    return reverse("accounts:firm") if is_new else "/"


def _device_of(request: HttpRequest, email: str) -> str:
    """The name of this browser, where it has been in this account before."""
    try:
        known = loads(request.COOKIES.get(DEVICE, ""), salt=DEVICE, max_age=A_YEAR)
    except BadSignature:
        return ""
    return str(known["id"]) if known["email"] == email.strip().lower() else ""
