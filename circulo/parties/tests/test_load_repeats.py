"""Rows of one file that speak of the same party become one, whatever each of them says of it."""

import json

import pytest
from django.core.management import call_command
from django.urls import reverse

from circulo.parties.models import Party
from circulo.parties.tests.test_load_contacts import counts, given, loaded, started
from circulo.records import batches
from circulo.records.actions import running
from circulo.testing.make import make_contact, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
HEADINGS = "Name,NIF,Email,Phone,Job title\n"
FULL = "Ana Gil Mora,12345678Z,ana@x.es,600111222,Buyer\n"


@pytest.mark.parametrize(
    "later",
    [
        "Ana Gil Mora,,ana@x.es,,Director\n",
        "Ana Gil Mora,,,600111222,Director\n",
        "Ana Gil Mora,12345678Z,,,Director\n",
        "Ana Gil Mora,,other@x.es; ana@x.es,,Director\n",
    ],
)
@pytest.mark.parametrize("at_once", [1, 2_500])
def test_a_later_row_that_says_less_is_the_same_person(tmp_path, monkeypatch, later, at_once):
    monkeypatch.setattr(batches, "BATCH", at_once)

    assert loaded(given(tmp_path, HEADINGS + FULL + later), "contacts") == (1, 1, 0, 0)

    assert Party.objects.people().get().job_title == "Director"


def test_a_row_is_known_again_by_what_a_later_one_added(tmp_path):
    rows = "Ana Gil,,ana@x.es,,\nAna Gil,,ana@x.es; new@x.es,,\nGil,,new@x.es,,Director\n"

    assert loaded(given(tmp_path, HEADINGS + rows), "contacts") == (1, 2, 0, 0)


def test_where_what_is_there_stays_the_second_row_is_left_out(tmp_path):
    path = given(tmp_path, HEADINGS + FULL + "Ana Gil Mora,,ana@x.es,,Director\n")

    assert loaded(path, "contacts", on_duplicate="skip") == (1, 0, 1, 0)

    assert Party.objects.people().get().job_title == "Buyer"


def test_where_every_row_is_new_both_come_in(tmp_path):
    path = given(tmp_path, HEADINGS + FULL + "Ana Gil Mora,,ana@x.es,,Director\n")

    assert loaded(path, "contacts", on_duplicate="create") == (2, 0, 0, 0)


def test_two_of_one_name_who_share_nothing_else_stay_two(tmp_path):
    rows = "Ana Gil,,ana@x.es,,\nAna Gil,,ana@y.es,,\n"

    assert loaded(given(tmp_path, HEADINGS + rows), "contacts") == (2, 0, 0, 0)


def test_companies_of_one_name_with_tax_ids_of_their_own_stay_two(tmp_path):
    rows = "Name,CIF\nAcme,\nAcme,A58818501\nAcme,B12345674\n"

    assert loaded(given(tmp_path, rows), "companies") == (2, 1, 0, 0)


@pytest.mark.parametrize("at_once", [1, 2_500])
def test_a_check_tells_which_row_repeats_which(tmp_path, monkeypatch, client, at_once):
    monkeypatch.setattr(batches, "BATCH", at_once)
    make_contact(emails=["luis@x.es"])
    rows = FULL + "Luis,,luis@x.es,,\nAna Gil Mora,,ana@x.es,,\n"
    boss = make_user("admin")

    load = running.check_load(started(given(tmp_path, HEADINGS + rows), "contacts", by=boss))

    assert (load.created, load.repeated) == (1, 1)
    assert [(told.row, told.same_as) for told in load.doubts.all()] == [(4, 2)]
    client.force_login(boss)
    page = client.get(reverse("desk:show_import", args=[load.public_id])).content.decode()
    assert "fila 4 es la misma que la fila 2" in page


def test_the_command_counts_them(tmp_path, capsys, settings):
    settings.HOME = tmp_path
    path = given(tmp_path, HEADINGS + FULL + FULL)
    call_command("load", str(path), "--as", "contacts", "--dry-run", "--json")

    assert json.loads(capsys.readouterr().out)["repeated"] == 1


def test_a_batch_that_is_given_again_does_not_repeat_itself(tmp_path):
    load = started(given(tmp_path, HEADINGS + FULL), "contacts")

    assert [counts(running.check_load(load)) for _time in range(2)] == [(1, 0, 0, 0)] * 2
