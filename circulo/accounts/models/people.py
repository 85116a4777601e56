"""The people who work here: users, their teams and their roles."""

from __future__ import annotations

from datetime import time
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.lookups import Unaccent
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from circulo.accounts.rights import Reach, Right, RoleName, default_right
from circulo.lib import ids


class Team(models.Model):
    """People who work together; a team sees what its own people and the teams below it own."""

    name = models.CharField(_("name"), max_length=100)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children"
    )
    path = models.CharField(max_length=400, editable=False, db_collation="C", default="")

    class Meta:
        constraints = [
            models.UniqueConstraint("name", name="team_name_is_unique"),
            models.CheckConstraint(
                name="team_is_not_its_own_parent", condition=~Q(parent=models.F("id"))
            ),
        ]
        indexes = [models.Index("path", name="team_by_path")]

    def __str__(self) -> str:
        return self.name


class Role(models.Model):
    """A role of the house, with what an administrator changed of its rights."""

    name = models.CharField(
        primary_key=True, max_length=20, choices=[(role.value, role.value) for role in RoleName]
    )
    rights = models.JSONField(default=dict)
    hidden = models.JSONField(default=dict)

    def __str__(self) -> str:
        return str(ROLE_LABELS[RoleName(self.name)])

    def right(self, kind: str) -> Right:
        """What this role may do with a kind of record."""
        right = default_right(self.name, kind)
        override: dict[str, Any] = self.rights.get(kind, {})
        return right.changed_by(override) if override else right


ROLE_LABELS = {
    RoleName.ADMIN: _("Administrator"),
    RoleName.MANAGER: _("Manager"),
    RoleName.SELLER: _("Seller"),
    RoleName.AGENT: _("Service agent"),
    RoleName.MARKETER: _("Marketer"),
    RoleName.ANALYST: _("Analyst"),
    RoleName.AUDITOR: _("Auditor"),
    RoleName.TREASURER: _("Treasurer"),
}


# As people sort names: Óscar beside Olga, whatever the database sorts by.
BY_NAME = (Lower(Unaccent("name")), "pk")


# What stands for the address of somebody whose address nobody knows yet: no mail goes there.
NO_ADDRESS = "@no-address.invalid"


class UserManager(BaseUserManager["User"]):
    """Finds users by the address they log in with."""

    def get_by_natural_key(self, username: str | None) -> User:
        return self.select_related("role", "team").get(email=(username or "").strip().lower())


class User(AbstractBaseUser):
    """A person who works here and logs in."""

    class Theme(models.TextChoices):
        SYSTEM = "system", _("Like the system")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    class Density(models.TextChoices):
        ROOMY = "roomy", _("Roomy")
        NORMAL = "normal", _("Normal")
        DENSE = "dense", _("Dense")

    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=150)
    role = models.ForeignKey(Role, models.PROTECT, related_name="users", verbose_name=_("role"))
    team = models.ForeignKey(
        Team, models.PROTECT, null=True, blank=True, related_name="users", verbose_name=_("team")
    )
    language = models.CharField(_("language"), max_length=5, default="es")
    region = models.CharField(_("region"), max_length=10, default="es-ES")
    time_zone = models.CharField(_("time zone"), max_length=50, default="Europe/Madrid")
    theme = models.CharField(_("theme"), max_length=8, choices=Theme, default=Theme.SYSTEM)
    density = models.CharField(_("density"), max_length=8, choices=Density, default=Density.NORMAL)
    has_shortcuts = models.BooleanField(_("single-letter shortcuts"), default=True)
    quiet_from = models.TimeField(_("quiet from"), null=True, blank=True, default=time(21))
    quiet_until = models.TimeField(_("quiet until"), null=True, blank=True, default=time(8))
    is_active = models.BooleanField(_("may log in"), default=True)
    is_demo = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    read_in_state: str = ""  # of the database, where the statement that read them told it

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="user_email_is_lower_case", condition=Q(email=Lower("email"))
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def opaque(self) -> str:
        """Their identifier in addresses."""
        return ids.encode("user", self.pk)

    @property
    def has_address(self) -> bool:
        """Whether it is known where they are written to, and with what they log in."""
        return not self.email.endswith(NO_ADDRESS)

    @property
    def is_admin(self) -> bool:
        return self.role_id == RoleName.ADMIN

    def right(self, kind: str) -> Right:
        """What this person may do with a kind of record."""
        known: dict[str, Right] = self.__dict__.setdefault("_rights", {})
        if kind not in known:
            known[kind] = self.role.right(kind)
        return known[kind]

    def reach(self, kind: str, act: str = "view") -> Reach:
        """Whose records of this kind the person may view, edit or delete: never more than view."""
        right = self.right(kind)
        reach: Reach = getattr(right, act)
        return min(reach, right.view, key=list(Reach).index)

    def may(self, kind: str, act: str) -> bool:
        """Whether the person may view, edit, delete, create or export any record of a kind."""
        allowed = getattr(self.right(kind), act)
        return allowed if isinstance(allowed, bool) else allowed != Reach.NONE

    @cached_property
    def people_in_reach(self) -> list[int] | None:
        """This person, and everybody in their team and the teams below it."""
        from circulo.accounts.joined import people_below  # which stands on users

        return [self.pk] if self.team is None else people_below(self.team.path, self.pk)

    @cached_property
    def territories_in_reach(self) -> Any:
        """The keys of the territories that this person works in, with those within them."""
        from circulo.accounts.models.territories import Territory  # which stands on users

        return list(Territory.objects.worked_by(self).values_list("pk", flat=True))

    def lies_in_reach(
        self,
        reach: Reach,
        owner: int | None,
        territory: int | None = None,
        *,
        path: str | None = None,
    ) -> bool:
        """Whether one record of this owner, and in this territory, lies within a reach.

        Where the `path` of the owner's team was read already, the database is not asked for it.
        """
        if reach in (Reach.ALL, Reach.NONE):
            return reach == Reach.ALL
        if owner == self.pk or reach.has_team and self._is_of_my_team(owner, path):
            return True
        return reach == Reach.TERRITORY and territory in self.territories_in_reach

    def _is_of_my_team(self, owner: int | None, path: str | None) -> bool:
        if path is None:
            return owner in (self.people_in_reach or ())
        return self.team is not None and path.startswith(self.team.path)

    def may_give(self, kind: str, to: User) -> bool:
        """Whether this person may make a record of a kind somebody's: whom their reach covers."""
        return to.pk == self.pk or self.lies_in_reach(self.reach(kind, "edit"), to.pk)

    def hidden_fields(self, kind: str) -> frozenset[str]:
        """The fields of a kind that this person's role does not get to see."""
        return frozenset(self.role.hidden.get(kind, ()))
