"""What must be true of leads."""

from django.db import connection
from django.utils.translation import gettext_lazy as _

from circulo.leads.actions.writing import STAYS, refresh_search, stale_search
from circulo.lib.invariants import Invariant, Violation, rows


def _astray() -> list[Violation]:
    """Leads whose stays leave a gap or overlap, or do not end in what the lead says."""
    return rows("lead", [(key, "") for key in STAYS.astray()])


def _became_nothing() -> list[Violation]:
    """Converted leads of which nobody knows any more who they are."""
    return _found(
        """
        SELECT id, '' FROM leads_lead WHERE binned_at IS NULL AND (
            (status = 'converted') <> (converted_at IS NOT NULL)) ORDER BY id
        """
    )


def _answered_before() -> list[Violation]:
    return _found(
        "SELECT id, answered_at::text FROM leads_lead WHERE answered_at < arrived_at ORDER BY id"
    )


def _miscounted() -> list[Violation]:
    """Leads whose score is not what its reasons come to."""
    return _found(
        """
        SELECT p.id, p.score::text FROM leads_lead p CROSS JOIN LATERAL (
            SELECT COALESCE(sum((r ->> 'points')::integer), 0) AS points
            FROM jsonb_array_elements(p.score_reasons) r) s
        WHERE p.score_kind = 'rules' AND p.score <> LEAST(100, GREATEST(0, s.points)) ORDER BY p.id
        """
    )


def _searched_wrongly() -> list[Violation]:
    return rows("lead", [(key, "") for key in stale_search()])


def _found(sql: str) -> list[Violation]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return rows("lead", cursor.fetchall())


INVARIANTS = [
    Invariant(
        "leads.stays", _("The way of a lead has no gaps and ends where it is."), _astray,
        STAYS.mend,
    ),
    Invariant("leads.converted", _("A lead has an end if it became something, and only then."),
              _became_nothing),
    Invariant("leads.answered", _("A lead is answered after it came in."), _answered_before),
    Invariant("leads.score", _("A score is what its reasons come to."), _miscounted),
    Invariant(
        "leads.search", _("A lead is found by what it says."), _searched_wrongly, refresh_search
    ),
]  # fmt: skip
