"""Every act on users, teams and roles."""

import hashlib
import re
import secrets
from itertools import count
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet, Value
from django.db.models.functions import Concat, Substr
from django.utils import timezone
from django.utils.translation import gettext as _

from circulo.accounts.actions.audit import audit
from circulo.accounts.models import NO_ADDRESS, ApiToken, Audit, Firm, Role, Team, User
from circulo.accounts.rights import RoleName
from circulo.lib import emails
from circulo.lib.errors import Invalid, RuleBroken
from circulo.lib.names import plain


@transaction.atomic
def add_team(name: str, *, parent: Team | None = None, by: User | None = None) -> Team:
    """Add a team below another one, or at the top."""
    if Team.objects.filter(name=name).exists():
        raise Invalid({"name": _("There is already a team with this name.")})
    team = Team.objects.create(name=name, parent=parent)
    team.path = f"{parent.path if parent else ''}{team.pk}/"
    team.save(update_fields=["path"])
    audit(Audit.What.TEAM_CHANGED, by=by, about=name, parent=str(parent or ""))
    return team


@transaction.atomic
def rename_team(team: Team, name: str, *, by: User | None = None) -> Team:
    """Give a team another name."""
    if Team.objects.filter(name=name).exclude(pk=team.pk).exists():
        raise Invalid({"name": _("There is already a team with this name.")})
    before, team.name = team.name, name
    team.save(update_fields=["name"])
    audit(Audit.What.TEAM_CHANGED, by=by, about=name, before=before)
    return team


@transaction.atomic
def move_team(team: Team, *, below: Team | None, by: User | None = None) -> Team:
    """Put a team, with all the teams below it, under another one."""
    list(Team.objects.select_for_update().order_by("pk").values_list("pk"))
    team = Team.objects.get(pk=team.pk)
    below = Team.objects.get(pk=below.pk) if below else None
    if below and below.path.startswith(team.path):
        raise RuleBroken(_("A team cannot stand below itself: choose another team above it."))
    old, new = team.path, f"{below.path if below else ''}{team.pk}/"
    Team.objects.filter(pk=team.pk).update(parent=below)
    Team.objects.filter(path__startswith=old).update(
        path=Concat(Value(new), Substr(F("path"), len(old) + 1))
    )
    team.refresh_from_db()
    audit(Audit.What.TEAM_CHANGED, by=by, about=team.name, parent=str(below or ""))
    return team


@transaction.atomic
def change_team(team: Team, name: str, *, below: Team | None, by: User | None = None) -> Team:
    """Give a team its name and its place in one act."""
    if name != team.name:
        team = rename_team(team, name, by=by)
    return team if below == team.parent else move_team(team, below=below, by=by)


@transaction.atomic
def remove_team(team: Team, *, by: User | None = None) -> None:
    """Take away a team that nobody and nothing belongs to."""
    team = Team.objects.select_for_update().get(pk=team.pk)
    for tie in Team._meta.related_objects:
        of_it = {str(tie.remote_field.name): team}
        if tie.related_model._base_manager.filter(**of_it).exists():
            raise RuleBroken(
                _(
                    "Something still belongs to this team: give its people, the teams below it, "
                    "its leads, rules and quotas to another first."
                )
            )
    team.delete()
    audit(Audit.What.TEAM_CHANGED, by=by, about=team.name, removed="yes")


@transaction.atomic
def add_user(
    email: str,
    *,
    name: str = "",
    role: str,
    team: Team | None = None,
    is_demo: bool = False,
    by: User | None = None,
) -> User:
    """Add a person who works here, without a password: a one-time link lets them choose one."""
    email = _own_address(email)
    firm = Firm.objects.filter(pk=1).first() or Firm()
    user = User(email=email, name=name or email.partition("@")[0], team=team, is_demo=is_demo)
    user.language, user.region, user.time_zone = firm.language, firm.region, firm.time_zone
    user.role = _role(role)
    user.set_unusable_password()
    user.save()
    audit(Audit.What.USER_ADDED, by=by, about=email, role=role)
    return user


@transaction.atomic
def add_colleague(
    name: str, *, role: str, team: Team | None = None, by: User | None = None
) -> User:
    """Add a person of whom only the name is known, so that records can be theirs.

    They cannot log in before an administrator gives them their address and invites them.
    """
    plain_name = "-".join(plain(name).split()) or "user"
    local = re.sub(r"[^a-z0-9-]", "", plain_name)[:40] or "user"
    taken = set(
        User.objects.filter(email__startswith=local, email__endswith=NO_ADDRESS)
        .values_list("email", flat=True)
    )  # fmt: skip
    free = (f"{local}{n or ''}{NO_ADDRESS}" for n in count())
    email = next(address for address in free if address not in taken)
    return add_user(email, name=name, role=role, team=team, by=by)


@transaction.atomic
def change_profile(user: User, values: dict[str, Any]) -> User:
    """Change how one is called, and how the house looks and speaks to oneself."""
    for name, value in values.items():
        setattr(user, name, value)
    user.save(update_fields=list(values))
    return user


@transaction.atomic
def change_user(user: User, values: dict[str, Any], *, by: User | None) -> User:
    """Change a person's name, address, role, team, or whether they may log in.

    There is always an administrator who may log in. Who may not any more is out at once.
    """
    list(User.objects.select_for_update().filter(role="admin").order_by("pk").values_list("pk"))
    before = {name: str(getattr(user, name)) for name in values}
    if values.get("email", user.email) != user.email:
        values["email"] = _own_address(values["email"])
    for name, value in values.items():
        setattr(user, name, value)
    if not _administrators().exclude(pk=user.pk).exists() and not (
        user.role_id == RoleName.ADMIN and user.is_active
    ):
        raise RuleBroken(_("Somebody has to stay administrator: give that role to another first."))
    user.save(update_fields=list(values))
    if not user.is_active:
        user.sessions.all().delete()
        user.tokens.filter(revoked_at=None).update(revoked_at=timezone.now())
    after = {name: str(value) for name, value in values.items()}
    audit(Audit.What.USER_CHANGED, by=by, about=user.email, before=before, after=after)
    return user


@transaction.atomic
def add_token(user: User, *, name: str = "", may_write: bool = True) -> str:
    """Add an API token with this person's rights; what is returned is shown once, kept nowhere."""
    token = f"circulo_{secrets.token_urlsafe(32)}"
    ApiToken.objects.create(user=user, name=name, hash=hash_of(token), may_write=may_write)
    audit(Audit.What.TOKEN_MADE, by=user, about=name, may_write=may_write)
    return token


@transaction.atomic
def revoke_token(token: ApiToken, *, by: User | None = None) -> None:
    """End a token at once."""
    audit(Audit.What.TOKEN_REVOKED, by=by, about=token.name)
    ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=timezone.now())


def _own_address(text: str) -> str:
    """An address in its one form that no other user has."""
    try:
        email = emails.normalise(text)
    except Invalid as invalid:
        raise Invalid({"email": invalid.fields[""]}) from invalid
    if User.objects.filter(email=email).exists():
        raise Invalid({"email": _("There is already a user with this e-mail address.")})
    return email


def _role(name: str) -> Role:
    role = Role.objects.filter(pk=name).first()
    if role is None:
        known = ", ".join(RoleName)
        raise Invalid({"role": _("There is no such role; there are %s.") % known})
    return role


def _administrators() -> QuerySet[User]:
    return User.objects.filter(role=RoleName.ADMIN, is_active=True)


def hash_of(token: str) -> str:
    """What is kept of a secret that is random enough to need no salt: its SHA-256."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
