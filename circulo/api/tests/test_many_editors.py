"""Two hundred change one record at once: whoever saw an older one is told, nothing is lost."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from circulo.accounts.models import User
from circulo.api.tests.calls import Program
from circulo.parties.models import Party
from circulo.records.history import history_of
from circulo.testing.make import make_contact, make_user

EDITORS, AT_ONCE = 200, 4


@pytest.mark.django_db(transaction=True)
def test_no_edit_is_lost_under_two_hundred_editors():
    admin = make_user("admin")
    person = make_contact(owner=admin, notes="")
    where = f"contacts/{person.public_id}"
    editors = [Program(admin) for _editor in range(EDITORS)]
    seen = editors[0].get(where)  # all of them have the same page open

    def write(number: int) -> int:
        """Add one's own line to the notes; how often a newer record had to be read first."""
        try:
            program, shown = editors[number], seen
            for refusals in range(EDITORS * AT_ONCE):
                notes = f"{shown.json()['notes']}\n{number}"
                answer = program.patch(where, {"notes": notes}, If_Match=shown.headers["ETag"])
                if answer.status_code == 200:
                    return refusals
                assert answer.json()["error"]["code"] == "stale", answer.content
                shown = program.get(where)
            raise AssertionError(f"{number} never came through")
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        refusals = list(pool.map(write, range(EDITORS)))

    written = Party.objects.get(pk=person.pk)
    assert sorted(map(int, written.notes.split())) == list(range(EDITORS))
    assert written.version == person.version + EDITORS
    assert sum(refusals) >= EDITORS - 1  # all but the first had to look again
    kept = list(_notes_in_history(admin, person.pk))
    assert [before for before, _after in kept[:-1]] == [after for _before, after in kept[1:]]
    assert len(kept) == EDITORS


def _notes_in_history(user: User, key: int) -> Iterator[tuple[str, str]]:
    """What the notes were before and after each change, the newest first."""
    cursor = ""
    while True:
        found = history_of(user, "party", key, cursor)
        yield from ((one.old, one.new) for one in found.lines if one.column == "notes")
        if not (cursor := found.next):
            return
