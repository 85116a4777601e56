"""Which hours a booking page offers: of its week, with breaks and pauses, and so many a day."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from circulo.agenda import actions
from circulo.agenda.models import BookingHours, Entry
from circulo.agenda.selectors.booking import free_slots, week_of
from circulo.agenda.selectors.free import busy_times
from circulo.agenda.week import A_DAY, Span
from circulo.lib import format as fmt
from circulo.lib.errors import Invalid
from circulo.lib.recurrence import clock_of
from circulo.lib.zones import zone_of
from circulo.records.tracking import keep_track
from circulo.testing.make import make_appointment, make_user

pytestmark = pytest.mark.django_db
MADRID = zone_of("Europe/Madrid")
MONDAY = datetime(2026, 3, 2, 8, tzinfo=MADRID)
SPRING, AUTUMN = datetime(2026, 3, 28, 12, tzinfo=MADRID), datetime(2026, 10, 24, 12, tzinfo=MADRID)
SUNDAY, ANY_DAY = 6, range(7)


def offer(week=None, *, user=None, **said):
    """A booking page of somebody in Madrid."""
    user = user or make_user(time_zone="Europe/Madrid", language="en")
    spans = {day: [Span(*span) for span in some] for day, some in (week or {}).items()}
    said = {"title": "Tasting", "minutes": 60, "days_ahead": 6, "notice_hours": 0} | said
    return actions.open_booking(user, said, spans or None)


def hours_on(page, now, day):
    """What is offered on a day, as the clock of Madrid shows it."""
    starts = [start.astimezone(MADRID) for start in free_slots(page, now)]
    return [f"{start:%H:%M}" for start in starts if start.date() == day]


def test_each_day_of_the_week_has_its_hours_with_a_break_or_none():
    page = offer({0: [(9 * 60 + 30, 12 * 60), (16 * 60, 17 * 60 + 30)], 5: [(600, 660)]})

    assert hours_on(page, MONDAY, date(2026, 3, 2)) == ["09:30", "10:30", "16:00"]
    assert hours_on(page, MONDAY, date(2026, 3, 7)) == ["10:00"]
    assert len(free_slots(page, MONDAY)) == 4


def test_without_a_word_on_it_a_new_page_offers_the_usual_week_and_a_known_one_keeps_its_own():
    page = offer()
    assert week_of(page) == {day: [(540, 1080)] for day in range(5)}

    offer({2: [(600, 720)]}, user=page.user)
    offer(user=page.user)
    assert week_of(page) == {2: [(600, 720)]}


def test_hours_last_until_midnight_where_it_is_said():
    page = offer({0: [(22 * 60, A_DAY)]})
    assert hours_on(page, MONDAY, date(2026, 3, 2)) == ["22:00", "23:00"]


@pytest.mark.parametrize(("span", "told"), [
    ((0, 300), ["00:00", "01:00", "03:00", "04:00"]),
    ((120, 180), []),
    ((150, 240), ["03:00"]),
    ((60, 150), ["01:00"]),
    ((120, 240), ["03:00"]),
])  # fmt: skip
def test_in_spring_no_hour_is_offered_that_the_clocks_leave_out(span, told):
    page = offer({SUNDAY: [span]})
    assert hours_on(page, SPRING, date(2026, 3, 29)) == told


def test_in_autumn_an_hour_that_comes_twice_is_offered_once():
    page = offer({SUNDAY: [(60, 300)]})
    starts = free_slots(page, AUTUMN)

    assert hours_on(page, AUTUMN, date(2026, 10, 25)) == ["01:00", "02:00", "03:00", "04:00"]
    assert [one.astimezone(UTC).hour for one in starts] == [23, 0, 2, 3]


def test_a_pause_is_kept_free_before_and_after_what_takes_the_time():
    page = offer({0: [(540, 900)]}, pause=15)
    busy = MONDAY.replace(hour=11)
    make_appointment(owner=page.user, starts_at=busy, ends_at=busy + timedelta(hours=1))

    assert hours_on(page, MONDAY, date(2026, 3, 2)) == ["09:00", "13:00", "14:00"]


def test_what_begins_after_the_last_day_is_in_the_way_of_an_hour_that_reaches_into_it():
    page = offer({day: [(0, A_DAY)] for day in ANY_DAY}, minutes=480, days_ahead=1)
    end = MONDAY + timedelta(days=2)
    make_appointment(owner=page.user, starts_at=end, ends_at=end + timedelta(hours=1))

    assert all(start + timedelta(hours=8) <= end for start in free_slots(page, MONDAY))


def test_a_day_on_which_as_many_were_booked_as_it_takes_offers_nothing_more(settings):
    page = offer({day: [(0, A_DAY)] for day in ANY_DAY}, most_a_day=2)
    starts = free_slots(page)
    day = clock_of(starts[-1], MADRID).date()
    of_day = [start for start in starts if clock_of(start, MADRID).date() == day]
    make_appointment(owner=page.user, starts_at=of_day[0], ends_at=of_day[1])  # booked by nobody

    first = actions.book(page, start=of_day[1], name="Ana", email="ana@x.example")
    assert of_day[3] in free_slots(page)
    actions.book(page, start=of_day[2], name="Luis", email="luis@x.example")

    assert {clock_of(start, MADRID).date() for start in free_slots(page)} == {
        clock_of(start, MADRID).date() for start in starts
    } - {day}
    actions.drop_entries([first.pk], by=page.user)
    assert of_day[3] in free_slots(page)


@pytest.mark.usefixtures("in_english")
@pytest.mark.parametrize(("spans", "why"), [
    ([(600, 600)], "Tuesday: It cannot end before it begins."),
    ([(600, 1441)], "Tuesday: A day has 24 hours."),
    ([(600, 720), (700, 800)], "Tuesday: These hours overlap with the first ones of the day."),
    ([(700, 800), (600, 720)], "Tuesday: These hours overlap with the first ones of the day."),
    ([(0, 60), (120, 180), (240, 300)], "Tuesday: A day has at most two spans of hours."),
])  # fmt: skip
def test_hours_that_are_none_are_refused_with_the_reason(spans, why):
    with fmt.use(fmt.get("ES", "en")), pytest.raises(Invalid) as refused:
        offer({1: spans})
    assert refused.value.fields == {"hours": why}


@pytest.mark.parametrize("hours", [
    {"weekday": 7, "begins": 0, "ends": 60},
    {"weekday": 6, "begins": 60, "ends": 60},
    {"weekday": 6, "begins": 60, "ends": 1441},
    {"weekday": 6, "begins": 60, "ends": 120, "begins_again": 100, "ends_again": 180},
    {"weekday": 6, "begins": 60, "ends": 120, "begins_again": 180, "ends_again": 170},
    {"weekday": 6, "begins": 60, "ends": 120, "begins_again": 180},
    {"weekday": 0, "begins": 60, "ends": 120},
])  # fmt: skip
def test_the_database_keeps_no_hours_that_are_none(hours):
    page = offer({0: [(540, 600)]})
    with pytest.raises(IntegrityError), transaction.atomic():
        BookingHours.objects.create(page=page, **hours)


MINUTES = st.integers(0, A_DAY // 15).map(lambda quarter: quarter * 15)


@st.composite
def weeks(draw):
    """A week of which each day has none, one or two spans of hours."""
    week = {}
    for day in ANY_DAY:
        some = sorted(draw(st.sets(MINUTES, max_size=4)))
        week[day] = [span for span in zip(some[::2], some[1::2], strict=False)]
    return week


@given(
    week=weeks(),
    minutes=st.integers(5, 480),
    pause=st.integers(0, 120),
    busy=st.lists(st.tuples(st.integers(0, 8 * A_DAY), st.integers(0, 600)), max_size=6),
    now=st.sampled_from([MONDAY, SPRING, AUTUMN]),
)
@settings(max_examples=60, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
def test_what_is_offered_lies_in_the_hours_and_never_where_time_is_taken(
    db, week, minutes, pause, busy, now
):
    page = offer(week, minutes=minutes, pause=pause)
    for after, length in busy:
        start = now.astimezone(UTC) + timedelta(minutes=after)
        make_appointment(
            owner=page.user, starts_at=start, ends_at=start + timedelta(minutes=length)
        )
    length, around = timedelta(minutes=minutes), timedelta(minutes=pause)
    blink = timedelta.resolution

    slots = free_slots(page, now)

    end = now + timedelta(days=9)
    taken = busy_times([page.user_id], now - around, end)[page.user_id]
    offered = {day: spans or [] for day, spans in week_of(page).items()}
    assert len({clock_of(start, MADRID) for start in slots}) == len(slots)
    assert slots == sorted(slots)
    for start in slots:
        first, last = clock_of(start, MADRID), clock_of(start + length - blink, MADRID)
        at, until = (one.hour * 60 + one.minute for one in (first, last))
        spans = offered[first.weekday()]
        assert first.date() == last.date()
        assert any(span.begins <= at < span.ends and until < span.ends for span in spans)
        assert not any(
            begin < start + length + around and end > start - around for begin, end in taken
        )
    Entry.objects.all().delete()


@pytest.mark.django_db(transaction=True)
def test_pages_from_before_offer_the_hours_that_they_offered():
    page = offer({0: [(9 * 60 + 30, 13 * 60), (16 * 60, 18 * 60 + 15)], 2: [(600, 660)]})
    executor = MigrationExecutor(connection)
    try:
        executor.migrate([("agenda", "0001_first_release")])
        with connection.cursor() as cursor:
            cursor.execute("SELECT first_hour, last_hour FROM agenda_bookingpage")
            assert cursor.fetchall() == [(9, 19)]
    finally:
        executor = MigrationExecutor(connection)
        executor.migrate(executor.loader.graph.leaf_nodes())
        keep_track()  # a table that was made anew has no triggers of the ledger

    assert week_of(page) == {day: [(540, 1140)] for day in range(5)}
