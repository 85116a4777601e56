"""A merge that was a mistake is undone, in every app, row by row."""

import json

import pytest
from django.db import connection

from circulo.agenda.models import Participant
from circulo.lib.acting import acting
from circulo.needs.actions import Statement, note_preference
from circulo.needs.answers import Said
from circulo.parties import actions
from circulo.parties.merge_types import hangings
from circulo.parties.models import Duplicate, Party
from circulo.records.actions import undoing
from circulo.records.models import ChangeSet
from circulo.records.tracking import tracked
from circulo.records.verify import verify
from circulo.testing.make import (
    make_appointment,
    make_company,
    make_contact,
    make_interaction,
    make_task,
    make_user,
)

pytestmark = pytest.mark.django_db
GROWING = {"version", "updated_at"}


def tables():
    """Every row of every table of which something hangs on a party."""
    found = {}
    with connection.cursor() as cursor:
        for table in sorted({each.table for each in hangings()}):
            cursor.execute(f"SELECT to_json(r)::text FROM {table} r ORDER BY id")
            rows = [json.loads(text) for (text,) in cursor.fetchall()]
            found[table] = [{k: v for k, v in row.items() if k not in GROWING} for row in rows]
    return found


def likes(party, text, by):
    return note_preference(Statement(party, said=Said(text=text), sort="like"), by=by)


@pytest.fixture
def twice():
    """Somebody who is there twice, with something in every app that both have."""
    by = make_user("admin")
    firm = make_company()
    stays = make_contact(given_name="Carmen", emails=["c@x.es", "same@x.es"], tags=["a"],
                         company=firm, owner=by)  # fmt: skip
    goes = make_contact(given_name="Maricarmen", emails=["same@x.es", "m@x.es"], tags=["b"],
                        company=firm, owner=by, notes="Mornings",
                        addresses=[{"street": "Mayor 1", "city": "Soria"}])  # fmt: skip
    for party in (stays, goes):
        make_interaction(party=party, by=by)
        make_task(owner=by, party=party)
        likes(party, "Red wine", by)
    meeting = make_appointment(owner=by, party=stays)
    Participant.objects.create(entry=meeting, party=goes, position=1)
    likes(goes, "Cheese", by)
    Duplicate.objects.create(first=stays, second=goes, probability=0.9, reasons={"emails": "same"})
    return stays, goes, by


def merged(stays, goes, by):
    with acting(by.pk, "screen") as act:
        actions.merge_parties(stays, [goes], by=by)
    return ChangeSet.objects.get(pk=act.latest or 0)


def test_undoing_a_merge_puts_every_table_back_as_it_was(twice):
    stays, goes, by = twice
    before = tables()

    merge = merged(stays, goes, by)
    assert merge.kind == ChangeSet.Kind.MERGE
    assert tables() != before
    assert not Party.objects.kept().filter(pk=goes.pk).exists()
    undo = undoing.undo_changes(merge, by=by)

    assert (undo.state, undo.kept, undo.refused) == ("done", 0, 0)
    after = tables()
    for table in before:
        assert after[table] == before[table], table
    assert verify() == []


def test_what_was_undone_can_be_merged_again(twice):
    stays, goes, by = twice
    merge = merged(stays, goes, by)
    after = tables()

    undoing.undo_changes(undoing.undo_changes(merge, by=by), by=by)

    gone = tables()
    for table in after:
        assert gone[table] == after[table], table


def test_whoever_merged_may_undo_it_though_a_task_is_somebody_elses():
    by, mate = make_user("agent"), make_user("agent")
    stays, goes = make_contact(owner=by), make_contact(owner=by)
    task = make_task(owner=mate, party=goes)

    merge = merged(stays, goes, by)
    task.refresh_from_db()
    assert task.party == stays
    undoing.undo_changes(merge, by=by)

    task.refresh_from_db()
    assert task.party == goes


def test_every_table_that_hangs_on_a_party_is_kept_by_the_ledger():
    assert {each.table for each in hangings()} <= {each.table for each in tracked().values()}


def test_of_what_both_say_of_the_same_the_later_word_holds(twice):
    stays, goes, by = twice

    merged(stays, goes, by)

    holding = stays.preferences.current().order_by("pk")
    assert sorted(one.text for one in holding) == ["Cheese", "Red wine"]
    ended = stays.preferences.exclude(ended_at=None).get()
    assert ended.successor in holding


def test_who_takes_part_once_as_each_takes_part_once(twice):
    stays, goes, by = twice
    meeting = stays.entries.get(is_appointment=True)

    merged(stays, goes, by)

    assert [one.party for one in meeting.participants.exclude(party=None)] == [stays]
