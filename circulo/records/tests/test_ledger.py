"""The ledger: every change of every record is kept, whoever makes it and however."""

import pytest
from django.db import connection, transaction

from circulo.lib.acting import acting, written
from circulo.parties import actions
from circulo.parties.drafts import read
from circulo.parties.models import Party, Point
from circulo.records import columns
from circulo.records.models import Change, ChangeSet
from circulo.records.tracking import keep_track, tracked
from circulo.testing.make import make_company, make_contact, make_user

pytestmark = pytest.mark.django_db


def change(party, by, **said):
    return actions.change_party(party, read(said, party.kind, partial=True), by=by)


def lines(change_set):
    rows = Change.objects.filter(change_set_id=change_set).order_by("step", "key")
    return [(row.kind, row.op, row.root, row.old, row.new) for row in rows]


def test_an_edit_is_kept_with_who_and_through_what_and_only_what_differs():
    user, party = make_user(), make_contact(job_title="Compras", notes="Quiet")

    with acting(user.pk, "screen") as act:
        change(party, user, job_title="Ventas")

    kept = ChangeSet.objects.get(pk=act.change_set or 0)
    assert (kept.by, kept.through, kept.kind, kept.state) == (user, "screen", "edit", "done")
    assert lines(kept.pk) == [
        ("party", "u", party.pk, {"job_title": "Compras"}, {"job_title": "Ventas"})
    ]


def test_what_is_added_is_kept_as_ranges_of_keys_without_an_image():
    with acting(None, "command") as act:
        party = make_contact(emails=["ana@example.com"], phones=["+34600000001"])

    kept = Change.objects.filter(change_set_id=act.change_set).order_by("step")
    assert [(line.kind, line.op, line.old, line.new) for line in kept] == [
        ("party", "i", None, None),
        ("point", "i", None, None),
    ]
    assert party.pk in kept[0].keys
    assert all(point.pk in kept[1].keys for point in party.points.all())


def test_a_deletion_keeps_the_row_without_what_is_blank():
    party = make_contact(emails=["ana@example.com"])
    point = party.points.get()

    with acting(None, "screen") as act:
        Point.objects.filter(pk=point.pk).delete()

    ((kind, op, root, old, _new),) = lines(act.change_set or written())
    assert (kind, op, root) == ("point", "d", party.pk)
    assert old == {
        "party_id": party.pk, "kind": "email", "value": "ana@example.com", "is_primary": True,
        "position": 0,
    }  # fmt: skip


def test_of_own_fields_only_those_that_differ_are_kept():
    party = make_contact()
    Party.objects.filter(pk=party.pk).update(custom={"colour": "red", "size": 4})

    with acting(None, "screen") as act:
        actions.edit_parties(
            [party.pk], {"custom": {"colour": "blue", "size": 4, "new": 1}}, by=make_user()
        )

    ((_kind, _op, _root, old, new),) = lines(act.change_set)
    assert (old, new) == ({"custom": {"colour": "red"}}, {"custom": {"colour": "blue", "new": 1}})


def test_what_changes_nothing_leaves_no_trace():
    user, party = make_user(), make_contact(job_title="Compras")

    with acting(user.pk, "screen") as act:
        change(party, user, job_title="Compras")

    assert not ChangeSet.objects.filter(pk=act.change_set or 0).exists()


def test_no_write_goes_round_it():
    party = make_contact()

    with connection.cursor() as cursor:
        cursor.execute("UPDATE parties_party SET job_title = 'x' WHERE id = %s", [party.pk])

    line = Change.objects.filter(root=party.pk).latest("step")
    kept = ChangeSet.objects.get(pk=line.change_set_id)
    assert (kept.by, kept.through, line.new) == (None, "database", {"job_title": "x"})


def test_two_people_in_one_transaction_are_told_apart():
    one, other, party = make_user(), make_user(), make_contact()

    with acting(one.pk, "screen") as first:
        change(party, one, job_title="a")
    with acting(other.pk, "api") as second:
        change(party, other, job_title="b")

    kept = ChangeSet.objects.in_bulk([first.change_set, second.change_set])
    assert [kept[first.change_set].by, kept[second.change_set].by] == [one, other]


def test_a_savepoint_that_is_rolled_back_takes_its_words_along():
    user, party = make_user(), make_contact()

    with acting(user.pk, "screen") as act:
        try:
            with transaction.atomic():
                change(party, user, job_title="lost")
                raise ZeroDivisionError
        except ZeroDivisionError:
            pass
        change(party, user, job_title="kept")

    assert ChangeSet.objects.get(pk=act.change_set or 0).by == user
    assert [new for *_line, new in lines(act.change_set)] == [{"job_title": "kept"}]


def test_binning_and_restoring_are_change_sets_of_their_own_kind():
    user, party = make_user(), make_company()

    with acting(user.pk, "screen"):
        actions.bin_parties([party.pk], by=user)
        binned = written()
        actions.restore_parties([party.pk], by=user)
        restored = written()

    kinds = ChangeSet.objects.in_bulk([binned, restored])
    assert [kinds[binned].kind, kinds[restored].kind] == ["delete", "restore"]
    assert kinds[binned].by == user


def test_reading_costs_not_one_statement_more(django_assert_num_queries):
    party = make_contact()
    with acting(make_user().pk, "screen"), django_assert_num_queries(1):
        Party.objects.get(pk=party.pk)


@pytest.fixture
def as_before():
    yield
    columns.forget()


@pytest.mark.usefixtures("as_before")
def test_a_new_column_is_kept_as_soon_as_the_triggers_are_renewed():
    party = make_contact()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE parties_party ADD COLUMN shoe text NOT NULL DEFAULT ''")
    assert keep_track() == ["party"]
    assert keep_track() == []

    with connection.cursor() as cursor:
        cursor.execute("UPDATE parties_party SET shoe = '42' WHERE id = %s", [party.pk])
    line = Change.objects.filter(root=party.pk, op="u").latest("step")
    assert line.new == {"shoe": "42"}


def test_every_business_table_is_kept():
    assert {"party", "point", "address", "relationship", "interaction", "file"} <= set(tracked())
