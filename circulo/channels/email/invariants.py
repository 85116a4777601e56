"""What must be true of mails."""

from django.db import connection
from django.utils.translation import gettext_lazy as _

from circulo.channels.email.actions import settle_leases
from circulo.lib.invariants import Invariant, Violation, rows

_FINAL_OR_LEASED = """
    SELECT id, state || ' ' || due_at FROM email_mail
    WHERE state = 'sending' AND lease_until < statement_timestamp() - interval '10 minutes'
       OR state = 'waiting' AND due_at < statement_timestamp() - interval '25 hours' ORDER BY id
"""
_ADDS_UP = """
    SELECT m.id, m.state FROM email_mail m, LATERAL (
        SELECT count(*) AS n, count(*) FILTER (WHERE one ->> 'state' = 'taken') AS taken,
            count(*) FILTER (WHERE one ->> 'state' = 'waiting') AS waiting
        FROM jsonb_array_elements(m.readers) one) r
    WHERE r.n = 0 OR m.state = 'sent' AND (r.taken = 0 OR r.waiting > 0)
       OR m.state = 'refused' AND r.taken + r.waiting > 0
       OR m.state IN ('waiting', 'sending', 'in_doubt') AND r.waiting = 0 ORDER BY m.id
"""
_LOST_FILES = """
    SELECT m.id, one ->> 'name' FROM email_mail m, jsonb_array_elements(m.files) one
    LEFT JOIN records_attachment a ON a.id = (one ->> 'id')::bigint
    WHERE m.state IN ('waiting', 'sending', 'in_doubt')
      AND a.sha256 IS DISTINCT FROM one ->> 'sha256' ORDER BY m.id
"""


def _found(sql: str) -> list[Violation]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return rows("mail", cursor.fetchall())


INVARIANTS = [
    Invariant(
        "email.final", _("A mail is sent, refused, in doubt, or soon to be tried."),
        lambda: _found(_FINAL_OR_LEASED), lambda _keys: settle_leases(),
    ),
    Invariant(
        "email.readers", _("A mail is what became of its recipients."), lambda: _found(_ADDS_UP)
    ),
    Invariant("email.files", _("What a mail will carry is there."), lambda: _found(_LOST_FILES)),
]  # fmt: skip
