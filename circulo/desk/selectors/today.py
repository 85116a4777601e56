"""What Today says: each read is bounded, whatever the size of the house."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from circulo.accounts.models import User
from circulo.accounts.rights import RoleName
from circulo.desk.models import PutAway
from circulo.lib import format as one
from circulo.lib import ids, phones
from circulo.parties.models import Party, PartyKind, Point
from circulo.timeline.kinds import LOOKS, Kind
from circulo.timeline.models import Interaction

SILENT_FOR = (30, 60, 90)
LOOKED_THROUGH, CALLS = 600, 6
NEWEST_LOOKED_THROUGH, TOLD = 2_000, 8
MINE_LOOKED_THROUGH, RECENT = 60, 8
COMING_DAYS, BIRTHDAYS = 7, 10
PUT_AWAY_FOR = timedelta(days=14)
_PURSUED = (Party.Lifecycle.CUSTOMER, Party.Lifecycle.PROSPECT, Party.Lifecycle.LEAD)
_HEARD = (Kind.PREFERENCE_NOTED, Kind.INTERVIEW_HELD)
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class Call:
    """Somebody to call today, and why."""

    party: Party
    reason: str
    phone: tuple[str, str] | None


@dataclass(frozen=True)
class Silent:
    """A party with whom nothing has happened since a moment, or since it is known."""

    key: int
    since: datetime
    has_history: bool

    @property
    def days(self) -> int:
        return (timezone.now() - self.since).days

    @property
    def name(self) -> str:
        """What it is called among the things put away."""
        return f"call-{ids.encode('party', self.key)}"


@dataclass(frozen=True)
class Told:
    """Something that happened, in a line."""

    party: Party
    text: str
    icon: str
    by: str
    when: datetime


def whom_to_call(user: User) -> dict[str, Any] | None:
    """Customers, prospects and leads with whom nobody has spoken for a month or more.

    One's own; where there are none, whoever leads gets those of their people. Looks through some
    hundred of them, beginning at another letter each day, so that whoever owns tens of thousands
    gets other names tomorrow.
    """
    silent = _silent(user, own=True) or (_leads(user) and _silent(user, own=False))
    if not silent:
        return None
    counts = [(days, sum(one.days >= days for one in silent)) for days in SILENT_FOR]
    return {"calls": _calls(silent[:CALLS], user), "counts": [(d, n) for d, n in counts if n]}


def what_colleagues_logged(user: User) -> dict[str, Any] | None:
    """What others recorded lately with one's own parties, among the newest of the house.

    Where there is nothing, whoever leads gets what is new with those of their people.
    """
    rows = _newest_of_others(user)
    told = _folded(rows.filter(party__owner=user.pk))
    if told:
        return {"told": told, "own": True}
    told = _folded(rows) if _leads(user) else []
    return {"told": told, "own": False} if told else None


def _newest_of_others(user: User) -> QuerySet[Interaction]:
    newest = Interaction.objects.newest_first().values("pk")[:NEWEST_LOOKED_THROUGH]
    return (
        Interaction.objects.visible_to(user)
        .filter(pk__in=newest, by__isnull=False)
        .exclude(by=user.pk)
        .newest_first()
        .select_related("party", "by")
        .defer("body", "data", "party__search", "party__notes", "party__custom")
    )


def birthdays(user: User) -> dict[str, Any] | None:
    """Whose birthday of one's own people is today or in the days to come."""
    if "birthday" in user.hidden_fields("contacts"):
        return None
    days = [timezone.localdate() + timedelta(days=n) for n in range(COMING_DAYS)]
    on_one = Q(*(_born_on(day) for day in days), _connector=Q.OR)
    rows = Party.objects.visible_to(user).filter(on_one, owner=user.pk, kind=PartyKind.PERSON)
    found = rows.order_by("birthday__month", "birthday__day", "pk")[: BIRTHDAYS * 3]
    dated = sorted(((_next(party.birthday, days[0]), party) for party in found if party.birthday),
                   key=lambda pair: pair[0])  # fmt: skip
    return {"birthdays": dated[:BIRTHDAYS]} if dated else None


def recent_parties(user: User) -> dict[str, Any] | None:
    """Those one dealt with last, the latest first."""
    mine = Interaction.objects.visible_to(user).filter(by=user.pk).newest_first()
    latest = dict.fromkeys(mine.values_list("party", flat=True)[:MINE_LOOKED_THROUGH])
    keys = list(latest)[:RECENT]
    parties = Party.objects.visible_to(user).defer("search", "notes", "custom").in_bulk(keys)
    shown = [parties[key] for key in keys if key in parties]
    return {"parties": shown} if shown else None


def _leads(user: User) -> bool:
    return user.role_id in (RoleName.ADMIN, RoleName.MANAGER)


def _silent(user: User, *, own: bool) -> list[Silent]:
    """Those with whom nobody has spoken for long, the longest first; not those put away."""
    before = timezone.now() - timedelta(days=SILENT_FOR[0])
    away = _put_away(user)
    found = _pursued_by(user, own=own)
    silent = (one for one in found if one.since < before and one.name not in away)
    return sorted(silent, key=lambda one: one.since)


def _pursued_by(user: User, *, own: bool) -> Iterator[Silent]:
    """Some hundred that are worth a call, with what happened last; each read has its index."""
    latest = Interaction.objects.filter(party=OuterRef("pk")).newest_first()
    rows = (
        Party.objects.visible_to(user)
        .annotate(last=Subquery(latest.values("occurred_at")[:1]))
        .values_list("pk", "created_at", "last")
    )
    letter = _LETTERS[timezone.localdate().toordinal() % len(_LETTERS)]
    if own:
        mine = rows.filter(owner=user.pk, lifecycle__in=_PURSUED)
        parts = [mine.filter(kind=kind) for kind in PartyKind]
    else:
        parts = [rows.filter(kind=k, lifecycle=stage) for k in PartyKind for stage in _PURSUED]
    for part in parts:
        for key, created_at, last in _from_letter(part, letter, LOOKED_THROUGH // len(parts)):
            yield Silent(key, last or created_at, bool(last))


def _from_letter(rows: QuerySet[Any, Any], start: str, most: int) -> list[Any]:
    """The first rows from a letter on, and round again from A."""
    found = list(rows.filter(sort_key__gte=start).order_by("sort_key", "pk")[:most])
    if len(found) < most:
        found += rows.filter(sort_key__lt=start).order_by("sort_key", "pk")[: most - len(found)]
    return found


def _calls(silent: list[Silent], user: User) -> list[Call]:
    latest = Interaction.objects.filter(party=OuterRef("pk")).newest_first()
    phone = Point.objects.filter(party=OuterRef("pk"), kind=Point.Kind.PHONE, is_primary=True)
    rows = Party.objects.visible_to(user).defer("search", "notes", "custom")
    parties: dict[int, Any] = rows.annotate(
        last_kind=Subquery(latest.values("kind")[:1]), phone=Subquery(phone.values("value")[:1])
    ).in_bulk([one.key for one in silent])
    return [_call(parties[one.key], one, user) for one in silent if one.key in parties]


def _call(party: Any, silent: Silent, user: User) -> Call:
    phone = party.phone if "phones" not in user.hidden_fields(party.resource) else None
    dialled = (phone, phones.shown(phone, user.region[-2:])) if phone else None
    kind = party.last_kind if silent.has_history else ""
    return Call(party, _reason(party, silent, kind), dialled)


def _reason(party: Party, silent: Silent, kind: str) -> str:
    """Why to call, in words."""
    status = party.get_lifecycle_display()
    if not kind:
        since = one.day(timezone.localtime(silent.since).date())
        return _("%(status)s since %(day)s, and nobody has logged anything with them yet") % {
            "status": status, "day": since}  # fmt: skip
    silence = ngettext("%s day", "%s days", silent.days) % one.number(silent.days)
    last = str(LOOKS[Kind(kind)].label).lower()
    return _("%(status)s; nobody has spoken with them for %(days)s (last: %(last)s)") % {
        "status": status, "days": silence, "last": last}  # fmt: skip


def _folded(rows: QuerySet[Interaction]) -> list[Told]:
    """The newest, where all that somebody heard from one party in a day is one: an interview, or
    else what was noted of their needs.
    """
    found: dict[tuple[Any, ...], list[Interaction]] = {}
    for row in rows[: TOLD * 4]:
        day = timezone.localtime(row.occurred_at).date()
        key = (row.party_id, row.by_id, day) if row.kind in _HEARD else (row.pk,)
        found.setdefault(key, []).append(row)
    return [_told(*told) for told in list(found.values())[:TOLD]]


def _told(row: Interaction, *rest: Interaction) -> Told:
    author, text = row.by.name if row.by else "", str(row)
    if row.kind in _HEARD:
        held = [one for one in (row, *rest) if one.kind == Kind.INTERVIEW_HELD]
        row = held[0] if held else row
        said = held or (row, *rest)
        text = f"{row.look.label}: {', '.join(dict.fromkeys(str(one) for one in said))}"
    return Told(row.party, text, row.look.icon, author, row.occurred_at)


def _born_on(day: date) -> Q:
    born = Q(birthday__month=day.month, birthday__day=day.day)
    if (day.month, day.day) == (3, 1) and not _is_leap(day.year):
        born |= Q(birthday__month=2, birthday__day=29)
    return born


def _next(born: date, today: date) -> date:
    """The day on which somebody born then has their next birthday."""
    for year in (today.year, today.year + 1):
        leap = (born.month, born.day) == (2, 29) and not _is_leap(year)
        day = date(year, 3, 1) if leap else born.replace(year=year)
        if day >= today:
            return day
    return born


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _put_away(user: User) -> set[str]:
    since = timezone.now() - PUT_AWAY_FOR
    rows = PutAway.objects.filter(user=user, name__startswith="call-", created_at__gte=since)
    return set(rows.values_list("name", flat=True))


def greeting(now: datetime) -> str:
    """What one says at this time of day."""
    if 6 <= now.hour < 13:
        return _("Good morning")
    return _("Good afternoon") if 13 <= now.hour < 21 else _("Good evening")
