"""What must be true of forecasts."""

from django.db import connection
from django.utils.translation import gettext_lazy as _

from circulo.lib.invariants import Invariant, Violation, rows


def _of_no_period() -> list[Violation]:
    """Quotas of quarters and years that do not begin where those of the firm do."""
    return _found(
        "quota",
        """
        SELECT q.id, q.starts_on::text FROM forecasts_quota q
        CROSS JOIN LATERAL (SELECT COALESCE(
            (SELECT year_begins FROM accounts_firm WHERE id = 1), 1) AS month) f
        WHERE (q.span = 'year' AND extract(month FROM q.starts_on) <> f.month)
           OR (q.span = 'quarter' AND (extract(month FROM q.starts_on)::int + 12 - f.month) % 3 > 0)
        ORDER BY q.id
        """,
    )


def _settled_badly() -> list[Violation]:
    """Rows of which more was won than they counted."""
    return _found(
        "snapshot_row",
        "SELECT id, won_count::text FROM forecasts_snapshotrow WHERE won_count > count ORDER BY id",
    )


def _added_up_wrongly() -> list[Violation]:
    """Figures of the firm that are not those of its people together, each rounded."""
    return _found(
        "snapshot_figure",
        """
        SELECT f.id, (f.won - p.won)::text FROM forecasts_snapshotfigure f JOIN LATERAL (
            SELECT sum(won) AS won, count(*) AS many FROM forecasts_snapshotfigure p
            WHERE p.snapshot_id = f.snapshot_id AND p.month = f.month AND p.user_id IS NOT NULL) p
          ON true
        WHERE f.user_id IS NULL AND f.team_id IS NULL
          AND abs(f.won - COALESCE(p.won, 0)) > 0.00001 * (p.many + 1) ORDER BY f.id
        """,
    )


def _found(kind: str, sql: str) -> list[Violation]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return rows(kind, cursor.fetchall())


INVARIANTS = [
    Invariant("forecasts.periods", _("A quota is of a period of the firm’s year."), _of_no_period),
    Invariant(
        "forecasts.settled", _("No more is won of a row than it counted."), _settled_badly
    ),
    Invariant(
        "forecasts.sums", _("The firm’s figures are those of its people together."),
        _added_up_wrongly,
    ),
]  # fmt: skip
