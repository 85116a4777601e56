"""New rows that may speak of somebody who is here: told by a check, left out where asked."""

import json

import pytest
from django.core.management import call_command

from circulo.parties.models import Party
from circulo.parties.tests.test_load_contacts import counts, given, started
from circulo.records.actions import running
from circulo.testing.cost import query_cost
from circulo.testing.make import make_company, make_contact, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
ROWS = "Name,Email\nAna Gil Mora,ana@new.es\nAna,a@new.es\nPía Sanz Rey,pia@new.es\n"


@pytest.fixture
def ana():
    return make_contact(given_name="Ana", first_surname="Gil", second_surname="Mora",
                        emails=["ana@old.es"], owner=make_user())  # fmt: skip


def checked(path, type_name="contacts", **told):
    return running.check_load(started(path, type_name, **told))


def test_a_check_tells_which_new_rows_somebody_here_may_be(tmp_path, ana):
    make_contact(given_name="Ana", first_surname="")

    load = checked(given(tmp_path, ROWS))

    assert (counts(load), load.alike) == ((3, 0, 0, 0), 1)
    assert [(doubt.row, doubt.keys) for doubt in load.doubts.all()] == [(2, [ana.pk])]


def test_an_address_tells_where_the_key_is_another(tmp_path, ana):
    load = checked(given(tmp_path, "Name,Email\nNieves Ros,ana@old.es\n"), key="name")

    assert load.doubts.get().keys == [ana.pk]


def test_a_tax_id_tells_of_a_company(tmp_path):
    acme = make_company(name="Acme", tax_id="A58818501")

    load = checked(given(tmp_path, "Name,CIF\nOtra,A58818501\n"), "companies", key="name")

    assert load.doubts.get().keys == [acme.pk]


def test_a_second_check_forgets_the_first(tmp_path, ana):
    load = checked(given(tmp_path, ROWS))
    ana.delete()

    load = running.check_load(load)

    assert (load.alike, load.doubts.count()) == (0, 0)


def test_rows_in_doubt_are_left_out_where_asked_and_say_who_it_may_be(tmp_path, ana):
    load = running.run_load(started(given(tmp_path, ROWS), "contacts", leaves_alike=True))

    assert counts(load) == (2, 0, 0, 1)
    refusal = load.refusals.get()
    assert refusal.row == 2 and ana.name in refusal.reason and ana.public_id in refusal.reason


def test_the_same_name_twice_in_a_file_is_in_doubt_too(tmp_path):
    text = "Name,Email\nPía Sanz Rey,pia@a.es\n" + "x,\n" * 3000 + "Pía Sanz Rey,pia@b.es\n"

    load = running.run_load(started(given(tmp_path, text), "contacts", leaves_alike=True))

    assert Party.objects.filter(first_surname="Sanz").count() == 1
    assert load.refusals.filter(row=3003).exists()


def test_nobody_out_of_sight_is_named(tmp_path, ana):
    assert checked(given(tmp_path, ROWS), by=make_user("seller")).alike == 0
    assert checked(given(tmp_path, ROWS), by=make_user("marketer")).alike == 1


def test_what_the_role_hides_tells_nothing(tmp_path, ana):
    marketer = make_user("marketer")
    marketer.role.hidden = {"contacts": ["emails"]}
    marketer.role.save()

    row = given(tmp_path, "Name,Job title\nNieves Ros,x\n")
    assert checked(row, by=marketer, key="name").alike == 0


def test_who_says_that_every_row_is_new_is_not_asked(tmp_path, ana):
    assert checked(given(tmp_path, ROWS), on_duplicate="create").alike == 0


def test_a_check_costs_as_many_statements_for_many_rows_as_for_few(tmp_path, ana):
    few = given(tmp_path, ROWS)
    more = given(tmp_path, ROWS + "Ana Gil Mora,z@new.es\n" * 200, "more.csv")

    assert query_cost(checked, few) == query_cost(checked, more)


def test_the_command_tells_it(tmp_path, ana, capsys, settings):
    settings.HOME = tmp_path
    call_command("load", str(given(tmp_path, ROWS)), "--as", "contacts", "--dry-run", "--json")

    assert json.loads(capsys.readouterr().out)["alike"] == 1
