"""Undoing: exactly what was there returns, and where somebody changed it since, that is said."""

from datetime import timedelta

import pytest
from django.utils import timezone

from circulo.lib.acting import acting, changing
from circulo.lib.errors import RuleBroken
from circulo.parties import actions
from circulo.parties.drafts import read
from circulo.parties.models import Party, Point
from circulo.records.actions import undoing
from circulo.records.models import ChangeSet
from circulo.records.undoing.clashes import clashes_of
from circulo.testing.make import (
    make_company,
    make_contact,
    make_interaction,
    make_team,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    return make_user("agent")


@pytest.fixture
def admin():
    return make_user("admin")


def kept(act):
    return ChangeSet.objects.get(pk=act.change_set or 0)


def change(party, by, **said):
    with acting(by.pk, "screen") as act:
        actions.change_party(party, read(said, party.kind, partial=True), by=by)
    return kept(act)


def add(by, **said):
    with acting(by.pk, "screen") as act:
        party = make_contact(owner=by, **said)
    return party, kept(act)


def row_of(party):
    values = Party.objects.filter(pk=party.pk).values().get()
    points = list(party.points.order_by("pk").values())
    addresses = list(party.addresses.order_by("pk").values())
    del values["version"], values["updated_at"]
    return values, points, addresses


def counts(undo):
    undo.refresh_from_db()
    return undo.state, undo.done, undo.kept, undo.refused


def test_an_edit_is_undone_and_done_again(admin):
    party = make_contact(emails=["a@x.es", "b@x.es"], phones=["+34600000001"], notes="Old")
    before = row_of(party)
    edit = change(party, admin, given_name="Eva", emails=["b@x.es", "c@x.es"], phones=[],
                  addresses=[{"street": "Mayor 1", "city": "Soria"}])  # fmt: skip
    after = row_of(party)

    undo = undoing.undo_changes(edit, by=admin)
    assert row_of(party) == before
    assert counts(undo)[0] == "done" and undo.kept == 0

    undoing.undo_changes(undo, by=admin)
    assert row_of(party) == after


def test_search_and_version_follow(admin):
    party = make_contact(given_name="Ana")
    edit = change(party, admin, given_name="Eva", emails=["eva@x.es"])
    version = Party.objects.get(pk=party.pk).version

    undoing.undo_changes(edit, by=admin)

    party.refresh_from_db()
    assert party.version > version
    assert "ana" in party.search and "eva" not in party.search


def test_what_was_added_goes_with_all_that_came_with_it(admin):
    party, added = add(admin, emails=["a@x.es"], company=make_company())

    undoing.undo_changes(added, by=admin)

    assert not Party.objects.filter(pk=party.pk).exists()
    assert not Point.objects.filter(party_id=party.pk).exists()


def test_a_field_that_somebody_changed_since_is_kept_and_the_others_return(admin, user):
    party = make_contact(job_title="a", source="a")
    edit = change(party, admin, job_title="b", source="b")
    change(party, user, job_title="c")

    (clash,) = clashes_of(edit, 10)
    assert (clash["kind"], clash["key"], clash["names"]) == ("party", party.pk, ["job_title"])
    undo = undoing.undo_changes(edit, by=admin)

    party.refresh_from_db()
    assert (party.job_title, party.source) == ("c", "a")
    assert undo.clashes.get().names == ["job_title"]


def test_whoever_decides_so_puts_the_old_value_back_all_the_same(admin, user):
    party = make_contact(job_title="a")
    edit = change(party, admin, job_title="b")
    change(party, user, job_title="c")

    undo = undoing.undo_changes(edit, by=admin, mine={f"party:{party.public_id}"})

    party.refresh_from_db()
    assert party.job_title == "a"
    assert counts(undo) == ("done", 1, 0, 0)


def test_a_contact_on_which_somebody_built_stays_whole(admin, user):
    party, added = add(admin, emails=["a@x.es"])
    make_interaction(party=party, by=user)
    before = row_of(party)

    undo = undoing.undo_changes(added, by=admin)

    assert row_of(party) == before
    assert undo.clashes.filter(kind="party", why="used").exists()
    added.refresh_from_db()
    assert added.undone_by is None


def test_it_goes_with_what_was_built_on_it_where_that_is_decided(admin, user):
    party, added = add(admin, emails=["a@x.es"])
    make_interaction(party=party, by=user)

    undo = undoing.undo_changes(added, by=admin, mine={undoing.ALL})
    assert not Party.objects.filter(pk=party.pk).exists()

    undoing.undo_changes(undo, by=admin)
    assert Party.objects.get(pk=party.pk).interactions.count() == 1


def test_a_change_that_was_undone_itself_is_in_nobodys_way(admin, user):
    party, added = add(admin)
    undoing.undo_changes(change(party, user, job_title="c"), by=user)

    undoing.undo_changes(added, by=admin)

    assert not Party.objects.filter(pk=party.pk).exists()


def test_what_lies_out_of_reach_is_refused_and_counted(admin):
    seller = make_user("seller", team=make_team())
    mine, others = make_contact(owner=seller), make_contact(owner=admin)
    with acting(admin.pk, "screen") as act:
        actions.edit_parties([mine.pk, others.pk], {"source": "fair"}, by=admin)

    undo = undoing.undo_changes(kept(act), by=seller)

    assert counts(undo) == ("done", 1, 0, 1)
    assert Party.objects.get(pk=others.pk).source == "fair"


def test_whoever_gave_a_record_away_takes_it_back(admin):
    seller = make_user("seller")
    party = make_contact(owner=seller)
    with acting(seller.pk, "screen") as act:
        actions.edit_parties([party.pk], {"owner_id": admin.pk}, by=seller)

    undoing.undo_changes(kept(act), by=seller)

    assert Party.objects.get(pk=party.pk).owner == seller


def test_a_merge_of_points_that_was_undone_gives_each_its_own(admin):
    one, other = make_contact(emails=["a@x.es"]), make_contact(emails=["b@x.es"])
    make_interaction(party=other)
    before = row_of(one), row_of(other)
    with acting(admin.pk, "screen"), changing("merge", by=admin.pk) as act:
        Point.objects.filter(party=other).update(party=one, is_primary=False, position=1)
        other.interactions.update(party=one)
        actions.bin_parties([other.pk], by=admin)
        actions.change_party(one, read({"source": "both"}, "person", partial=True), by=admin)

    undoing.undo_changes(kept(act), by=admin)

    assert (row_of(one), row_of(other)) == before
    assert other.interactions.count() == 1


def test_twice_is_refused_and_so_is_what_is_older_than_thirty_days(admin):
    edit = change(make_contact(), admin, job_title="x")
    undoing.undo_changes(edit, by=admin)
    with pytest.raises(RuleBroken):
        undoing.undo_changes(edit, by=admin)

    old = change(make_contact(), admin, job_title="x")
    ChangeSet.objects.filter(pk=old.pk).update(at=timezone.now() - timedelta(days=31))
    with pytest.raises(RuleBroken):
        undoing.undo_changes(old, by=admin)


def test_a_value_that_is_taken_meanwhile_is_a_clash_of_that_row_alone(admin):
    party = make_contact(emails=["a@x.es"])
    point = party.points.get()
    with acting(admin.pk, "screen") as act:
        Point.objects.filter(pk=point.pk).update(value="b@x.es")
        Party.objects.filter(pk=party.pk).update(source="x")
    Point.objects.create(party=party, kind="email", value="a@x.es")

    undo = undoing.undo_changes(kept(act), by=admin)

    assert undo.clashes.get().why == "taken"
    assert Party.objects.get(pk=party.pk).source == ""
