"""Programs that write the same member at once: one is first, the others are told."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from circulo.agenda.models import Entry
from circulo.dav.tests.programs import Program, card, event
from circulo.parties.models import Party
from circulo.testing.make import make_user

pytestmark = pytest.mark.django_db(transaction=True)
PROGRAMS = 12


def at_once(user, *call, **headers):
    """The statuses that a dozen programs of one person get for the same call."""
    programs = [Program(user) for _program in range(PROGRAMS)]

    def ask(program):
        try:
            return program.ask(*call, **headers).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(PROGRAMS) as pool:
        return sorted(pool.map(ask, programs))


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("appointments/one.ics", event(), event(title="Cena")),
        ("contacts/one.vcf", card(), card("three@phone", "TITLE:Jefa")),
    ],
)
def test_of_many_who_saw_the_same_version_one_changes_it(path, old, new):
    user = make_user()
    program = Program(user)
    program.ask("PUT", path, old)

    answers = at_once(user, "PUT", path, new, If_Match=program.etag(path))

    assert answers == [204, *[412] * (PROGRAMS - 1)]


def test_of_many_who_add_one_of_a_name_one_does():
    user = make_user()

    answers = at_once(user, "PUT", "appointments/one.ics", event(), If_None_Match="*")

    assert answers == [201, *[412] * (PROGRAMS - 1)]
    assert Entry.objects.count() == 1


def test_of_many_who_delete_one_does():
    user = make_user()
    Program(user).ask("PUT", "contacts/one.vcf", card())

    assert at_once(user, "DELETE", "contacts/one.vcf") == [204, *[404] * (PROGRAMS - 1)]
    assert Party.objects.exclude(binned_at=None).count() == 1
