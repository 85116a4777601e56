"""A person's own settings: profile, password, sessions, API tokens."""

from typing import cast

from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.forms import ChoiceField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from circulo.accounts import actions
from circulo.accounts.forms import ChangePasswordForm, ProfileForm, TokenForm
from circulo.accounts.models import ApiToken, Session, User
from circulo.accounts.sessions import digest
from circulo.accounts.views.doors import go, local_path, settings_page, themes
from circulo.lib import ids
from circulo.lib.errors import Invalid
from circulo.web import Request, page, toast

CHOICES, SHORTCUTS = ("theme", "density", "language"), "has_shortcuts"


@require_GET
@login_required
def index(request: Request) -> HttpResponse:
    """Every page of the settings."""
    return page(request, "accounts/settings.html", themes=themes(request.user))


@require_http_methods(["GET", "POST"])
@login_required
def profile(request: Request) -> HttpResponse:
    """How one is called, and how the house looks and speaks."""
    user = request.user
    initial = {name: getattr(user, name) for name in ProfileForm.base_fields}
    form = ProfileForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        actions.change_profile(user, form.cleaned_data)
        toast(request, _("Your profile was saved."))
        return go(request, "accounts:profile")
    status = 422 if form.is_bound else 200
    return settings_page(request, "accounts/profile.html", here="profile", status=status, form=form)


@require_POST
@login_required
def preferences(request: Request) -> HttpResponse:
    """Change theme, rows, language or shortcuts from the user's menu, and stay where one is."""
    good: dict[str, object] = {
        name: request.POST[name] for name in CHOICES if _is_choice(name, request)
    }
    if request.POST.get(SHORTCUTS) in {"0", "1"}:
        good[SHORTCUTS] = request.POST[SHORTCUTS] == "1"
    actions.change_profile(request.user, good)
    if request.headers.get("HX-Request") or request.headers.get("X-Requested-With"):
        return HttpResponse(status=204)
    return go(request, _page_before(request))


@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("old", "new", "again")
@login_required
def security(request: Request) -> HttpResponse:
    """The password, and the browsers that are logged in."""
    form = ChangePasswordForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _changed(request, form):
        toast(request, _("Your password was changed; all other sessions have ended."))
        return go(request, "accounts:security")
    status = 422 if form.is_bound else 200
    here = digest(request.session.session_key)
    found = Session.objects.visible_to(request.user).order_by("-last_seen_at")
    rows = [(one, one.pk == here) for one in found]
    return settings_page(
        request, "accounts/security.html", here="security", status=status, form=form, sessions=rows
    )


@require_POST
@login_required
def end_session(request: Request, key: str) -> HttpResponse:
    """End one session of one's own."""
    session = get_object_or_404(Session.objects.visible_to(request.user), pk=key)
    actions.end_session(session, by=request.user)
    toast(request, _("The session has ended."))
    return go(request, "accounts:security")


@require_POST
@login_required
def end_other_sessions(request: Request) -> HttpResponse:
    """End every session but this one."""
    actions.end_other_sessions(request.user, keep=request.session.session_key or "")
    toast(request, _("All other sessions have ended."))
    return go(request, "accounts:security")


@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("password")
@login_required
def tokens(request: Request) -> HttpResponse:
    """The API tokens of one's own; a new one is shown once."""
    form = TokenForm(request.POST if request.method == "POST" else None)
    new = _new_token(request, form) if request.method == "POST" and form.is_valid() else ""
    status = 422 if form.is_bound and not new else 200
    mine = ApiToken.objects.visible_to(request.user).filter(revoked_at=None)
    rows = [(one, ids.encode("token", one.pk)) for one in mine.order_by("-created_at")]
    shown = TokenForm() if new else form
    return settings_page(
        request, "accounts/tokens.html", here="tokens", status=status, form=shown, new=new,
        tokens=rows,
    )  # fmt: skip


@require_POST
@login_required
def revoke_token(request: Request, key: str) -> HttpResponse:
    """Revoke a token of one's own."""
    mine = ApiToken.objects.visible_to(request.user)
    token = get_object_or_404(mine, pk=ids.decode("token", key))
    actions.revoke_token(token, by=request.user)
    toast(request, _("The token was revoked."))
    return go(request, "accounts:tokens")


def _is_choice(name: str, request: Request) -> bool:
    """Whether the request says one of the values that a choice of the profile has."""
    field = ProfileForm.base_fields[name]
    return isinstance(field, ChoiceField) and field.valid_value(request.POST.get(name, ""))


def _changed(request: Request, form: ChangePasswordForm) -> bool:
    values, key = form.cleaned_data, request.session.session_key or ""
    try:
        actions.change_password(request.user, old=values["old"], new=values["new"], session=key)
    except Invalid as refusal:
        form.tell(refusal)
        return False
    actions.carry_devices(request.user, since=key, to="")
    update_session_auth_hash(request, cast(User, request.user))
    actions.carry_devices(request.user, since="", to=request.session.session_key or "")
    return True


def _new_token(request: Request, form: TokenForm) -> str:
    values = form.cleaned_data
    if not actions.is_password_of(request.user, values["password"]):
        form.add_error("password", _("This is not your present password."))
        return ""
    return actions.add_token(request.user, name=values["name"], may_write=bool(values["may_write"]))


def _page_before(request: HttpRequest) -> str:
    """The page that the form stood on, if it is one of ours."""
    before = request.headers.get("Referer", "")
    here = request.build_absolute_uri("/")
    return local_path("/" + before.removeprefix(here) if before.startswith(here) else "/")
