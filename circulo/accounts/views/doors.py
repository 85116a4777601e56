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
from circulo.accounts.rights import Reach, RoleName
from circulo.web import page, swap

View = Callable[..., HttpResponse]
# Pages of the settings that belong to a higher app.
ELSEWHERE = {
    "demo": "desk:demo",
    "calendar": "agenda:feed_settings",
    "booking": "agenda:booking",
    "fields": "records:fields",
    "merging": "parties:merging",
    "letterhead": "documents:letterhead",
    "prices": "catalog:prices",
    "taxes": "catalog:taxes",
    "topics": "needs:topics",
    "interviews": "needs:interviews",
    "pipelines": "sales:pipelines",
    "territories": "desk:territories",
    "quotes": "quotes:settings",
    "leads": "leads:receiving",
    "forms": "leads:forms",
}


def open_to(*roles: str) -> Callable[[View], View]:
    """Only people of these roles get in; everybody else is refused, and that is on record."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            user = cast(User, request.user)
            if user.role_id not in roles:
                actions.audit(Audit.What.DENIED, by=user, about=request.path)
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return login_required(guarded)

    return guard


admin_required = open_to(RoleName.ADMIN)
auditor_required = open_to(RoleName.ADMIN, RoleName.AUDITOR)


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
        ("notices", _("Notifications"), "bell", _("Of what you are told, here and by e-mail")),
        ("calendar", _("Calendar"), "calendar-days", _("Your agenda in other programs")),
        ("booking", _("Booking page"), "calendar-check", _("Others take an hour of yours")),
        ("tokens", _("API tokens"), "key-round", _("Keys with which programs act for you")),
    ]
    house = [
        ("firm", _("Firm"), "building-2", _("Name, country, currency, language")),
        ("letterhead", _("Letterhead"), "mailbox", _("Address, logo and paper of your letters")),
        ("users", _("Users"), "users", _("Who works here, with which role, in which team")),
        ("teams", _("Teams"), "network", _("Who works with whom, as a tree")),
        ("territories", _("Territories"), "map", _("How the market is divided, by rules")),
        ("roles", _("Roles"), "shield-check", _("Who may do what with which records")),
        (
            "fields",
            _("Own fields"),
            "list-plus",
            _("What you note of contacts, companies and sales"),
        ),
        ("leads", _("Leads"), "inbox", _("How they are scored, to whom they go, how soon")),
        ("forms", _("Forms"), "clipboard-list", _("On your site: whoever writes becomes a lead")),
        ("pipelines", _("Pipelines"), "columns-3", _("Stages of your deals, why they end")),
        ("quotes", _("Quotes"), "file-pen-line", _("Who approves which, and how they look")),
        ("prices", _("Prices"), "tags", _("Price lists, and the rules that change prices")),
        ("taxes", _("Taxes"), "percent", _("Tax rates and exchange rates, by day")),
        ("topics", _("Topics"), "lightbulb", _("What you want to know of your customers")),
        (
            "interviews",
            _("Interviews"),
            "clipboard-list",
            _("How you ask them, and in which order"),
        ),
        ("merging", _("Duplicates"), "copy", _("What is merged without anybody's look")),
        ("log", _("Log"), "scroll-text", _("Who entered, who was refused, who changed rights")),
    ]
    if user.is_admin and actions.demo_people():
        house.append(("demo", _("The demo firm"), "sparkles", _("Made up to look around in")))
    open_to_them = [place for place in house if user.is_admin or _is_theirs(place[0], user)]
    return [_place(*place, is_own=place in own) for place in own + open_to_them]


def _is_theirs(name: str, user: User) -> bool:
    """Whether a page of the house is open to this person, who is no administrator."""
    if name == "forms":
        return user.role_id == RoleName.MARKETER
    if name in ("prices", "taxes"):
        return user.reach("products", "edit") == Reach.ALL
    return name == "log" and user.role_id == RoleName.AUDITOR


def _place(name: str, label: str, mark: str, about: str, *, is_own: bool) -> dict[str, Any]:
    url = reverse(ELSEWHERE.get(name, f"accounts:{name}"))
    return {
        "name": name, "label": label, "mark": mark, "about": about, "url": url, "own": is_own
    }  # fmt: skip
