"""The message after an undo says what was undone."""

import pytest

from circulo.agenda import actions as agenda
from circulo.lib.acting import acting, changing
from circulo.parties import actions as parties
from circulo.records.models import ChangeSet
from circulo.records.tests.steps import change
from circulo.sales import actions as sales
from circulo.sales.models import Reason
from circulo.testing.make import (
    make_company,
    make_contact,
    make_deal,
    make_lead,
    make_price_rule,
    make_task,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client):
    user = make_user("admin", language="en")
    client.force_login(user)
    return user


def undone(client, change_set=None):
    """Undo a change set, the newest where none is named; what the message says."""
    found = change_set or ChangeSet.objects.order_by("-pk")[0]
    answer = client.post(f"{found.url}/undo", follow=True)
    page = answer.content.decode()
    return page.partition('<div class="toast')[2].partition("<p>")[2].partition("</p>")[0]


def test_a_deal_says_what_it_is_again(client, admin):
    deal = make_deal(title="Feria", owner=admin)
    reason = Reason.objects.filter(outcome="lost").first()
    with acting(admin.pk, "screen"):
        sales.lose_deal(deal, by=admin, reason=reason)
    lost = ChangeSet.objects.order_by("-pk")[0]

    assert undone(client, lost) == "Open again: Feria."
    assert undone(client) == "Lost again: Feria."


def test_a_lead_and_a_task_say_what_they_are_again(client, admin):
    lead = make_lead(owner=admin)
    with acting(admin.pk, "screen"):
        type(lead).objects.filter(pk=lead.pk).update(status="working")
    assert undone(client) == f"New again: {lead}."

    task = make_task(owner=admin, title="Llamar")
    with acting(admin.pk, "screen"):
        agenda.complete_entries([task.pk], by=admin)
    assert undone(client) == "Open again: Llamar."


def test_other_changes_say_the_fields_as_they_are_again(client, admin):
    party = make_contact(given_name="Eva", first_surname="Gil", owner=admin, job_title="Jefa")
    kept = change(party, admin, job_title="Socia")
    assert undone(client, kept) == "Undone: Eva Gil · Job title: Jefa."

    kept = change(party, admin, job_title="Socia", notes="n", source="Feria")
    assert undone(client, kept).endswith("and 1 more field.")


def test_what_comes_goes_and_is_parted_is_named(client, admin):
    with acting(admin.pk, "screen"):
        company = make_company(name="Norte", owner=admin)
    assert undone(client) == "Taken away again: Norte."

    company = make_company(name="Sur", owner=admin)
    with acting(admin.pk, "screen"), changing("delete", by=admin.pk):
        parties.bin_parties([company.pk], by=admin)
    assert undone(client) == "Out of the bin: Sur."

    many = [make_company(name=name, owner=admin).pk for name in "ABCDE"]
    with acting(admin.pk, "screen"), changing("delete", by=admin.pk):
        parties.bin_parties(many, by=admin)
    assert undone(client) == "Undone: A, B, C and 2 more records."


def test_what_has_no_name_is_called_by_its_kind(client, admin):
    with acting(admin.pk, "screen"):
        make_price_rule(value=5)
    assert undone(client) == "Undone: Price rule."


def test_those_who_were_merged_are_apart_again(client, admin):
    one, other = (make_contact(given_name=name, first_surname="Gil", owner=admin) for name in "AB")
    with acting(admin.pk, "screen"):
        parties.merge_parties(one, [other], by=admin)

    assert undone(client) == "Apart again: B Gil."
