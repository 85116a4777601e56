"""What the settings pages read."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.postgres.lookups import Unaccent
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from circulo.accounts import notices, prepared, quiet
from circulo.accounts.models import (
    BY_NAME,
    Digest,
    Firm,
    Notification,
    NotificationChoice,
    OneTimeLink,
    Role,
    Team,
    User,
)
from circulo.accounts.rights import FLAGS, REACHES, Kind, Reach, RoleName, kinds
from circulo.lib import ids
from circulo.lib.errors import Invalid, Text
from circulo.lib.names import plain
from circulo.lib.recurrence import midnight, placed
from circulo.lib.zones import zone_of

MOST_UNREAD = 100
_UNREAD = """
    SELECT count(*) FROM (
        SELECT FROM accounts_notification n WHERE n.to_id = %s AND n.read_at IS NULL
        AND NOT EXISTS (SELECT FROM accounts_notificationchoice c
                        WHERE c.user_id = n.to_id AND c.kind = n.kind AND NOT c.is_shown)
        LIMIT %s) AS few
"""
REACH_LABELS = [
    (Reach.NONE, _("Nobody’s")),
    (Reach.OWN, _("Own")),
    (Reach.TEAM, _("The team’s")),
    (Reach.TERRITORY, _("The team’s and their territories’")),
    (Reach.ALL, _("Everybody’s")),
]


@dataclass(frozen=True)
class Branch:
    """A team where it stands in the tree."""

    team: Team
    depth: int
    people: list[User]

    @property
    def opaque(self) -> str:
        """Its identifier in addresses."""
        return ids.encode("team", self.team.pk)


def firm() -> Firm:
    """The firm, with the defaults of the house until somebody states it."""
    rows = prepared.once("the firm", _firm).run({})
    return next((prepared.made(Firm, row) for row in rows), None) or Firm(pk=1)


def _firm() -> QuerySet[Firm, Any]:
    return Firm.objects.filter(pk=1).values_list(*prepared.columns_of(Firm))


def day_of_the_firm() -> date:
    """Which day it is where the firm is."""
    return timezone.localdate(timezone=zone_of(firm().time_zone))


def end_of_day_of_the_firm(day: date) -> datetime:
    """The moment at which a day is over where the firm is."""
    return placed(midnight(day + timedelta(days=1)), zone_of(firm().time_zone))


def house() -> User:
    """For whom conditions of the house are asked: it sees every field of every record."""
    return User(pk=0, name="", role=Role(name=RoleName.ADMIN), team=None)


def usable_link(digest: str) -> OneTimeLink | None:
    """The one-time link with this digest, if it still opens something."""
    usable = OneTimeLink.objects.usable(timezone.now()).select_related("user")
    return usable.filter(digest=digest).first()


def users() -> QuerySet[User]:
    """Everybody who works here, those who may log in first."""
    return User.objects.select_related("role", "team").order_by("-is_active", *BY_NAME)


def people_called(words: str, *, limit: int = 8) -> list[User]:
    """Who works here and has a name that begins with these words, or a part of it that does."""
    rows = User.objects.filter(is_active=True).select_related("team").annotate(
        plain=Lower(Unaccent("name"))
    )  # fmt: skip
    wanted = plain(words.replace("\0", "")).strip()
    if wanted:
        rows = rows.filter(Q(plain__startswith=wanted) | Q(plain__contains=f" {wanted}"))
    return list(rows.order_by("plain", "pk")[:limit])


def people_who_work_here() -> list[tuple[str, str]]:
    """Everybody who may own a record: identifier and name."""
    rows = User.objects.filter(is_active=True).order_by(*BY_NAME).values_list("pk", "name")
    return [(ids.encode("user", key), name) for key, name in rows]


def owners(_user: User) -> list[tuple[str, Text]]:
    """Whom a record can be given to, nobody first."""
    return [("", _("Nobody")), *people_who_work_here()]


def owner_of(value: str) -> int | None:
    """The key of the owner who was chosen, None for nobody; Invalid for whoever is none."""
    if value and value not in {identifier for identifier, _name in people_who_work_here()}:
        raise Invalid({"value": _("Choose one of the list.")})
    return ids.decode("user", value) if value else None


def roles() -> list[Role]:
    """Every role, in the order of the house."""
    found = {role.pk: role for role in Role.objects.annotate(people=Count("users"))}
    return [found[name] for name in RoleName if name in found]


def team_tree() -> list[Branch]:
    """Every team with its people, each below the one it belongs to."""
    teams = {team.pk: team for team in Team.objects.prefetch_related("users")}
    children: dict[int | None, list[Team]] = {}
    for team in sorted(teams.values(), key=lambda team: team.name.casefold()):
        children.setdefault(team.parent_id, []).append(team)
    return _below(None, 0, children)


def _below(parent: int | None, depth: int, children: dict[int | None, list[Team]]) -> list[Branch]:
    branches = []
    for team in children.get(parent, []):
        people = sorted(team.users.all(), key=lambda user: user.name.casefold())
        branches.append(Branch(team, depth, [user for user in people if user.is_active]))
        branches += _below(team.pk, depth + 1, children)
    return branches


@dataclass(frozen=True)
class RightsRow:
    """What a role may do with one kind, as the matrix shows it."""

    kind: str
    label: str | Promise
    reaches: list[tuple[str, str | Promise, str]]
    flags: list[tuple[str, str | Promise, bool]]
    fields: list[tuple[str, str | Promise, bool]]


ACT_LABELS = {
    "view": _("See"),
    "edit": _("Change"),
    "delete": _("Delete"),
    "create": _("Add"),
    "export": _("Export"),
}


def rights_of(role: Role) -> list[RightsRow]:
    """The matrix of a role: one row per kind of record."""
    return [_rights_row(role, kind) for kind in kinds().values()]


def _rights_row(role: Role, kind: Kind) -> RightsRow:
    right, hidden = role.right(kind.name), role.hidden.get(kind.name, ())
    return RightsRow(
        kind=kind.name,
        label=kind.label,
        reaches=[(act, ACT_LABELS[act], str(getattr(right, act))) for act in REACHES],
        flags=[(act, ACT_LABELS[act], getattr(right, act)) for act in FLAGS],
        fields=[(name, label, name in hidden) for name, label in kind.hideable.items()],
    )


@dataclass(frozen=True)
class NoticeChoice:
    """A kind of notice, and where a person hears of it."""

    kind: notices.Kind
    is_shown: bool
    is_mailed: bool
    is_pushed: bool


@dataclass(frozen=True)
class Told:
    """A page of notifications, and the mark to ask for older ones."""

    rows: list[Notification]
    older: str = ""


def notifications(
    user: User, *, before: int | None = None, limit: int = 40, is_unread: bool | None = None
) -> Told:
    """What a person was told, the latest first."""
    rows = told_to(user, is_unread=is_unread)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows.select_related("by").order_by("-pk")[: limit + 1])
    notices.hide_unseen(user, found)
    return Told(found[:limit], found[limit - 1].public_id if len(found) > limit else "")


def told_to(user: User, *, is_unread: bool | None = None) -> QuerySet[Notification]:
    """All that a person was told, but not what they chose not to hear here."""
    rows = Notification.objects.visible_to(user).exclude(kind__in=_not_shown(user))
    return rows if is_unread is None else rows.filter(read_at__isnull=is_unread)


def unread(user: User) -> int:
    """How many notifications a person has not read yet; no more than a hundred are counted."""
    return int(prepared.run(_UNREAD, [user.pk, MOST_UNREAD])[0][0])


def unmailed(user: User) -> QuerySet[Notification]:
    """What is unread, not mailed yet, and of a kind that this person wants by mail."""
    mailed = [one.kind.name for one in notice_choices(user) if one.is_mailed]
    rows = Notification.objects.visible_to(user).unread()
    return rows.filter(kind__in=mailed, mailed_at=None).order_by("pk")


def whose_morning_it_is(now: datetime) -> list[User]:
    """Whose letter of today is due: something was new in the morning, and none was sent yet.

    In the morning means at eight by the person's clock, or when the quiet hours end that eight lies
    in. A worker that was away then makes up for it later in the day.
    """
    waiting = Notification.objects.unread().filter(mailed_at=None, to=OuterRef("pk"))
    unsent = Digest.objects.filter(sent_at=None, user=OuterRef("pk"))
    rows = User.objects.filter(Exists(waiting) | Exists(unsent), is_active=True).order_by("pk")
    people = [one for one in rows if one.has_address and quiet.morning_of(one, now) <= now]
    had = set(
        Digest.objects.filter(user__in=people).exclude(sent_at=None).values_list("user_id", "day")
    )
    return [one for one in people if (one.pk, quiet.day_of(one, now)) not in had]


def notice_choices(user: User) -> list[NoticeChoice]:
    """Every kind of notice with what this person chose for it, theme by theme."""
    chosen = {one.kind: one for one in NotificationChoice.objects.filter(user=user)}
    found = []
    for kind in sorted(notices.kinds().values(), key=_by_theme):
        one = chosen.get(kind.name)
        if one is None:
            found.append(NoticeChoice(kind, True, kind.is_mailed, kind.is_pushed))
        else:
            found.append(NoticeChoice(kind, one.is_shown, one.is_mailed, one.is_pushed))
    return found


def _by_theme(kind: notices.Kind) -> tuple[int, bool, bool]:
    """Theme by theme, what asks something of a person above what only tells how things go."""
    return kind.theme.order, not kind.is_mailed, not kind.is_pushed


def _not_shown(user: User) -> list[str]:
    return [one.kind.name for one in notice_choices(user) if not one.is_shown]
