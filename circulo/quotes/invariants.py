"""What must be true of quotes."""

from django.db import connection
from django.utils.translation import gettext_lazy as _

from circulo.lib.invariants import Invariant, Violation, rows


def _summed_wrongly() -> list[Violation]:
    """Quotes whose totals are not what their lines and taxes come to, to the last decimal."""
    return _found(
        """
        SELECT q.id, q.number FROM quotes_quote q LEFT JOIN LATERAL (
            SELECT COALESCE(sum(net), 0) AS net, COALESCE(sum(tax), 0) AS tax
            FROM quotes_quoteline WHERE quote_id = q.id) l ON true
        LEFT JOIN LATERAL (
            SELECT COALESCE(sum((one ->> 'amount')::numeric), 0) AS tax
            FROM jsonb_array_elements(q.taxes) one) t ON true
        WHERE q.net <> l.net OR q.tax <> l.tax OR q.tax <> t.tax ORDER BY q.id
        """
    )


def _missing_numbers() -> list[Violation]:
    """Years in which a number was given to no quote, or not all revisions are there."""
    return _found(
        """
        SELECT s.year, s.last::text FROM quotes_series s LEFT JOIN LATERAL (
            SELECT count(DISTINCT serial) AS numbers FROM quotes_quote
            WHERE year = s.year) q ON true
        WHERE q.numbers + s.gone <> s.last
        UNION ALL
        SELECT min(id), year || '-' || serial FROM quotes_quote GROUP BY year, serial
        HAVING max(revision) <> count(*)
        """
    )


def _several_go_on() -> list[Violation]:
    """Quotes of which an older revision goes on beside a newer one. What was sent lies with the
    customer until the newer one is sent too.
    """
    return _found(
        """
        SELECT q.id, q.number FROM quotes_quote q
        WHERE EXISTS (
            SELECT FROM quotes_quote n WHERE n.year = q.year AND n.serial = q.serial
            AND n.revision > q.revision AND CASE
                WHEN q.status IN ('draft', 'waiting', 'approved', 'accepted')
                    THEN n.status <> 'withdrawn'
                WHEN q.status IN ('sent', 'refused', 'expired') THEN n.sent_at IS NOT NULL
                ELSE false END) ORDER BY q.id
        """
    )


def _decided_unsaid() -> list[Violation]:
    """Quotes that are decided without an answer that says so, or the other way round."""
    return _found(
        """
        SELECT q.id, q.number FROM quotes_quote q
        LEFT JOIN quotes_answer a ON a.quote_id = q.id AND a.kind <> 'commented'
        WHERE (q.status IN ('accepted', 'refused') AND a.kind IS DISTINCT FROM q.status)
           OR (a.kind = 'accepted' AND q.status <> 'accepted') ORDER BY q.id
        """
    )


def _found(sql: str) -> list[Violation]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return rows("quote", cursor.fetchall())


INVARIANTS = [
    Invariant("quotes.totals", _("A quote comes to what its lines do."), _summed_wrongly),
    Invariant("quotes.numbers", _("The numbers of quotes have no gaps."), _missing_numbers),
    Invariant("quotes.revisions", _("Only the newest revision goes on."), _several_go_on),
    Invariant("quotes.answers", _("What is decided was said by somebody."), _decided_unsaid),
]
