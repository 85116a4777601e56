"""The pages of change sets: found by whom they concern, undone with what was decided."""

import json
import re

import pytest
from django.core.management import call_command
from procrastinate.contrib.django.models import ProcrastinateJob

from circulo.accounts.models import Role
from circulo.desk import jobs as desk_jobs
from circulo.desk.bulk import write_batch
from circulo.lib.acting import acting
from circulo.parties import actions
from circulo.parties.models import Party
from circulo.records import background, jobs, told_changes
from circulo.records.actions import many, undoing
from circulo.records.models import ChangeSet
from circulo.records.tests.steps import change
from circulo.records.verify import verify
from circulo.testing.cost import query_cost
from circulo.testing.make import make_contact, make_team, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client):
    user = make_user("admin", language="en")
    client.force_login(user)
    return user


def few_at_once(monkeypatch):
    monkeypatch.setattr(many, "AT_ONCE", 2)
    monkeypatch.setattr(many, "BATCH", 2)
    monkeypatch.setattr(undoing, "AT_ONCE", 2)
    monkeypatch.setattr(undoing, "BATCH", 2)


def give_all(client, **said):
    return client.post("/contacts/bulk/lifecycle", {"every": 1, "sure": 1, "value": "lead"} | said)


def test_a_person_sees_their_own_changes_and_an_administrator_all(client, admin):
    seller, other = make_user(team=make_team()), make_user(team=make_team())
    mine = change(make_contact(owner=seller), seller, job_title="x")
    theirs = change(make_contact(owner=other), other, job_title="x")

    page = client.get("/changes").content.decode()
    assert mine.url in page and theirs.url in page
    client.force_login(seller)
    page = client.get("/changes").content.decode()

    assert mine.url in page and theirs.url not in page
    assert client.get(theirs.url).status_code == 404
    assert client.post(f"{theirs.url}/undo").status_code == 404


def test_names_of_records_out_of_sight_are_not_told(client, admin):
    seller = make_user(team=make_team())
    party = make_contact(owner=seller, given_name="Secreta")
    kept = change(party, seller, job_title="x")
    Party.objects.filter(pk=party.pk).update(owner=admin)
    client.force_login(seller)

    assert "Secreta" not in client.get("/changes").content.decode()
    assert "Secreta" not in client.get(kept.url).content.decode()


def test_a_clash_is_listed_and_put_back_only_where_it_is_ticked(client, admin):
    party = make_contact(owner=admin, job_title="old")
    kept = change(party, admin, job_title="mine")
    change(party, admin, job_title="later")

    page = client.get(kept.url).content.decode()
    assert f'value="party:{party.public_id}"' in page and "Job title" in page
    client.post(f"{kept.url}/undo", {"mine": ["a\0b", "party:\0"]})
    party.refresh_from_db()
    assert party.job_title == "later"

    client.post(f"{kept.url}/undo", {"mine": [f"party:{party.public_id}"]})
    party.refresh_from_db()
    assert party.job_title == "old"


def test_an_undo_offers_to_do_again_what_it_undid(client, admin):
    party = make_contact(owner=admin)
    kept = change(party, admin, job_title="x")

    client.post(f"{kept.url}/undo")
    again = re.search(r'data-undo="([^"]+)"', client.get("/contacts").content.decode())
    client.post((again or [""] * 2)[1])

    party.refresh_from_db()
    assert party.job_title == "x"


def test_an_undone_addition_does_not_lead_to_a_page_that_is_gone(client, admin):
    with acting(admin.pk, "screen") as act:
        party = make_contact(owner=admin)
    kept = ChangeSet.objects.get(pk=act.change_set or 0)

    page = f"http://testserver{party.get_absolute_url()}"
    answer = client.post(f"{kept.url}/undo", headers={"Referer": page}, follow=True)

    assert answer.status_code == 200
    assert not Party.objects.filter(pk=party.pk).exists()


def test_many_are_changed_by_a_job_with_progress_and_undone_by_one(client, admin, monkeypatch):
    few_at_once(monkeypatch)
    parties = [make_contact(owner=admin) for _n in range(5)]

    answer = give_all(client)
    bulk = ChangeSet.objects.get(kind="bulk")
    assert (answer.status_code, answer["Location"]) == (302, bulk.url)
    assert bulk.is_running and bulk.total == 5
    assert "hx-trigger" in client.get(bulk.url).content.decode()
    assert ProcrastinateJob.objects.filter(task_name="desk.change_many").exists()
    desk_jobs.change_many(bulk.pk)
    bulk.refresh_from_db()
    assert (bulk.state, bulk.done, bulk.keys) == ("done", 5, None)
    assert Party.objects.filter(lifecycle="lead").count() == 5

    client.post(f"{bulk.url}/undo")
    undo = ChangeSet.objects.get(kind="undo")
    assert undo.is_running
    jobs.undo_changes(undo.pk)
    undo.refresh_from_db()
    assert (undo.state, undo.done) == ("done", 5)
    assert Party.objects.filter(pk__in=[p.pk for p in parties], lifecycle="contact").count() == 5


def test_what_is_stopped_half_way_can_be_undone(client, admin, monkeypatch):
    few_at_once(monkeypatch)
    for _n in range(5):
        make_contact(owner=admin)
    give_all(client)
    bulk = ChangeSet.objects.get(kind="bulk")
    many.run_many(bulk, write_batch, is_enough=lambda: True)

    client.post(f"{bulk.url}/cancel")
    desk_jobs.change_many(bulk.pk)
    assert Party.objects.filter(lifecycle="lead").count() == 2
    client.post(f"{bulk.url}/undo")

    assert Party.objects.filter(lifecycle="lead").count() == 0


def test_what_lost_its_job_is_found_and_taken_up_again(client, admin, monkeypatch):
    few_at_once(monkeypatch)
    for _n in range(5):
        make_contact(owner=admin)
    give_all(client)
    ProcrastinateJob.objects.all().delete()

    assert "records.running_has_a_job" in {each["invariant"] for each in verify()}
    background.revive()

    assert not verify()


def test_records_that_left_ones_reach_meanwhile_are_left_alone(client, monkeypatch):
    few_at_once(monkeypatch)
    seller = make_user("seller", team=make_team())
    client.force_login(seller)
    parties = [make_contact(owner=seller) for _n in range(4)]
    give_all(client)
    Party.objects.filter(pk=parties[3].pk).update(owner=make_user("admin"))
    bulk = ChangeSet.objects.get(kind="bulk")

    desk_jobs.change_many(bulk.pk)

    bulk.refresh_from_db()
    assert (bulk.done, bulk.refused) == (3, 1)


def test_the_command_undoes_a_load_by_the_name_it_gave(tmp_path, capsys):
    file = tmp_path / "few.csv"
    file.write_text("Nombre,Email,Empresa\nAna,ana@x.es,Acme\nEva,eva@x.es,Acme\n")
    call_command("load", str(file), type="contacts", json=True)
    named = json.loads(capsys.readouterr().out)["change_set"]
    assert Party.objects.count() == 3

    call_command("undo", named, json=True)

    told = json.loads(capsys.readouterr().out)
    assert (told["state"], told["kept"], told["restored"]) == ("done", 0, told["rows"])
    assert not Party.objects.exists()


def test_an_edit_tells_which_fields_changed_from_what_to_what(client, admin):
    party = make_contact(owner=admin, given_name="Ana", job_title="Buyer")
    kept = change(party, admin, job_title="Owner", source="Fair")

    for path in ("/changes", kept.url):
        page = client.get(path).content.decode()
        assert f'href="{party.get_absolute_url()}"' in page
        assert "Buyer</del>" in page and "Owner</ins>" in page and "Fair</ins>" in page


def test_of_many_records_the_first_are_told_and_the_rest_counted(client, admin):
    made = [make_contact(owner=admin) for _n in range(4)]
    with acting(admin.pk, "screen") as act:
        actions.edit_parties([one.pk for one in made], {"lifecycle": "lead"}, by=admin)
    kept = ChangeSet.objects.get(pk=act.change_set or 0)

    listed = client.get("/changes").content.decode()

    assert "and 2 more records" in listed
    whole = client.get(kept.url).content.decode()
    assert whole.count('class="told"') == 4 and "more record" not in whole


def test_of_more_records_than_are_looked_at_no_number_is_told(client, admin, monkeypatch):
    monkeypatch.setattr(told_changes, "MOST_READ", 3)
    made = [make_contact(owner=admin) for _n in range(4)]
    with acting(admin.pk, "screen"):
        actions.edit_parties([one.pk for one in made], {"lifecycle": "lead"}, by=admin)

    page = client.get("/changes").content.decode()

    assert "and more records" in page and "more record<" not in page


def test_what_a_role_does_not_see_of_a_record_is_not_told_here_either(client, admin):
    seller = make_user(team=make_team(), language="en")
    party = make_contact(owner=seller)
    kept = change(party, seller, notes="Hush", job_title="Owner")
    Role.objects.filter(pk="seller").update(hidden={"contacts": ["notes"]})
    client.force_login(seller)

    for path in ("/changes", kept.url):
        page = client.get(path).content.decode()
        assert "Owner" in page and "Hush" not in page


def test_the_list_costs_the_same_for_one_as_for_many(client, admin):
    change(make_contact(owner=admin), admin, job_title="x")
    client.get("/changes")
    cost_of_one = query_cost(client.get, "/changes")
    for _n in range(5):
        change(make_contact(owner=admin), admin, job_title="x")
    assert query_cost(client.get, "/changes") == cost_of_one


def test_the_api_lists_and_shows_with_what_an_undo_would_meet(client, admin):
    from circulo.accounts.actions import add_token

    headers = {"Authorization": f"Bearer {add_token(admin)}"}
    party = make_contact(owner=admin)
    kept = change(party, admin, job_title="a")
    change(party, admin, job_title="b")

    listed = client.get("/api/v1/change-sets?limit=1", headers=headers).json()
    assert len(listed["items"]) == 1 and listed["next"]
    assert (listed["count"], listed["count_is_exact"]) == (ChangeSet.objects.count(), True)
    told = client.get(f"/api/v1/change-sets/{kept.public_id}", headers=headers).json()
    assert told["clashes"] == [
        {"said": f"party:{party.public_id}", "fields": ["job_title"], "why": "changed"}
    ]
