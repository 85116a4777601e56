"""What must be true of interactions."""

from django.db import connection
from django.utils.translation import gettext_lazy as _

from circulo.lib.invariants import Invariant, Violation, rows
from circulo.timeline.kinds import Kind


def _without_party() -> list[Violation]:
    return _found(
        """
        SELECT i.id, '' FROM timeline_interaction i
        WHERE NOT EXISTS (SELECT FROM parties_party p WHERE p.id = i.party_id) ORDER BY i.id
        """
    )


def _of_unknown_kind() -> list[Violation]:
    kinds = [kind.value for kind in Kind]
    return _found(
        "SELECT id, kind FROM timeline_interaction WHERE kind <> ALL(%s) ORDER BY id", kinds
    )


def _found(sql: str, *parameters: list[str]) -> list[Violation]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return rows("interaction", cursor.fetchall())


INVARIANTS = [
    Invariant(
        "timeline.has_party", _("Everything that happened, happened with someone."), _without_party
    ),
    Invariant(
        "timeline.known_kind", _("Every interaction is of a kind we know."), _of_unknown_kind
    ),
]
