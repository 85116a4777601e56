"""What administrators decide: the firm, users, teams and roles."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from circulo.accounts import actions, selectors
from circulo.accounts.forms import FirmForm, InviteForm, TeamForm, UserForm
from circulo.accounts.models import ROLE_LABELS, Audit, OneTimeLink, Role, Team, User
from circulo.accounts.rights import FLAGS, REACHES, Reach, RoleName, kinds
from circulo.accounts.views.doors import admin_required, auditor_required, go, settings_page
from circulo.lib import ids
from circulo.lib.errors import Invalid, RuleBroken
from circulo.lib.later import later
from circulo.web import Request, toast

MAILED = "mailed"


@require_http_methods(["GET", "POST"])
@admin_required
def firm(request: Request) -> HttpResponse:
    """The organisation that this installation serves."""
    known = selectors.firm()
    initial = {name: getattr(known, name) for name in FirmForm.base_fields}
    form = FirmForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        actions.change_firm(form.cleaned_data, by=request.user)
        toast(request, _("The firm was saved."))
        return go(request, "accounts:firm")
    status = 422 if form.is_bound else 200
    return settings_page(request, "accounts/firm.html", here="firm", status=status, form=form)


@require_GET
@admin_required
def users(request: Request) -> HttpResponse:
    """Everybody who works here."""
    return settings_page(
        request, "accounts/users.html", here="users", rows=selectors.users(), form=InviteForm()
    )


@require_POST
@admin_required
def invite_user(request: Request) -> HttpResponse:
    """Give somebody an account, with a link to choose a password."""
    form, link = InviteForm(request.POST), ""
    if form.is_valid():
        try:
            link = _invited(request, form.cleaned_data)
        except Invalid as refusal:
            form.tell(refusal)
    if link == MAILED:
        return go(request, "accounts:users")
    return settings_page(
        request, "accounts/users.html", here="users", status=200 if link else 422,
        rows=selectors.users(), form=InviteForm() if link else form, link=link,
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("password")
@admin_required
def user(request: Request, key: str) -> HttpResponse:
    """Change somebody's name, address, role or team, or keep them out."""
    person = get_object_or_404(selectors.users(), pk=ids.decode("user", key))
    form = UserForm(request.POST if request.method == "POST" else None, initial=_known(person))
    if request.method == "POST" and form.is_valid() and _may_change_address(request, form, person):
        values = {name: form.cleaned_data[name] for name in _known(person)}
        values["role"] = Role(name=values["role"])
        if _went_well(form, lambda: actions.change_user(person, values, by=request.user)):
            toast(request, _("%(name)s was saved.") % {"name": person.name})
            return go(request, "accounts:users")
    status = 422 if form.is_bound else 200
    return _user_page(request, person, form, status=status)


@require_POST
@admin_required
def send_link(request: Request, key: str) -> HttpResponse:
    """Make a new one-time link for somebody, shown to the administrator."""
    person = get_object_or_404(selectors.users().filter(is_active=True), pk=ids.decode("user", key))
    link = actions.make_link(person, OneTimeLink.Purpose.INVITATION, by=request.user)
    return _user_page(request, person, UserForm(initial=_known(person)), link=link)


@require_http_methods(["GET", "POST"])
@admin_required
def teams(request: Request) -> HttpResponse:
    """The tree of teams, and a new one."""
    form = TeamForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        if _went_well(form, lambda: actions.add_team(**values, by=request.user)):
            toast(request, _("The team was added."))
            return go(request, "accounts:teams")
    status = 422 if form.is_bound else 200
    return settings_page(
        request, "accounts/teams.html", here="teams", status=status, form=form,
        tree=selectors.team_tree(),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@admin_required
def team(request: Request, key: str) -> HttpResponse:
    """Rename a team, or put it below another one."""
    one = get_object_or_404(Team, pk=ids.decode("team", key))
    initial = {"name": one.name, "parent": one.parent}
    form = TeamForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        if _went_well(
            form,
            lambda: actions.change_team(
                one, values["name"], below=values["parent"], by=request.user
            ),
        ):
            toast(request, _("The team was saved."))
            return go(request, "accounts:teams")
    status = 422 if form.is_bound else 200
    return settings_page(
        request,
        "accounts/team.html",
        here="teams",
        status=status,
        form=form,
        team=one,
        key=key,
    )


@require_POST
@admin_required
def remove_team(request: Request, key: str) -> HttpResponse:
    """Take away a team that nobody and nothing belongs to."""
    one = get_object_or_404(Team, pk=ids.decode("team", key))
    try:
        actions.remove_team(one, by=request.user)
    except RuleBroken as broken:
        toast(request, broken.message, tone="bad")
        return go(request, "accounts:team", key)
    toast(request, _("The team was removed."))
    return go(request, "accounts:teams")


@require_GET
@admin_required
def roles(request: Request) -> HttpResponse:
    """Every role, with what it may do."""
    rows = [(role, ROLE_LABELS[RoleName(role.pk)]) for role in selectors.roles()]
    return settings_page(request, "accounts/roles.html", here="roles", rows=rows)


@require_http_methods(["GET", "POST"])
@admin_required
def role(request: Request, name: str) -> HttpResponse:
    """The matrix of one role: which kinds of record it may do what with, and what it cannot see."""
    one = get_object_or_404(Role, pk=name)
    refusal = None
    if request.method == "POST":
        try:
            actions.change_role(name, **_matrix(request), by=request.user)
        except (Invalid, RuleBroken, ValueError) as broken:
            refusal = broken
        else:
            toast(request, _("The role was saved."))
            return go(request, "accounts:role", name)
    status = 409 if refusal else 200
    return settings_page(
        request, "accounts/role.html", here="roles", status=status, role=one, refusal=refusal,
        rows=selectors.rights_of(one), reaches=selectors.REACH_LABELS,
    )  # fmt: skip


@require_GET
@auditor_required
def log(request: Request) -> HttpResponse:
    """The latest of the audit log."""
    lines = Audit.objects.visible_to(request.user).order_by("-at", "-id")[:200]
    return settings_page(request, "accounts/log.html", here="log", lines=lines)


def _invited(request: Request, values: dict[str, Any]) -> str:
    """Add the user and mail the link, or give it to the administrator to hand over."""
    send = values.pop("send")
    person = actions.add_user(**values, by=request.user)
    if not send:
        return actions.make_link(person, OneTimeLink.Purpose.INVITATION, by=request.user)
    later("accounts.mail_link", user_id=person.pk, purpose="invitation")
    toast(request, _("%(name)s will get a mail.") % {"name": person.name})
    return MAILED


def _known(person: User) -> dict[str, Any]:
    """What the form of a person shows and changes."""
    names = ("email", "name", "team", "is_active")
    return {name: getattr(person, name) for name in names} | {"role": person.role_id}


def _user_page(
    request: Request, person: User, form: UserForm, *, status: int = 200, link: str = ""
) -> HttpResponse:
    told = {"person": person, "key": person.opaque, "form": form, "link": link}
    return settings_page(request, "accounts/user.html", here="users", status=status, **told)


def _may_change_address(request: Request, form: UserForm, person: User) -> bool:
    """Who changes the address that somebody logs in with shows that it is really them."""
    values = form.cleaned_data
    if values["email"].strip().lower() == person.email:
        return True
    if actions.is_password_of(request.user, values["password"]):
        return True
    form.add_error("password", _("To change the address, write your own present password."))
    return False


def _went_well(form: Any, act: Any) -> bool:
    """Do it; show on the form what a rule had against it."""
    try:
        act()
    except (Invalid, RuleBroken) as refusal:
        form.tell(refusal)
        return False
    return True


def _matrix(request: Request) -> dict[str, Any]:
    """The rights and hidden fields that the matrix was sent with."""
    rights: dict[str, dict[str, Any]] = {}
    hidden: dict[str, list[str]] = {}
    for kind in kinds():
        said = {act: request.POST.get(f"{kind}.{act}", Reach.NONE) for act in REACHES}
        ticked = {act: f"{kind}.{act}" in request.POST for act in FLAGS}
        rights[kind] = {**{act: Reach(value) for act, value in said.items()}, **ticked}
        hidden[kind] = request.POST.getlist(f"{kind}.hidden")
    return {"rights": rights, "hidden": hidden}
