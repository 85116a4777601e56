"""Tasks and appointments that belong to a deal: on screens, in calls, lists, calendars and undo."""

import json

import pytest
from django.utils import timezone

from circulo.agenda import actions as agenda
from circulo.agenda import plans
from circulo.agenda.models import Entry
from circulo.agenda.tests.files import brought, event
from circulo.api.tests.calls import Program as Caller
from circulo.dav.tests.programs import Program
from circulo.lib.acting import acting
from circulo.lib.errors import Invalid, RuleBroken
from circulo.records.actions.undoing import undo_changes
from circulo.records.models import ChangeSet
from circulo.sales import actions
from circulo.sales.models import DealStep
from circulo.testing.cost import query_cost
from circulo.testing.make import (
    make_appointment,
    make_contact,
    make_deal,
    make_task,
    make_team,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def seller(client):
    seller = make_user(team=make_team(), language="en")
    client.force_login(seller)
    return seller


def deal_of(seller, title="Wine for the fair", **more):
    return make_deal(title=title, owner=seller, party=make_contact(owner=seller), **more)


def text_of(client, path):
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.content.decode()


def said(user, **more):
    return {"title": "Send it", "kind": "todo", "owner": user.opaque, "priority": "normal"} | more


def test_a_task_is_added_to_a_deal_by_its_form_with_the_party_of_that_deal(client, seller):
    deal = deal_of(seller)
    form = text_of(client, f"/tasks/new?deal={deal.public_id}")
    assert "Wine for the fair" in form and f'value="{deal.public_id}"' in form

    client.post("/tasks/new", said(seller, deal="wine for the fair"))

    task = Entry.objects.get()
    assert task.deal_step.deal == deal and task.party == deal.party
    assert deal.get_absolute_url() in text_of(client, task.get_absolute_url())
    assert "Wine for the fair" in text_of(client, "/tasks")
    assert "Send it" in text_of(client, deal.get_absolute_url())


def test_today_says_which_deal_a_task_belongs_to(client, seller):
    deal = deal_of(seller)
    make_task(owner=seller, deal=deal.public_id, due_on="2026-01-15")
    page = text_of(client, "/")
    assert f'<a class="link" href="{deal.get_absolute_url()}">Wine for the fair</a>' in page


def test_deals_of_one_title_are_told_apart_and_what_is_none_is_said(client, seller):
    first, second = deal_of(seller), deal_of(seller)

    answer = client.post("/tasks/new", said(seller, deal="Wine for the fair"))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert first.public_id in page and str(second.party) in page
    client.post("/tasks/new", said(seller, deal="Wine for the fair", deal_id=second.public_id))
    assert Entry.objects.get().deal_step.deal == second

    answer = client.post("/tasks/new", said(seller, deal="No such thing"))
    assert answer.status_code == 422
    assert "Nothing that you can change goes by this name." in answer.content.decode()


def test_an_entry_is_moved_to_another_deal_and_taken_off_it(client, seller):
    first, second = deal_of(seller), deal_of(seller, "Oil")
    task = make_task(owner=seller, deal=first.public_id)
    edit = f"{task.get_absolute_url()}/edit"
    assert "Wine for the fair" in text_of(client, edit)

    client.post(edit, said(seller, title=task.title, deal="Oil"))
    assert DealStep.objects.get().deal == second
    client.post(edit, said(seller, title=task.title, deal=""))
    assert not DealStep.objects.exists()


def test_what_is_typed_finds_deals_that_one_may_change_by_their_title_or_party(client, seller):
    deal = deal_of(seller)
    make_deal(title="Wine elsewhere", owner=make_user(team=make_team()))

    page = text_of(client, "/tasks/belonging?deal=wine")

    assert page.count("<option") == 1 and str(deal.party) in page
    assert "<option" not in text_of(client, "/tasks/belonging?deal=wi")
    assert "<option" not in text_of(client, "/tasks/belonging?case=wine")


def test_who_does_not_see_a_deal_reads_nothing_of_it_and_leaves_it_there(client, seller):
    other = make_user(team=make_team(), language="en")
    deal = deal_of(other, "Secret")
    task = make_task(owner=other, deal=deal.public_id)
    agenda.assign_entries([task.pk], to=seller, by=other)
    path = task.get_absolute_url()

    for page in (path, f"{path}/edit", "/tasks"):
        assert "Secret" not in text_of(client, page) and deal.public_id not in text_of(client, page)
    client.post(f"{path}/edit", said(seller, title="Another title", deal=""))

    assert DealStep.objects.get().deal == deal and Entry.objects.get().title == "Another title"
    with pytest.raises(Invalid) as refused:
        plans.read({"title": "x", "deal": deal.public_id}, is_appointment=False, by=seller)
    assert "deal" in refused.value.fields


@pytest.mark.usefixtures("in_english")
def test_who_may_only_look_at_a_deal_plans_nothing_for_it(seller):
    looks = make_user("auditor", language="en")
    deal = deal_of(seller)

    with pytest.raises(Invalid) as refused:
        plans.read({"title": "x", "deal": deal.public_id}, is_appointment=False, by=looks)

    assert "You may see this record, but not change it." in str(refused.value.fields["deal"])


def test_a_task_is_added_in_place_on_the_page_of_a_deal(client, seller):
    deal = deal_of(seller)
    path = f"{deal.get_absolute_url()}/plan"

    for _twice in range(2):
        answer = client.post(path, {"title": "Call", "once": "k"}, headers={"HX-Request": "true"})

    page = answer.content.decode()
    assert answer.status_code == 200 and page.count("Call") >= 1 and "<html" not in page
    assert "Planned: Call." in answer.headers["HX-Trigger"]
    assert Entry.objects.get().deal_step.deal == deal
    refused = client.post(path, {"title": " "}, headers={"HX-Request": "true"})
    assert refused.status_code == 422


def test_whoever_plans_the_next_step_is_reminded_of_it_in_the_morning_of_its_day(client, seller):
    deal = deal_of(seller)
    page = client.get(deal.get_absolute_url()).content.decode()
    assert 'name="remind" value="1" checked' in page

    for title, more in (("Call", {"remind": "1"}), ("Write", {})):
        said = {"title": title, "day": "2030-02-01", "once": title, **more}
        client.post(f"{deal.get_absolute_url()}/plan", said)

    call, write = Entry.objects.order_by("pk")
    ring = call.reminders.get()
    assert (ring.minutes, f"{timezone.localtime(ring.rings_at):%Y-%m-%d %H:%M}") == (
        0, "2030-02-01 09:00")  # fmt: skip
    assert not write.reminders.exists()


def test_a_repeating_step_belongs_to_its_deal_once_done_and_next_time(seller):
    deal = deal_of(seller)
    task = make_task(owner=seller, deal=deal.public_id, due_on="2027-02-01", repeat="FREQ=DAILY")

    agenda.complete_entries([task.pk], by=seller)

    assert DealStep.objects.filter(deal=deal).count() == 2
    assert {step.entry.state for step in deal.steps.all()} == {"open", "done"}


def test_the_api_gives_and_takes_the_deal(seller, client):
    api, deal = Caller(seller), deal_of(seller)

    made = api.post("tasks", {"title": "Call", "deal": deal.public_id}).json()
    assert (made["deal"], made["deal_title"]) == (deal.public_id, "Wine for the fair")
    assert made["party"] == deal.party.public_id
    criterion = json.dumps({"field": "deal", "op": "is", "value": deal.public_id})
    make_task(owner=seller)
    listed = api.get("tasks", filter=criterion).json()["items"]
    assert [one["id"] for one in listed] == [made["id"]]
    kept = api.patch(f"tasks/{made['id']}", {"deal": None}).json()
    assert kept["deal"] is None and not DealStep.objects.exists()
    assert api.post("tasks", {"title": "x", "deal": "deal_nothing"}).status_code == 422


def test_a_list_costs_the_same_for_one_deal_as_for_many(client, seller):
    make_task(owner=seller, deal=deal_of(seller).public_id)
    cost_of_one = query_cost(client.get, "/tasks")
    for _ in range(4):
        make_task(owner=seller, deal=deal_of(seller).public_id)
    assert query_cost(client.get, "/tasks") == cost_of_one


def test_calendars_of_other_programs_give_and_take_the_deal(seller):
    deal, program = deal_of(seller), Program(seller)
    entry = make_appointment(owner=seller, deal=deal.public_id)
    path = f"appointments/{entry.public_id}.ics"

    text = program.ask("GET", path).content.decode()
    assert f"X-CIRCULO-DEAL:{deal.public_id}" in text
    other = deal_of(seller, "Oil")
    changed = text.replace(deal.public_id, other.public_id)
    assert program.ask("PUT", path, changed, If_Match=program.etag(path)).status_code < 300
    assert DealStep.objects.get().deal == other
    without = "".join(line for line in changed.splitlines(True) if "X-CIRCULO" not in line)
    assert program.ask("PUT", path, without, If_Match=program.etag(path)).status_code < 300
    assert DealStep.objects.get().deal == other
    strange = without.replace("END:VEVENT", "X-CIRCULO-DEAL:deal_0000\r\nEND:VEVENT")
    assert program.ask("PUT", path, strange, If_Match=program.etag(path)).status_code < 300
    assert DealStep.objects.get().deal == other


def test_a_program_hears_that_an_entry_belongs_to_another_deal(seller):
    entry, program = make_appointment(owner=seller), Program(seller)
    path = f"appointments/{entry.public_id}.ics"
    before = program.etag(path)

    actions.put_steps([(entry, deal_of(seller).pk)], by=seller)

    assert program.etag(path) != before


def test_another_deal_is_undone_and_a_binned_deal_takes_no_steps(client, seller):
    first, second = deal_of(seller), deal_of(seller, "Oil")
    task = make_task(owner=seller, deal=first.public_id)
    plan = plans.read({"deal": second.public_id}, is_appointment=False, by=seller, entry=task)
    with acting(seller.pk, "screen") as act:
        agenda.change_entry(task, plan, by=seller)
    assert DealStep.objects.get().deal == second

    undo_changes(ChangeSet.objects.get(pk=act.change_set or 0), by=seller)
    assert DealStep.objects.get().deal == first

    actions.bin_deals([first.pk], by=seller)
    assert "Wine for the fair" not in text_of(client, task.get_absolute_url())
    with pytest.raises(RuleBroken):
        actions.put_steps([(make_task(owner=seller), first.pk)], by=seller)


def test_a_calendar_that_differs_in_its_deal_alone_is_brought_in_again(seller, tmp_path):
    deal, other = deal_of(seller), deal_of(seller, "Oil")
    ours = f"X-CIRCULO-DEAL:{deal.public_id}"
    text = event("DTSTART:20270201T090000Z", "ATTENDEE:mailto:guest@x.example", ours)
    brought(tmp_path, text, seller)
    guest = Entry.objects.get().participants.get(email="guest@x.example").pk

    changed = brought(tmp_path, text.replace(deal.public_id, other.public_id), seller)
    again = brought(tmp_path, text.replace(deal.public_id, other.public_id), seller)
    without = brought(tmp_path, text.replace(f"{ours}\r\n", ""), seller)

    assert [(one.updated, one.skipped) for one in (changed, again, without)] == [
        (1, 0), (0, 1), (0, 1)]  # fmt: skip
    assert DealStep.objects.get().deal == other
    assert Entry.objects.get().participants.get(email="guest@x.example").pk == guest
