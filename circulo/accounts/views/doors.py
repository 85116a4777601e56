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
    "colours": "sales:colours",
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
    return page(request, template, status=status, themes=themes(request.user, here), **context)


def themes(user: Any, here: str = "") -> list[dict[str, Any]]:
    """The pages of the settings that a person may open, by theme; empty ones are left out."""
    found = []
    for name, label, mark, pages in _themes(user):
        shown = [_place(*one, here) for one in pages if name == "own" or _is_theirs(one[0], user)]
        if shown:
            found.append({"name": name, "label": label, "mark": mark, "places": shown})
    return found


Place = tuple[str, str, str, str]


def _themes(user: User) -> list[tuple[str, str, str, list[Place]]]:
    """Every theme: its name, label and mark, and its pages with what each is about."""
    own = [
        ("profile", _("Profile"), "user", _("Name, language, region, time zone, look")),
        ("security", _("Password and sessions"), "lock", _("Your password and your browsers")),
        ("notices", _("Notifications"), "bell", _("Of what you are told, here and by e-mail")),
        ("calendar", _("Calendar"), "calendar-days", _("Your agenda in other programs")),
        ("booking", _("Booking page"), "calendar-check", _("Others take an hour of yours")),
        ("tokens", _("API tokens"), "key-round", _("Keys with which programs act for you")),
    ]
    people = [
        ("users", _("Users"), "users", _("Who works here, with which role, in which team")),
        ("teams", _("Teams"), "network", _("Who works with whom, as a tree")),
        ("roles", _("Roles"), "shield-check", _("Who may do what with which records")),
        ("territories", _("Territories"), "map", _("How the market is divided, by rules")),
        ("log", _("Log"), "scroll-text", _("Who entered, who was refused, who changed rights")),
    ]
    known = [
        ("fields", _("Own fields"), "list-plus",
         _("What you note of contacts, companies and sales")),
        ("merging", _("Duplicates"), "copy", _("What is merged without anybody's look")),
        ("topics", _("Topics"), "lightbulb", _("What you want to know of your customers")),
        ("interviews", _("Interviews"), "clipboard-list",
         _("How you ask them, and in which order")),
    ]  # fmt: skip
    sales = [
        ("leads", _("Leads"), "inbox", _("How they are scored, to whom they go, how soon")),
        ("forms", _("Forms"), "clipboard-list", _("On your site: whoever writes becomes a lead")),
        ("pipelines", _("Pipelines"), "columns-3", _("Stages of your deals, why they end")),
        ("colours", _("Colours of deals"), "palette", _("Which deals stand out, and why")),
        ("quotes", _("Quotes"), "file-pen-line", _("Who approves which, and how they look")),
        ("prices", _("Prices"), "tags", _("Price lists, and the rules that change prices")),
        ("taxes", _("Taxes"), "percent", _("Tax rates and exchange rates, by day")),
    ]
    house = [
        ("firm", _("Firm"), "building-2", _("Name, country, currency, language")),
        ("letterhead", _("Letterhead"), "mailbox", _("Address, logo and paper of your letters")),
        *_demo(user),
    ]
    return [
        ("own", _("Your own"), "user", own),
        ("house", _("The house"), "building-2", house),
        ("people", _("People and rights"), "users", people),
        ("sales", _("Sales"), "target", sales),
        ("known", _("What you know of customers"), "contact", known),
    ]


def _demo(user: User) -> list[Place]:
    if not user.is_admin or not actions.demo_people():
        return []
    return [("demo", _("The demo firm"), "sparkles", _("Made up to look around in"))]


def _is_theirs(name: str, user: User) -> bool:
    """Whether a page of the house is open to this person."""
    if user.is_admin:
        return True
    if name == "forms":
        return user.role_id == RoleName.MARKETER
    if name in ("prices", "taxes"):
        return user.reach("products", "edit") == Reach.ALL
    return name == "log" and user.role_id == RoleName.AUDITOR


def _place(name: str, label: str, mark: str, about: str, here: str) -> dict[str, Any]:
    url = reverse(ELSEWHERE.get(name, f"accounts:{name}"))
    return {
        "name": name, "label": label, "mark": mark, "about": about, "url": url,
        "current": name == here,
    }  # fmt: skip
