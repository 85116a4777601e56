import pytest

from circulo.records.paging import BadSort, page, sort_of
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
