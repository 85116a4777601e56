"""What is still to happen: tasks and appointments, with whom, and what reminds of them."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.contrib.postgres.fields import DateTimeRangeField
from django.contrib.postgres.indexes import GinIndex, GistIndex, OpClass
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q, Value
from django.db.models.functions import NullIf
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from circulo.accounts.rights import Reach, owned_within
from circulo.agenda.kinds import APPOINTMENTS, LOOKS, TASKS, Kind, Look
from circulo.lib import ids
from circulo.parties.models import Party

if TYPE_CHECKING:
    from circulo.accounts.models import User

# What has no date comes after everything that has one.
NEVER = datetime(9999, 1, 1, tzinfo=UTC)


def fresh_uid() -> str:
    """The name by which other calendars know an entry."""
    return f"{uuid.uuid4()}@circulo"


class EntryQuerySet(models.QuerySet["Entry"]):
    """Entries of the agenda, as lists and calendars ask for them."""

    def tasks(self) -> Self:
        return self.filter(is_appointment=False)

    def appointments(self) -> Self:
        return self.filter(is_appointment=True)

    def open(self) -> Self:
        return self.filter(state=Entry.State.OPEN)

    def overdue(self, now: datetime) -> Self:
        return self.open().filter(falls_at__lt=now)

    def of_people(self, keys: list[int]) -> Self:
        """Those that these people own or take part in."""
        taking = Participant.objects.filter(user__in=keys, entry=OuterRef("pk"))
        return self.filter(Q(owner__in=keys) | Exists(taking))

    def within(self, first: datetime, last: datetime) -> Self:
        """Those of which something may happen between two moments, series included."""
        return self.filter(span__overlap=(first, last))

    def visible_to(self, user: User, act: str = "view") -> Self:
        """Those that this person may view (or edit, or delete).

        Whoever made an entry, owns it or takes part in it sees it; the others see what lies within
        their reach and is not private.
        """
        return self.filter(seen_by(user, act))


def seen_by(user: User, act: str = "view") -> Q:
    """The condition that a person may do this with an entry."""
    if user.reach("tasks", act) == Reach.NONE:
        return Q(pk__in=())
    mine = Q(owner=user.pk) | Q(created_by=user.pk)
    if act == "view":
        mine |= Q(Exists(Participant.objects.filter(user=user.pk, entry=OuterRef("pk"))))
    return mine | Q(is_private=False) & owned_within(user, "tasks", act)


class Entry(models.Model):
    """An entry of the agenda: a task to be done, or an appointment that takes its time.

    A moment is kept as a moment and a whole day as a day. What a task is due at is its start.
    """

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("task", "Open")
        DONE = "done", pgettext_lazy("task", "Done")
        DROPPED = "dropped", pgettext_lazy("task", "Dropped")

    class Priority(models.IntegerChoices):
        HIGH = 1, pgettext_lazy("priority", "High")
        NORMAL = 5, pgettext_lazy("priority", "Normal")
        LOW = 9, pgettext_lazy("priority", "Low")

    is_appointment = models.BooleanField(default=False)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind, default=Kind.TO_DO)
    title = models.CharField(pgettext_lazy("task", "title"), max_length=300)
    notes = models.TextField(_("notes"), blank=True, default="")
    place = models.CharField(_("place"), max_length=300, blank=True, default="")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="entries",
        verbose_name=_("owner"),
        db_index=False,
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", db_index=False,
        verbose_name=_("made by"),
    )  # fmt: skip
    party = models.ForeignKey(
        Party, models.CASCADE, null=True, blank=True, related_name="entries",
        verbose_name=_("contact"),
    )  # fmt: skip
    priority = models.PositiveSmallIntegerField(
        _("priority"), choices=Priority, default=Priority.NORMAL
    )
    starts_at = models.DateTimeField(_("when"), null=True, blank=True)
    ends_at = models.DateTimeField(_("until"), null=True, blank=True)
    starts_on = models.DateField(_("day"), null=True, blank=True)
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=50, default="Europe/Madrid")
    falls_at = models.DateTimeField(default=NEVER, editable=False)
    due = models.GeneratedField(
        expression=NullIf(F("falls_at"), Value(NEVER)),
        output_field=models.DateTimeField(_("when"), null=True),
        db_persist=True,
    )
    span = DateTimeRangeField(null=True, editable=False)
    is_private = models.BooleanField(_("only for me"), default=False)
    is_busy = models.BooleanField(_("takes my time"), default=True)
    state = models.CharField(_("state"), max_length=7, choices=State, default=State.OPEN)
    done_at = models.DateTimeField(pgettext_lazy("task", "done on"), null=True, editable=False)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+",
        verbose_name=pgettext_lazy("task", "done by"),
    )  # fmt: skip
    rule = models.CharField(_("repetition"), max_length=500, blank=True, default="")
    more_dates = models.JSONField(_("days added"), default=list, blank=True)
    less_dates = models.JSONField(_("days left out"), default=list, blank=True)
    series = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="instances"
    )
    instance = models.CharField(max_length=25, blank=True, default="", db_collation="C")
    waits_for = models.ManyToManyField("self", symmetrical=False, related_name="holds_up")
    uid = models.CharField(max_length=255, default=fresh_uid, db_collation="C")
    sequence = models.PositiveIntegerField(default=0)
    brought = models.JSONField(default=dict, blank=True)
    search = models.GeneratedField(
        expression=Func(F("title"), function="circulo_plain"),
        output_field=models.TextField(db_collation="C"),
        db_persist=True,
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("task")
        constraints = [
            models.CheckConstraint(
                name="entry_kind_fits",
                condition=Q(is_appointment=False, kind__in=[kind.value for kind in TASKS])
                | Q(is_appointment=True, kind__in=[kind.value for kind in APPOINTMENTS]),
            ),
            models.CheckConstraint(
                name="entry_is_at_a_moment_or_on_a_day",
                condition=Q(starts_on=None, ends_on=None) | Q(starts_at=None, ends_at=None),
            ),
            models.CheckConstraint(
                name="appointment_takes_its_time",
                condition=Q(is_appointment=False)
                | Q(starts_at__isnull=False, ends_at__isnull=False)
                | Q(starts_on__isnull=False, ends_on__isnull=False),
            ),
            models.CheckConstraint(
                name="entry_ends_after_it_began",
                condition=(Q(ends_at=None) | Q(ends_at__gte=F("starts_at")))
                & (Q(ends_on=None) | Q(ends_on__gte=F("starts_on"))),
            ),
            models.CheckConstraint(
                name="entry_done_at_iff_done",
                condition=Q(state="done", done_at__isnull=False)
                | ~Q(state="done") & Q(done_at=None),
            ),
            models.CheckConstraint(
                name="entry_repeats_from_a_start",
                condition=Q(rule="", more_dates=[]) | ~Q(span=None),
            ),
            models.CheckConstraint(
                name="entry_instance_of_a_series",
                condition=Q(series=None, instance="") | ~Q(series=None) & ~Q(instance=""),
            ),
            models.UniqueConstraint("owner", "uid", "instance", name="entry_once_per_calendar"),
        ]
        indexes = [
            models.Index("owner", "state", "falls_at", "id", name="entry_by_owner"),
            models.Index("is_appointment", "state", "falls_at", "id", name="entry_by_date"),
            models.Index("created_by", name="entry_by_maker"),
            models.Index("updated_at", "id", name="entry_by_change"),
            GistIndex("span", name="entry_by_span"),
            GinIndex(OpClass("search", name="gin_trgm_ops"), name="entry_by_search"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def public_id(self) -> str:
        return ids.encode("entry", self.pk)

    @property
    def resource(self) -> str:
        """The list it belongs to."""
        return "appointments" if self.is_appointment else "tasks"

    def get_absolute_url(self) -> str:
        return f"/{self.resource}/{self.public_id}"

    @property
    def look(self) -> Look:
        return LOOKS[self.kind]

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    @property
    def is_whole_day(self) -> bool:
        return self.starts_on is not None

    @property
    def has_date(self) -> bool:
        return self.starts_at is not None or self.starts_on is not None

    @property
    def repeats(self) -> bool:
        return bool(self.rule or self.more_dates)


def states(is_appointment: bool) -> dict[str, str | Promise]:
    """What becomes of tasks, or of appointments, by value."""
    named: dict[str, str | Promise] = dict(Entry.State.choices)
    return named | {Entry.State.DROPPED: _("Cancelled")} if is_appointment else named


class ParticipantQuerySet(models.QuerySet["Participant"]):
    """Participants, narrowed down."""

    def somebody(self) -> Self:
        return self.exclude(user=None, party=None, email="")


class Participant(models.Model):
    """Somebody who takes part: a colleague, a party, or a guest of whom only the address is known.

    Every party of an entry stands here, the one that it is mainly about as the first. Where a party
    was taken away for ever nobody is left in the row.
    """

    class Answer(models.TextChoices):
        NONE = "", _("has not answered")
        YES = "yes", _("comes")
        MAYBE = "maybe", _("may come")
        NO = "no", _("does not come")

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="participants")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="participations",
        verbose_name=_("colleague"),
    )  # fmt: skip
    party = models.ForeignKey(
        Party, models.CASCADE, null=True, related_name="participations", verbose_name=_("contact")
    )
    email = models.CharField(_("e-mail"), max_length=254, blank=True, default="")
    name = models.CharField(_("name"), max_length=200, blank=True, default="")
    answer = models.CharField(_("answer"), max_length=5, choices=Answer, blank=True, default="")
    position = models.PositiveSmallIntegerField(default=0)

    objects = ParticipantQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "entry", "user", name="user_takes_part_once", condition=Q(user__isnull=False)
            ),
            models.UniqueConstraint(
                "entry", "party", name="party_takes_part_once", condition=Q(party__isnull=False)
            ),
            models.CheckConstraint(
                name="participant_is_one",
                condition=(Q(user=None) | Q(party=None)) & (Q(email="") | Q(user=None, party=None)),
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email


class Reminder(models.Model):
    """So many minutes before an entry, everybody who takes part in it is reminded."""

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="reminders", db_index=False)
    minutes = models.IntegerField(_("minutes before"), default=0)
    rings_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint("entry", "minutes", name="reminder_rings_once")]
        indexes = [
            models.Index("rings_at", name="reminder_by_time", condition=Q(rings_at__isnull=False))
        ]

    def __str__(self) -> str:
        return f"{self.minutes} min"
