import pytest

from circulo.lib.lookups import has_any_key
from circulo.parties.models import Party
from circulo.records import paging
from circulo.records.paging import BadSort, page, page_of_keys, sort_of
from circulo.records.resources import resource
from circulo.testing.make import make_contact, make_user

pytestmark = pytest.mark.django_db
CONTACTS = "contacts"


def walk(user, text, limit=2):
    contacts = resource(CONTACTS)
    sort, cursor, seen = sort_of(contacts, text, user), None, []
    while True:
        found = page(contacts.visible(user), sort, limit=limit, cursor=cursor)
        seen += [row.given_name for row in found.rows]
        cursor = found.next
        if cursor is None:
            return seen


def test_pages_follow_each_other_without_gap_or_double():
    user = make_user()
    for name in ("Ñoño", "Nora", "Ana", "Zoe", "Olga"):
        make_contact(owner=user, given_name=name)

    assert walk(user, "name") == ["Ana", "Nora", "Ñoño", "Olga", "Zoe"]
    assert walk(user, "-name") == ["Zoe", "Olga", "Ñoño", "Nora", "Ana"]
    assert walk(user, "lifecycle,-created_at") == ["Olga", "Zoe", "Ana", "Nora", "Ñoño"]
    assert walk(user, "lifecycle") == ["Ana", "Nora", "Ñoño", "Olga", "Zoe"]
    assert walk(user, "-lifecycle") == ["Zoe", "Olga", "Ñoño", "Nora", "Ana"]


def test_a_page_leads_back_to_the_one_before():
    user = make_user()
    for name in "ABCDE":
        make_contact(owner=user, given_name=name)
    contacts, sort = resource(CONTACTS), sort_of(resource(CONTACTS), "name", user)
    first = page(contacts.visible(user), sort, limit=2)
    second = page(contacts.visible(user), sort, limit=2, cursor=first.next)

    back = page(contacts.visible(user), sort, limit=2, cursor=second.previous)

    assert [row.given_name for row in back.rows] == ["A", "B"]
    assert (back.previous, first.previous) == (None, None)
    assert back.next is not None


@pytest.mark.parametrize("cursor", ["x", "W10", "bnVsbA", "ñ", "=" * 9])
def test_a_cursor_that_somebody_made_up_is_refused(cursor):
    user = make_user()
    sort = sort_of(resource(CONTACTS), "name", user)
    with pytest.raises(BadSort):
        page(resource(CONTACTS).visible(user), sort, limit=2, cursor=cursor)


@pytest.mark.parametrize(
    "text", ["password", "name;drop", "emails", "name,name,name,name", "--name"]
)
def test_only_what_the_list_can_be_sorted_by_sorts_it(text):
    with pytest.raises(BadSort):
        sort_of(resource(CONTACTS), text, make_user())


def test_what_a_list_cannot_be_sorted_by_is_named_with_what_it_can():
    with pytest.raises(BadSort) as refused:
        sort_of(resource(CONTACTS), "name,-birthday", make_user())
    assert "«birthday»" in str(refused.value)
    assert "name, " in str(refused.value) and "created_at" in str(refused.value)


@pytest.mark.parametrize("near", [1, 3, 50])
def test_a_narrowed_page_is_the_same_however_far_it_is_looked_for(monkeypatch, near):
    monkeypatch.setattr(paging, "NEAR", near)
    user, contacts = make_user(), resource(CONTACTS)
    for n in range(12):
        make_contact(owner=user, given_name=f"Ana {n:02}", first_surname="Gil" if n % 3 else "Sol")
    seen = contacts.visible(user)
    rows, sort = seen.filter(first_surname="Sol"), sort_of(contacts, "-name", user)

    first = page(rows, sort, limit=2, among=seen)
    second = page(rows, sort, limit=2, among=seen, cursor=first.next)
    back = page(rows, sort, limit=2, among=seen, cursor=second.previous)

    assert [row.given_name for row in first.rows] == ["Ana 09", "Ana 06"]
    assert [row.given_name for row in second.rows] == ["Ana 03", "Ana 00"]
    assert [row.given_name for row in back.rows] == ["Ana 09", "Ana 06"]
    assert second.next is None
    keys = page_of_keys(rows, sort, limit=2, among=seen, cursor=first.next)
    assert keys.rows == [row.pk for row in second.rows]
    assert (keys.next, keys.previous) == (second.next, second.previous)


@pytest.mark.parametrize(
    ("costly", "soon", "gathered"), [(0.0, 0, None), (0.0, 10**9, 2), (1e9, 0, 2)]
)
def test_what_a_short_walk_meets_is_not_gathered_where_gathering_costs_much(
    monkeypatch, costly, soon, gathered
):
    monkeypatch.setattr(paging, "COSTLY", costly)
    monkeypatch.setattr(paging, "SOON", soon)
    user = make_user()
    for n in range(6):
        make_contact(owner=user, first_surname="Gil" if n % 3 else "Sol")
    seen = resource(CONTACTS).visible(user)

    found = paging.few(seen.filter(first_surname="Sol"), seen)

    assert (None if found.keys is None else len(found.keys)) == gathered


def test_many_keys_are_one_parameter():
    people = [make_contact(given_name=f"Ana {n}") for n in range(3)]
    rows = Party.objects.filter(has_any_key([p.pk for p in people[:2]]))
    assert {row.pk for row in rows} == {p.pk for p in people[:2]}
    assert not Party.objects.filter(has_any_key([])).exists()


def test_a_page_that_holds_all_is_counted_whatever_the_planner_thinks():
    user = make_user()
    for name in "ABC":
        make_contact(owner=user, given_name=name)
    rows, sort = resource(CONTACTS).visible(user), sort_of(resource(CONTACTS), "name", user)
    unaware = paging.Gathered(planned=(50_000, 1e6))
    first = page(rows, sort, limit=2)
    last = page(rows, sort, limit=2, cursor=first.next)
    beyond = page(rows.none(), sort, limit=2, cursor=first.next)

    assert unaware.count(rows, page(rows, sort, limit=3)) == (3, False)
    assert unaware.count(rows.none(), page(rows.none(), sort, limit=3)) == (0, False)
    assert [unaware.count(rows, some) for some in (first, last, beyond)] == [(50_000, True)] * 3
