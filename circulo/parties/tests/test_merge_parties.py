import random
import threading

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.utils import timezone

from circulo.lib.acting import acting
from circulo.lib.errors import Invalid, RuleBroken
from circulo.parties import actions
from circulo.parties.actions import Merge
from circulo.parties.merge_types import hangings
from circulo.parties.models import Duplicate, Party, Point, Relationship
from circulo.records.actions.undoing import undo_changes
from circulo.records.models import Attachment, ChangeSet
from circulo.records.verify import verify
from circulo.testing.make import make_company, make_contact, make_interaction, make_user
from circulo.timeline.models import Interaction

pytestmark = pytest.mark.django_db


def merge(survivor, *others, **choices):
    return actions.merge_parties(survivor, others, by=None, choices=choices)


def test_every_column_that_points_at_a_party_follows_a_merge():
    known = {(each.table, each.column) for each in hangings()}

    pointing = {
        (model._meta.db_table, field.column)
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if field.concrete and field.is_relation and field.related_model is Party
    }

    assert pointing - known == set()


def test_all_that_happened_hangs_on_the_survivor_and_nothing_is_lost():
    company = make_company()
    stays = make_contact(emails=["ana@uno.es"], tags=["vip"], notes="Llamar por la tarde")
    goes = make_contact(
        emails=["ana@uno.es", "ana@dos.es"], phones=["600 111 222"], tags=["vip", "feria"],
        company=company, birthday="1980-05-12", notes="Prefiere correo",
    )  # fmt: skip
    told = [make_interaction(party=stays), make_interaction(party=goes)]
    Attachment.objects.create(
        record_kind="party", record_id=goes.pk, name="a.txt", content_type="text/plain", size=1,
        sha256="0" * 64, path="a",
    )  # fmt: skip

    survivor = merge(stays, goes)

    assert set(survivor.interactions.all()) == set(told)
    emails = survivor.points.filter(kind="email").values_list("value", "is_primary")
    assert list(emails) == [("ana@uno.es", True), ("ana@dos.es", False)]
    assert survivor.points.get(kind="phone").is_primary
    assert survivor.company == company and survivor.birthday.isoformat() == "1980-05-12"
    assert survivor.tags == ["vip", "feria"]
    assert survivor.notes == "Llamar por la tarde\n\nPrefiere correo"
    assert Relationship.objects.get().party == survivor
    assert Attachment.objects.get().record_id == survivor.pk
    goes.refresh_from_db()
    assert goes.merged_into == survivor and goes.binned_at


def test_values_are_taken_from_whom_one_says():
    stays, goes = make_contact(job_title="Jefa"), make_contact(job_title="Directora", tax_id="")

    assert merge(stays, goes, job_title=goes.pk).job_title == "Directora"


def test_even_a_blank_can_be_chosen():
    stays, goes = make_contact(job_title="Jefa"), make_contact()

    assert merge(stays, goes, job_title=goes.pk).job_title == ""


def test_a_tax_id_comes_with_its_country():
    stays = make_contact()
    goes = make_contact(tax_id="12345678Z", tax_country="ES")

    survivor = merge(stays, goes)

    assert (survivor.tax_id, survivor.tax_country) == ("12345678Z", "ES")
    assert survivor.has_valid_tax_id


def test_one_is_found_by_the_names_and_addresses_it_once_had():
    goes = make_contact(given_name="Maricarmen", first_surname="Ruiz", emails=["mc@antes.es"])
    survivor = merge(make_contact(given_name="Carmen", first_surname="Ruiz"), goes)

    assert "maricarmen" in survivor.search and "mc@antes.es" in survivor.search


def test_ties_among_the_merged_go_and_equal_ties_become_one():
    firm, friend = make_company(), make_contact()
    stays, goes = make_contact(company=firm), make_contact(company=firm)
    by = make_user()
    actions.relate(stays, "related", goes, by=by)
    actions.relate(friend, "related", goes, by=by)
    actions.relate(friend, "related", stays, by=by)

    merge(stays, goes)

    ties = set(Relationship.objects.values_list("party", "kind", "other"))
    assert ties == {(stays.pk, "works_at", firm.pk), (friend.pk, "related", stays.pk)}
    assert Relationship.objects.count() == 2


def test_who_worked_at_the_company_that_goes_works_at_the_one_that_stays():
    stays, goes = make_company(), make_company()
    person = make_contact(company=goes)

    merge(stays, goes)

    person.refresh_from_db()
    assert person.company == stays
    assert verify() == []


def test_a_company_never_belongs_to_itself_however_long_the_way():
    top = make_company()
    middle = make_company(company=top)
    bottom = make_company(company=middle)

    merge(bottom, top)

    assert verify() == []
    middle.refresh_from_db()
    assert middle.company == bottom


def test_what_was_said_of_the_one_is_true_of_the_other():
    stays, goes, third = make_contact(), make_contact(), make_contact()
    Duplicate.objects.create(first=stays, second=goes, probability=0.9)
    Duplicate.objects.create(first=stays, second=third, probability=0.8)
    Duplicate.objects.create(first=goes, second=third, probability=0.7, is_different=True)

    merge(stays, goes)

    left = Duplicate.objects.get()
    assert (left.first, left.second, left.is_different) == (stays, third, True)


def test_those_that_were_merged_before_lead_to_the_last_survivor():
    first, second, third = make_contact(), make_contact(), make_contact()
    merge(second, first)
    merge(third, second)

    first.refresh_from_db()
    assert first.merged_into == third


@pytest.mark.parametrize("kind", ["same", "binned", "kind"])
def test_what_cannot_be_merged_is_refused_with_the_reason(kind):
    stays, goes = make_contact(), make_contact()
    if kind == "same":
        goes = stays
    if kind == "binned":
        Party.objects.filter(pk=goes.pk).update(binned_at=timezone.now())
    if kind == "kind":
        goes = make_company()

    with pytest.raises(RuleBroken):
        merge(stays, goes)


def test_unknown_choices_are_refused():
    stays, goes = make_contact(), make_contact()

    with pytest.raises(Invalid):
        merge(stays, goes, version=goes.pk)
    with pytest.raises(Invalid):
        merge(stays, goes, job_title=make_contact().pk)


def test_a_thousand_merges_are_as_many_statements_as_one():
    def merges(count):
        return [Merge(make_contact().pk, (make_contact().pk,)) for _ in range(count)]

    one, many = merges(1), merges(20)
    with connection.execute_wrapper(counting := Counting()):
        actions.merge_all(one, by=None)
    cost, counting.count = counting.count, 0
    with connection.execute_wrapper(counting):
        actions.merge_all(many, by=None)

    assert counting.count == cost


class Counting:
    count = 0

    def __call__(self, execute, *arguments):
        self.count += 1
        return execute(*arguments)


@pytest.mark.django_db(transaction=True)
def test_what_arrives_while_two_are_merged_ends_on_the_survivor():
    stays, goes, author = make_contact(), make_contact(), make_user()
    told = []

    def tell():
        try:
            told.append(make_interaction(party=goes, by=author))
        finally:
            connection.close()

    with transaction.atomic():
        actions.merge_parties(stays, [goes], by=author)
        thread = threading.Thread(target=tell)
        thread.start()
        thread.join(0.5)
        assert not told, "it waits for the merge"
    thread.join(10)

    assert Interaction.objects.get(pk=told[0].pk).party == stays


def test_what_slipped_past_follows_later():
    stays, goes = make_contact(), make_contact()
    merge(stays, goes)
    Point.objects.create(party=goes, kind="email", value="tarde@uno.es")

    actions.follow_merges()

    assert stays.points.get().is_primary


@pytest.mark.parametrize("seed", range(8))
def test_whatever_is_merged_nothing_is_lost_and_nothing_doubled(seed):
    chance = random.Random(seed)
    group, outside = [make_contact() for _ in range(4)], [make_contact(), make_contact()]
    everybody = [*group, *outside]
    reached = {
        (party.pk, f"{chance.choice('abc')}@uno.es") for party in group for _ in range(3)
    }  # fmt: skip
    for at, (key, value) in enumerate(sorted(reached)):
        Point.objects.create(party_id=key, kind="email", value=value, position=at)
    tied = {
        (chance.choice(everybody).pk, chance.choice(("related", "household")), other.pk)
        for other in everybody for _ in range(3)
    }  # fmt: skip
    for one, kind, other in tied:
        if one != other:
            Relationship.objects.create(party_id=one, kind=kind, other_id=other)
    told = {make_interaction(party=chance.choice(group)).pk for _ in range(6)}
    chance.shuffle(group)
    stays, *rest = group

    merge(stays, *rest[:2])
    merge(stays, rest[2])

    ours = {party.pk for party in group}
    final = {key: stays.pk if key in ours else key for key in (p.pk for p in everybody)}
    points = list(stays.points.values_list("value", flat=True))
    assert sorted(points) == sorted({value for _key, value in reached})
    wanted = {(final[a], kind, final[b]) for a, kind, b in tied if final[a] != final[b]}
    ties = list(Relationship.objects.values_list("party", "kind", "other"))
    assert sorted(ties) == sorted(wanted)
    assert set(stays.interactions.values_list("pk", flat=True)) == told
    assert stays.points.filter(is_primary=True).count() == 1
    assert verify() == []


def test_who_goes_again_is_no_longer_found_under_who_stayed():
    """A merge that changed nothing of the one that stays is undone for it too."""
    author = make_user("admin")
    stays, goes = make_contact(given_name="Ana"), make_contact(given_name="Eva")
    with acting(author.pk, "screen") as act:
        actions.merge_parties(stays, [goes], by=author)
    undo_changes(ChangeSet.objects.get(pk=act.latest or 0), by=author)
    stays.refresh_from_db()
    assert "eva" not in stays.search
    assert not verify()
