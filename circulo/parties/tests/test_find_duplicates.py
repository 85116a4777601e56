import json
from typing import Any

import pytest
from django.core.management import call_command
from django.urls import reverse

from circulo.parties import actions, jobs
from circulo.parties.actions.duplicates import keep_pairs, merge_by_rule
from circulo.parties.duplicates.searching import Found
from circulo.parties.linkage.engine import Pair
from circulo.parties.models import Duplicate, DuplicateSearch, MergeRule, Party
from circulo.records.actions.undoing import undo_changes
from circulo.records.models import ChangeSet
from circulo.testing.make import make_contact, make_user

pytestmark = pytest.mark.django_db
SURNAMES = ("Pardo", "Calvo", "Nieto", "Vega", "Sanz", "Moya", "Cano", "Rubio", "Campos", "Bravo")
GIVEN = ("Ana", "Eva", "Luis", "Marta", "Pablo", "Hugo", "Sara")
AGREEING = {"given_name": "same", "surnames": "same", "emails": "same"}


@pytest.fixture(autouse=True)
def own_home(settings, tmp_path):
    settings.HOME = tmp_path


def crowd():
    for number in range(70):
        make_contact(
            given_name=GIVEN[number % 7],
            first_surname=SURNAMES[number // 7],
            second_surname=SURNAMES[number * 3 % 10],
            emails=[f"p{number}@uno.es"],
            birthday=f"19{50 + number % 50}-0{1 + number % 9}-{10 + number % 18}",
        )


def twin(number=0, **said):
    """Somebody whom the crowd has already, by another form of the name."""
    one = Party.objects.people().order_by("pk")[number]
    told = {
        "given_name": one.given_name,
        "first_surname": one.first_surname,
        "emails": [one.points.get().value],
        "birthday": one.birthday.isoformat(),
    }
    return one, make_contact(**told | said)


def dedupe(capsys, *arguments):
    call_command("dedupe", *arguments, "--json")
    return json.loads(capsys.readouterr().out)


def test_what_is_there_twice_is_found_and_later_only_what_changed_is_looked_at(capsys):
    crowd()
    one, again = twin()

    rehearsed = dedupe(capsys, "--dry-run")
    assert (rehearsed["pairs"], rehearsed["new"], Duplicate.objects.count()) == (1, 0, 0)

    first = dedupe(capsys)
    assert (first["learned"], first["looked_at"], first["new"]) == (True, 71, 1)
    pair = Duplicate.objects.get()
    assert (pair.first, pair.second, pair.reasons["emails"]) == (one, again, "same")

    second = dedupe(capsys)
    assert (second["learned"], second["looked_at"], second["new"]) == (False, 0, 0)

    twin(5)
    third = dedupe(capsys)
    assert (third["learned"], third["looked_at"], third["new"]) == (False, 1, 1)
    assert Duplicate.objects.count() == 2

    actions.bin_parties([again.pk], by=make_user())
    assert dedupe(capsys)["looked_at"] == 1
    assert Duplicate.objects.count() == 1


def test_what_somebody_said_is_two_is_never_brought_up_again(capsys):
    one, again = make_contact(), make_contact()
    found = Found([Pair(one.pk, again.pk, 0.9, AGREEING)], 2, None)
    keep_pairs("person", found)
    actions.keep_apart([Duplicate.objects.get().pk], by=make_user())

    assert keep_pairs("person", found) == 0
    assert Duplicate.objects.get().is_different
    keep_pairs("person", Found([], 2, None))
    assert Duplicate.objects.get().is_different


def test_an_open_pair_that_is_not_found_any_more_goes():
    one, again = make_contact(), make_contact()
    keep_pairs("person", Found([Pair(one.pk, again.pk, 0.9, {})], 2, None))

    keep_pairs("person", Found([], 2, None, looked_at=[make_contact().pk]))
    assert Duplicate.objects.exists()
    keep_pairs("person", Found([], 2, None, looked_at=[again.pk]))
    assert not Duplicate.objects.exists()


def test_a_search_tells_how_it_went(capsys):
    crowd()
    twin()
    search = actions.start_search("person", by=make_user())
    assert actions.start_search("person", by=None) == search

    jobs.find_duplicates(search.pk)
    jobs.find_duplicates(search.pk)

    search = DuplicateSearch.objects.get()
    assert (search.state, search.records, search.added) == ("done", 71, 1)


def pairs_of(**reasons):
    one, again = make_contact(), make_contact()
    keep_pairs("person", Found([Pair(one.pk, again.pk, 0.995, AGREEING | reasons)], 2, None))
    return one, again


def rule(**values):
    said: dict[str, Any] = {"is_on": True, "least": 0.99, "agreements": ["name", "emails"]}
    said |= values
    return actions.change_merge_rule("person", **said, by=make_user("admin"))


def test_nothing_is_merged_unless_an_administrator_switches_it_on():
    pairs_of()
    assert merge_by_rule("person") == 0
    rule(is_on=False)
    assert merge_by_rule("person") == 0


def test_the_rule_merges_what_agrees_in_all_it_asks_for():
    one, again = pairs_of()
    rule()

    assert merge_by_rule("person") == 1

    again.refresh_from_db()
    assert again.merged_into == one


def test_what_somebody_took_apart_is_not_merged_by_the_rule_again():
    one, again = pairs_of()
    rule()
    merge_by_rule("person")
    merge = ChangeSet.objects.get(kind="merge")

    undo_changes(merge, by=make_user("admin"))
    pair = Pair(one.pk, again.pk, 0.995, AGREEING)
    keep_pairs("person", Found([pair], 2, None))

    assert merge_by_rule("person") == 0
    assert Duplicate.objects.open().exists()


@pytest.mark.parametrize(
    "reasons, values",
    [({"emails": "near"}, {}), ({"birthday": "differs"}, {}), ({}, {"least": 0.999})],
)
def test_the_rule_leaves_what_is_not_sure_to_people(reasons, values):
    pairs_of(**reasons)
    rule(**values)

    assert merge_by_rule("person") == 0


def test_only_an_administrator_sets_the_rule(client):
    client.force_login(make_user("manager"))
    assert client.get(reverse("parties:merging")).status_code == 403
    client.force_login(make_user("admin"))

    said: dict[str, Any] = {
        "person-is_on": "on",
        "person-least": "99.5",
        "organisation-least": "99",
    }
    assert client.post(reverse("parties:merging"), said).status_code == 422
    said["person-agreements"] = ["tax_id", "name"]
    assert client.post(reverse("parties:merging"), said).status_code == 302
    assert MergeRule.objects.get(kind="person").least == 0.995
