"""What must be true of the agenda."""

from django.db import connection
from django.utils.translation import gettext_lazy as _

from circulo.agenda.actions.reminders import remind
from circulo.agenda.models import Entry
from circulo.lib.invariants import Invariant, Violation, rows


def _outside_of_their_span() -> list[Violation]:
    """Entries that a calendar would not find where they are."""
    return _found(
        """
        SELECT id, '' FROM agenda_entry
        WHERE (starts_at IS NOT NULL OR starts_on IS NOT NULL)
          AND (span IS NULL OR NOT span @> COALESCE(starts_at, starts_on::timestamptz))
        ORDER BY id
        """
    )


def _with_a_party_that_takes_no_part() -> list[Violation]:
    return _found(
        """
        SELECT e.id, '' FROM agenda_entry e WHERE e.party_id IS NOT NULL AND NOT EXISTS (
            SELECT FROM agenda_participant p WHERE p.entry_id = e.id AND p.party_id = e.party_id)
        ORDER BY e.id
        """
    )


def _silent_reminders() -> list[Violation]:
    """Reminders of what is over, or that rang long ago and know no next time."""
    return _found(
        """
        SELECT r.entry_id, '' FROM agenda_reminder r JOIN agenda_entry e ON e.id = r.entry_id
        WHERE r.rings_at IS NOT NULL AND e.state <> 'open' ORDER BY r.entry_id
        """
    )


def _remind_anew(keys: list[int]) -> None:
    remind([(entry, None) for entry in Entry.objects.filter(pk__in=keys)])


def _found(sql: str) -> list[Violation]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return rows("entry", cursor.fetchall())


INVARIANTS = [
    Invariant("agenda.span", _("What has a date lies within its span."), _outside_of_their_span),
    Invariant(
        "agenda.party", _("Whom it is about takes part in it."), _with_a_party_that_takes_no_part
    ),
    Invariant(
        "agenda.reminders", _("Nothing that is over rings."), _silent_reminders, _remind_anew
    ),
]
