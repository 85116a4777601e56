"""The offer to undo the newest change once the message after it is gone."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from circulo.lib.acting import acting
from circulo.records.actions import attach
from circulo.records.actions.undoing import undo_changes
from circulo.records.tests.steps import change
from circulo.testing.make import make_contact, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _home(settings, tmp_path):
    settings.HOME = tmp_path


@pytest.fixture
def admin(client):
    user = make_user("admin", language="en")
    client.force_login(user)
    return user


def offered(client):
    answer = client.get("/changes/last", headers={"HX-Request": "true"})
    [toast] = json.loads(answer["HX-Trigger"])["toast"]["toasts"]
    return toast


def test_the_newest_of_ones_own_that_is_not_undone_is_offered(client, admin):
    party = make_contact(given_name="Eva", owner=admin)
    first = change(party, admin, job_title="a")
    second = change(party, admin, job_title="b")
    change(make_contact(), make_user("admin"), job_title="c")

    toast = offered(client)
    assert toast["undo"] == f"{second.url}/undo" and "Eva" in toast["text"]
    client.post(toast["undo"])
    assert offered(client)["undo"] == f"{first.url}/undo"
    undo_changes(first, by=admin)

    toast = offered(client)
    assert toast["undo"] == "" and "nothing of yours" in toast["text"]


def test_what_was_added_to_a_record_is_offered_by_the_name_of_that_record(client, admin):
    party = make_contact(given_name="Eva", owner=admin)
    with acting(admin.pk, "screen"):
        attach("party", party.pk, [SimpleUploadedFile("a.txt", b"a")], by=admin)

    assert "Eva" in offered(client)["text"]


def test_without_a_script_the_offer_stands_on_the_page_of_changes(client, admin):
    kept = change(make_contact(owner=admin), admin, job_title="a")

    page = client.get("/changes/last", follow=True)

    assert page.redirect_chain[-1][0] == "/changes"
    assert f'data-undo="{kept.url}/undo"' in page.content.decode()
