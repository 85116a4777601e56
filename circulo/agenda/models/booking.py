"""The pages on which others take an hour of somebody, what these offer, and who took one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from circulo.agenda.models.entries import Entry

if TYPE_CHECKING:
    from circulo.accounts.models import User


class BookingPageQuerySet(models.QuerySet["BookingPage"]):
    """Booking pages, narrowed down."""

    def visible_to(self, user: User) -> Self:
        """A person's own only."""
        return self.filter(user=user)

    def open(self) -> Self:
        return self.kept().filter(is_open=True)

    def kept(self) -> Self:
        """Those of people who work here; what was booked on one that is closed holds still."""
        return self.filter(user__is_active=True)


class BookingPage(models.Model):
    """A public page on which others take an hour of one person, of those that they offer.

    Before and after what takes the time of its owner so many minutes of `pause` stay free.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="booking_page"
    )
    token = models.CharField(max_length=40, unique=True, db_collation="C")
    title = models.CharField(_("what for"), max_length=150)
    place = models.CharField(_("place"), max_length=300, blank=True, default="")
    minutes = models.PositiveSmallIntegerField(_("minutes"), default=30)
    pause = models.PositiveSmallIntegerField(_("minutes of pause"), default=0)
    most_a_day = models.PositiveSmallIntegerField(_("at most a day"), null=True, blank=True)
    days_ahead = models.PositiveSmallIntegerField(_("days ahead"), default=14)
    notice_hours = models.PositiveSmallIntegerField(_("hours of notice"), default=4)
    is_open = models.BooleanField(_("open"), default=True)

    objects = BookingPageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="booking_lasts_a_while", condition=Q(minutes__gte=5, minutes__lte=480)
            ),
            models.CheckConstraint(name="booking_pause_is_short", condition=Q(pause__lte=120)),
            models.CheckConstraint(
                name="booking_takes_some_a_day",
                condition=Q(most_a_day=None) | Q(most_a_day__gte=1),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class BookingHours(models.Model):
    """The hours that a booking page offers on one day of the week: one span, and another `again`.

    Told in minutes of the day by the clock of its owner; a day without a row offers none.
    """

    page = models.ForeignKey(BookingPage, models.CASCADE, related_name="hours", db_index=False)
    weekday = models.PositiveSmallIntegerField()
    begins = models.PositiveSmallIntegerField()
    ends = models.PositiveSmallIntegerField()
    begins_again = models.PositiveSmallIntegerField(null=True)
    ends_again = models.PositiveSmallIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("page", "weekday", name="booking_hours_once_a_day"),
            models.CheckConstraint(
                name="booking_hours_are_of_a_day",
                condition=Q(weekday__lte=6, begins__lt=F("ends"), ends__lte=1440),
            ),
            models.CheckConstraint(
                name="booking_hours_go_on_after_a_break",
                condition=Q(begins_again=None, ends_again=None)
                | Q(
                    begins_again__isnull=False,
                    begins_again__gte=F("ends"),
                    begins_again__lt=F("ends_again"),
                    ends_again__isnull=False,
                    ends_again__lte=1440,
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.weekday}: {self.begins}–{self.ends}"


class BookingQuerySet(models.QuerySet["Booking"]):
    """Bookings, narrowed down."""

    def on(self, page: BookingPage) -> Self:
        """Those that were made on a page and still take an hour of its owner."""
        mine = self.filter(page=page, entry__owner=page.user_id)
        return mine.exclude(entry__state=Entry.State.DROPPED)


class Booking(models.Model):
    """An hour that was taken on a booking page: who took it, and what they were told of it last.

    `note` is what they wrote, whatever becomes of the notes of the entry. They are told in the
    language and by the clock in which the page showed its hours; `told` is when and where the
    appointment was then (nothing where they were told nothing yet), `sequence` how often that
    changed.
    """

    entry = models.OneToOneField(Entry, models.CASCADE, related_name="booking")
    page = models.ForeignKey(BookingPage, models.CASCADE, related_name="bookings")
    name = models.CharField(_("name"), max_length=300)
    email = models.CharField(_("e-mail"), max_length=254, blank=True, default="")
    note = models.TextField(_("notes"), blank=True, default="")
    language = models.CharField(max_length=5)
    time_zone = models.CharField(max_length=50)
    is_mailed = models.BooleanField(default=True)
    booked_at = models.DateTimeField(auto_now_add=True)
    told: models.JSONField[Any, Any] = models.JSONField(null=True, editable=False)
    sequence = models.PositiveIntegerField(default=0, db_default=0, editable=False)

    objects = BookingQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name
