"""What must be true of teams."""

from django.db import connection
from django.utils.translation import gettext_lazy as _

from circulo.lib.invariants import Invariant, Violation, rows

PATHS = """
    WITH RECURSIVE tree AS (
        SELECT id, id || '/' AS path FROM accounts_team WHERE parent_id IS NULL
        UNION ALL
        SELECT t.id, tree.path || t.id || '/' FROM accounts_team t
        JOIN tree ON t.parent_id = tree.id
    )
"""


def _wrong_paths() -> list[Violation]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"""{PATHS} SELECT t.id, t.path FROM accounts_team t LEFT JOIN tree USING (id)
                WHERE t.path IS DISTINCT FROM tree.path ORDER BY t.id"""
        )
        return rows("team", cursor.fetchall())


def _mend_paths(keys: list[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"""{PATHS} UPDATE accounts_team t SET path = tree.path FROM tree
                WHERE t.id = tree.id AND t.id = ANY(%s)""",
            [keys],
        )


INVARIANTS = [
    Invariant(
        "accounts.team_paths",
        _("The path of a team is that of the team above it, and itself."),
        _wrong_paths,
        _mend_paths,
    )
]
