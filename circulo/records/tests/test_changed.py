"""Whether a field changed is asked of the ledger, on the table as on one record."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from circulo.parties.models import Party
from circulo.parties.placing import fault
from circulo.records.criteria import BadCriteria, compile_for, narrow
from circulo.records.models import Change
from circulo.records.resources import resource, resources
from circulo.records.tests.test_own_fields import field, person
from circulo.sales import actions
from circulo.sales.models import Stage
from circulo.testing.make import make_company, make_contact, make_deal, make_user

pytestmark = pytest.mark.django_db
WHICH = st.integers(0, 3)
NAMES = st.sampled_from(["job_title", "source", "given_name"])
AGES = st.integers(0, 60)


def asked(name, days=None):
    return {"field": name, "op": "changed", **({} if days is None else {"within_days": days})}


def found(criterion, kind="contacts", rows=None):
    here, boss = resource(kind), make_user("admin")
    rows = narrow(rows or here.visible(boss), here, criterion, boss)
    return set(rows.values_list("pk", flat=True))


def date_last_change(days):
    """The last change was that many days ago."""
    last = Change.objects.order_by("-step").values_list("step", flat=True)[:1]
    then = timezone.now() - timedelta(days=days, minutes=1)
    Change.objects.filter(step__in=list(last)).update(at=then)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(WHICH, NAMES, AGES), max_size=8), NAMES, st.none() | AGES, st.booleans())
def test_the_table_and_each_record_say_what_was_done(done, name, days, turned):
    with transaction.atomic():
        keys = [make_contact().pk for _ in range(4)]
        held: dict[tuple[int, str], str] = {}
        wanted: set[int] = set()
        for which, column, age in done:
            value = f"{column} {age % 3}"
            Party.objects.filter(pk=keys[which]).update(**{column: value})
            if held.get((which, column)) == value:
                continue
            date_last_change(age)
            held[which, column] = value
            if column == name and (days is None or age < days):
                wanted.add(keys[which])
        criterion = {"not": asked(name, days)} if turned else asked(name, days)
        wanted = set(keys) - wanted if turned else wanted

        assert found(criterion) & set(keys) == wanted
        for key in keys:
            assert bool(found(criterion, rows=Party.objects.filter(pk=key))) == (key in wanted)
        transaction.set_rollback(True)


def test_a_deal_whose_stage_moved_lately_is_found_and_a_new_one_is_not():
    old, moved, new = make_deal(), make_deal(), make_deal()
    for deal in (old, moved):
        after = Stage.objects.filter(pipeline=deal.pipeline_id).order_by("position")[1]
        actions.move_deal(deal, to=after, by=deal.owner)
        if deal == old:
            Change.objects.filter(root=old.pk, kind="deal").update(
                at=timezone.now() - timedelta(days=31)
            )

    assert found(asked("stage", 30), "deals") == {moved.pk}
    assert found(asked("stage"), "deals") == {old.pk, moved.pk}
    assert found(asked("stage", 0), "deals") == set()
    assert new.pk in found({"not": asked("stage")}, "deals")
    assert found(asked("title"), "deals") == set()


def test_an_own_field_is_asked_by_its_key_and_the_company_through_its_people():
    field("text", "Talla")
    ana, eva = person("Ana", talla="S"), person("Eva", talla="S")
    Party.objects.filter(pk=ana.pk).update(custom={"talla": "M"})
    Party.objects.filter(pk=eva.pk).update(custom={"talla": "S", "other": 1})
    firm = make_company(name="Duero")
    leo = make_contact(given_name="Leo", company=firm)
    Party.objects.filter(pk=firm.pk).update(industry="Wine")

    assert found(asked("custom.talla", 7)) == {ana.pk}
    assert found(asked("company.industry", 7)) == {leo.pk}


@pytest.mark.parametrize(
    ("criterion", "place"),
    [
        (asked("emails"), "op"),
        (asked("name"), "op"),
        (asked("interactions.kind"), "op"),
        (asked("lifecycle", "soon"), "within_days"),
        (asked("lifecycle", -1), "within_days"),
        ({**asked("lifecycle"), "value": 3}, "value"),
        ({"all": [asked("lifecycle"), asked("updated_at")]}, "all[1].op"),
    ],
)
def test_what_has_no_history_is_refused_with_its_place(criterion, place):
    with pytest.raises(BadCriteria) as refused:
        compile_for(resource("contacts"), criterion, make_user())
    assert refused.value.place == place


def test_one_record_is_answered_by_the_index_of_the_ledger():
    here, boss, ana = resource("contacts"), make_user("admin"), make_contact()
    rows = narrow(Party.objects.filter(pk=ana.pk), here, asked("lifecycle", 30), boss)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        assert "change_of_root" in rows.explain()


def test_every_field_with_a_history_can_be_asked():
    boss = make_user("admin")
    for here in resources().values():
        for one in here.criteria_for(boss).values():
            if one.kept:
                narrow(here.visible(boss), here, asked(one.name, 5), boss).exists()
    assert resource("deals").fields["stage"].kept and resource("leads").fields["status"].kept
    assert not resource("interactions").fields["kind"].kept


def test_a_territory_does_not_go_by_what_time_takes_away():
    assert "cambia" in fault("rule", asked("industry", 5))
