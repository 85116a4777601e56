"""Who may open a page, and what the settings pages share."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from circulo.accounts import actions
from circulo.accounts.models import Audit, User
from circulo.web import page, swap

View = Callable[..., HttpResponse]


def admin_required(view: View) -> View:
    """Only administrators get in; everybody else is refused, and that is on record."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        user = cast(User, request.user)
        if not user.is_admin:
            actions.audit(Audit.What.DENIED, by=user, about=request.path)
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return login_required(guarded)


def local_path(target: str) -> str:
    """A page of ours to go to, whatever an address says; the start where it is none."""
    is_ours = target.startswith("/") and url_has_allowed_host_and_scheme(target, allowed_hosts=None)
    return target if is_ours else "/"


def go(request: HttpRequest, to: str, *args: str) -> HttpResponse:
    """Go to a page, and say there what is to be said."""
    return swap(request, "", otherwise=resolve_url(to, *args))


def settings_page(
    request: HttpRequest, template: str, *, here: str, status: int = 200, **context: Any
) -> HttpResponse:
    """A page of the settings, with the way to the others."""
    tabs = [tab | {"current": tab["name"] == here} for tab in places(cast(User, request.user))]
    return page(request, template, status=status, tabs=tabs, **context)


def places(user: User) -> list[dict[str, Any]]:
    """The pages of the settings that a person may open."""
    own = [
        ("profile", _("Profile"), "user", _("Name, language, region, time zone, look")),
        ("security", _("Password and sessions"), "lock", _("Your password and your browsers")),
        ("tokens", _("API tokens"), "key-round", _("Keys with which programs act for you")),
    ]
    house = [
        ("firm", _("Firm"), "building-2", _("Name, country, currency, language")),
        ("users", _("Users"), "users", _("Who works here, with which role, in which team")),
        ("teams", _("Teams"), "network", _("Who works with whom, as a tree")),
        ("roles", _("Roles"), "shield-check", _("Who may do what with which records")),
        ("log", _("Log"), "scroll-text", _("Who entered, who was refused, who changed rights")),
    ]
    if actions.demo_people():
        house.append(("demo", _("The demo firm"), "sparkles", _("Made up to look around in")))
    shown = own + (house if user.is_admin else [])
    return [_place(*place, is_own=place in own) for place in shown]


def _place(name: str, label: str, mark: str, about: str, *, is_own: bool) -> dict[str, Any]:
    url = reverse("desk:demo" if name == "demo" else f"accounts:{name}")
    return {
        "name": name, "label": label, "mark": mark, "about": about, "url": url, "own": is_own
    }  # fmt: skip
