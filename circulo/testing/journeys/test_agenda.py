"""A week planned, with the mouse and again with the keyboard alone; a reminder that arrives."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from circulo.agenda.actions.reminders import ring_reminders
from circulo.agenda.models import Entry
from circulo.testing.browser import screenshot
from circulo.testing.journeys.hands import HANDS
from circulo.testing.make import make_appointment, make_contact, make_task, make_user

pytestmark = pytest.mark.django_db(transaction=True)
MADRID = ZoneInfo("Europe/Madrid")
EACH_HAND = pytest.mark.parametrize("hand", HANDS, ids=lambda hand: hand.name)


@pytest.fixture
def seller():
    return make_user(language="es", name="Eva Ríos")


@EACH_HAND
def test_a_task_is_written_down_done_and_taken_back(visit, seller, hand):
    make_contact(owner=seller, given_name="Begoña", first_surname="Núñez")
    visitor = visit(seller, locale="es-ES", reduced_motion="reduce")
    worker = hand(visitor.open("/"))
    _write_down(visitor.page, worker)
    task = Entry.objects.get()
    assert (task.title, str(task.party)) == ("Mandar la tarifa", "Begoña Núñez")

    page = visitor.open("/")
    row = page.locator("[data-entry]")
    expect(row).to_contain_text("Mandar la tarifa")
    page.wait_for_selector("html[data-ready]")
    page.wait_for_load_state("networkidle")
    worker.do("[data-done]", keys="j d")
    expect(page.locator(".toast")).to_contain_text("Mandar la tarifa")
    expect(row).to_have_count(0)
    worker.do(".toast form button", keys="Control+z")
    expect(row).to_have_count(1)
    assert Entry.objects.get().is_open
    screenshot(visitor, f"agenda-today-{hand.name}")
    assert visitor.complaints == []


def _write_down(page, worker):
    """A task by the New menu and its form."""
    page.wait_for_selector("html[data-ready]")
    if worker.name == "keyboard":
        worker.do("", keys="c t")
    else:
        worker.do('[popovertarget="new"]')
        worker.do('#new [href="/tasks/new"]')
    page.wait_for_url("**/tasks/new")
    expect(page.locator("[name=title]")).to_be_focused()
    page.keyboard.type("Mandar la tarifa")
    worker.write("[name=other]", "begoña núñez")
    page.fill("[name=day]", f"{timezone.localdate():%Y-%m-%d}")
    worker.do("main form footer button.primary")
    page.wait_for_url(re.compile(r"/tasks/[0-9a-z]{10}$"))


@EACH_HAND
def test_a_week_is_planned(visit, seller, hand):
    make_contact(owner=seller, given_name="Begoña", first_surname="Núñez")
    monday = _next_monday()
    visitor = visit(seller, locale="es-ES", reduced_motion="reduce")
    page = visitor.open(f"/calendar?view=week&day={monday}")
    worker = hand(page)

    _appoint(worker, monday + timedelta(days=1), "Visita a la bodega", "begoña núñez")
    _appoint(worker, monday + timedelta(days=3), "Reunión de equipo", every="FREQ=WEEKLY")
    visitor.open(f"/calendar?view=week&day={monday}")
    expect(page.locator(".item")).to_have_count(2)
    screenshot(visitor, f"agenda-week-{hand.name}")

    page.wait_for_selector("html[data-ready]")
    worker.do("[rel=next]", keys="ArrowRight")
    _cancel_this_one_and_change_the_rest(worker)

    meetings = [_shown_in_week(visitor, monday + timedelta(weeks=weeks)) for weeks in range(4)]
    assert meetings == ["10:00", "", "12:00", "12:00"]
    visit_paid = Entry.objects.get(title="Visita a la bodega")
    assert (str(visit_paid.party), visit_paid.rule) == ("Begoña Núñez", "")
    assert visitor.complaints == []


def _cancel_this_one_and_change_the_rest(worker):
    """From the one meeting of a week to the series it belongs to."""
    page = worker.page
    expect(page.locator(".item")).to_have_count(1)
    page.wait_for_selector("html[data-ready]")
    worker.do(".item a")
    page.wait_for_url("**instance=**")
    page.wait_for_selector("html[data-ready]")
    worker.do("button.danger[formaction$='/cancel-one']")
    expect(page.locator(".toast")).to_contain_text("las demás siguen")
    page.wait_for_selector("html[data-ready]")
    worker.do("li:nth-child(2) button[formaction$='/part']")
    page.wait_for_url("**/edit")
    page.wait_for_selector("html[data-ready]")
    page.fill("[name=time]", "12:00")
    page.fill("[name=end_time]", "13:00")
    worker.do("main form footer button.primary")
    page.wait_for_url(re.compile(r"/appointments/[0-9a-z]{10}$"))


def _shown_in_week(visitor, monday):
    """The hour of the meeting in a week; nothing where there is none."""
    page = visitor.open(f"/calendar?view=week&day={monday}")
    said = [text for text in page.locator(".item").all_inner_texts() if "Reunión" in text]
    return "".join(re.findall(r"^\d\d:\d\d", said[0])) if said else ""


def _next_monday():
    today = timezone.localdate()
    return today + timedelta(days=7 - today.weekday())


def _appoint(worker, day, title, party="", every=""):
    """An appointment at ten: by a double click on its hour, or by its letter and the form."""
    page = worker.page
    page.wait_for_selector("html[data-ready]")
    if worker.name == "mouse":
        slots = page.locator(f'[data-day="{day}"] .slots')
        slots.dblclick(position={"x": 30, "y": _ten(slots)})
    else:
        worker.do("", keys="n")
    page.wait_for_url("**/appointments/new**")
    page.wait_for_selector("html[data-ready]")
    expect(page.locator("[name=title]")).to_be_focused()
    page.keyboard.type(title)
    if worker.name == "keyboard":
        page.fill("[name=day]", str(day))
        page.fill("[name=time]", "10:00")
        page.fill("[name=end_time]", "11:00")
    assert [page.input_value(f"[name={one}]") for one in ("day", "time")] == [str(day), "10:00"]
    if party:
        worker.write("[name=other]", party)
    if every:
        worker.do("details:has([name=repeat]) summary")
        worker.choose("[name=repeat]", every)
    worker.do("main form footer button.primary")
    page.wait_for_url(re.compile(r"/appointments/[0-9a-z]{10}$"))
    page.goto(page.url.split("/appointments")[0] + f"/calendar?view=week&day={day}")


def _ten(slots):
    """How far down ten o'clock stands in a day."""
    return slots.evaluate("""slots => {
      const { first, last } = slots.closest(".hours").dataset;
      return slots.clientHeight * (20 - first) / (last - first) + 3;
    }""")


@EACH_HAND
def test_an_appointment_is_moved_in_the_calendar(visit, seller, hand):
    monday = timezone.localdate() - timedelta(days=timezone.localdate().weekday())
    start = datetime(monday.year, monday.month, monday.day, 10, 0, tzinfo=MADRID)
    entry = make_appointment(owner=seller, title="Cata", starts_at=start)
    visitor = visit(seller, locale="es-ES", reduced_motion="reduce")
    page = visitor.open(f"/calendar?view=week&day={monday}")
    page.wait_for_selector("html[data-ready]")
    item = page.locator("[data-move]")

    if hand.name == "keyboard":
        item.locator("a").focus()
        page.keyboard.press("Alt+ArrowRight")
    else:
        to = page.locator(f'[data-day="{monday + timedelta(days=1)}"] .slots')
        item.drag_to(to, target_position={"x": 20, "y": 6 * 20 + 5}, force=True)
    moved = page.locator(f'[data-day="{monday + timedelta(days=1)}"] [data-move]')
    expect(moved).to_have_count(1)

    entry.refresh_from_db()
    assert entry.starts_at == start + timedelta(days=1)
    page.keyboard.press("m")
    page.wait_for_url("**view=month**")
    expect(page.locator(".month .item")).to_contain_text("Cata")
    screenshot(visitor, f"agenda-month-{hand.name}")
    assert visitor.complaints == []


def test_the_keyboard_stays_on_the_time_of_a_series_that_it_moves(visit, seller):
    monday = timezone.localdate() - timedelta(days=timezone.localdate().weekday())
    start = datetime(monday.year, monday.month, monday.day, 10, 0, tzinfo=MADRID)
    make_appointment(owner=seller, title="Cata", starts_at=start, repeat="FREQ=DAILY;COUNT=3")
    visitor = visit(seller, locale="es-ES", reduced_motion="reduce")
    page = visitor.open(f"/calendar?view=week&day={monday}")
    page.wait_for_selector("html[data-ready]")

    page.locator(f'[data-day="{monday + timedelta(days=1)}"] [data-move] a').focus()
    for day in (2, 3):
        page.keyboard.press("Alt+ArrowRight")
        there = page.locator(f'[data-day="{monday + timedelta(days=day)}"] [data-instance=""] a')
        expect(there).to_be_focused()

    expect(page.locator("[data-move]")).to_have_count(3)
    assert visitor.complaints == []


def test_a_reminder_arrives_at_an_open_page(visit, seller):
    due = timezone.now() + timedelta(minutes=5)
    make_task(owner=seller, title="Llamar a la bodega", due_at=due, reminders=[0])
    visitor = visit(seller, locale="es-ES")
    page = visitor.open("/contacts")
    page.wait_for_selector("html[data-ready]")
    page.wait_for_timeout(1500)

    ring_reminders(due)

    expect(page.locator(".bell .count")).to_have_text("1", timeout=10_000)
    page.locator(".bell").click()
    expect(page.locator(".notices")).to_contain_text("Llamar a la bodega")
    page.locator(".notices button").first.click()
    page.wait_for_url("**/tasks/*")
    expect(page.locator(".bell .count")).to_have_text("")
    assert visitor.complaints == []


def test_what_comes_next_has_a_row_of_its_own_to_be_written_in(visit, seller):
    party = make_contact(owner=seller)
    visitor = visit(seller)
    page = visitor.open(party.get_absolute_url())

    title, kind, day = (page.locator(f"#add-task [name={name}]").bounding_box()
                  for name in ("title", "kind", "day"))  # fmt: skip

    screenshot(visitor, "line")
    assert title["width"] > 250 and kind["width"] > 100
    assert title["y"] + title["height"] <= day["y"]
