"""What must be true of parties and of what belongs to them."""

from django.db import connection
from django.utils.translation import gettext_lazy as _

from circulo.lib.invariants import Invariant, Violation, rows
from circulo.parties.actions import writing

FIRST = """
    SELECT DISTINCT ON (party_id, kind) id FROM parties_point WHERE party_id = ANY(%s)
    ORDER BY party_id, kind, is_primary DESC, position, id
"""


def _stale_search() -> list[Violation]:
    return rows("party", ((key, "") for key in writing.stale_search()))


def _without_one_primary() -> list[Violation]:
    return _found(
        """
        SELECT party_id, string_agg(kind, ', ') FROM (
            SELECT party_id, kind FROM parties_point
            GROUP BY party_id, kind HAVING count(*) FILTER (WHERE is_primary) <> 1) p
        GROUP BY party_id ORDER BY party_id
        """
    )


def _choose_primary(keys: list[int]) -> None:
    _run(
        f"UPDATE parties_point SET is_primary = false WHERE party_id = ANY(%s) AND is_primary "
        f"AND id NOT IN ({FIRST})",
        keys,
        keys,
    )
    _run(f"UPDATE parties_point SET is_primary = true WHERE id IN ({FIRST})", keys)


def _companies_without_relationship() -> list[Violation]:
    return _found(
        """
        SELECT p.id, '' FROM parties_party p WHERE p.company_id IS NOT NULL AND NOT EXISTS (
            SELECT FROM parties_relationship r
            WHERE r.party_id = p.id AND r.other_id = p.company_id AND r.until IS NULL
              AND r.kind = CASE p.kind WHEN 'person' THEN 'works_at' ELSE 'parent_company' END)
        ORDER BY p.id
        """
    )


def _relate_to_company(keys: list[int]) -> None:
    _run(
        """
        INSERT INTO parties_relationship (party_id, kind, other_id, role, created_at)
        SELECT id, CASE kind WHEN 'person' THEN 'works_at' ELSE 'parent_company' END,
               company_id, '', now()
        FROM parties_party WHERE id = ANY(%s) AND company_id IS NOT NULL
        ON CONFLICT DO NOTHING
        """,
        keys,
    )


def _companies_that_are_people() -> list[Violation]:
    return _found(
        """
        SELECT p.id, '' FROM parties_party p JOIN parties_party c ON c.id = p.company_id
        WHERE c.kind <> 'organisation' ORDER BY p.id
        """
    )


def _belonging_in_circles() -> list[Violation]:
    return _found(
        """
        WITH RECURSIVE above AS (
            SELECT id, company_id AS top, 1 AS depth FROM parties_party
            WHERE kind = 'organisation' AND company_id IS NOT NULL
            UNION ALL
            SELECT a.id, p.company_id, depth + 1 FROM above a JOIN parties_party p ON p.id = a.top
            WHERE p.company_id IS NOT NULL AND a.top <> a.id AND depth < 50
        )
        SELECT DISTINCT id, '' FROM above WHERE top = id ORDER BY id
        """
    )


def _found(sql: str) -> list[Violation]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return rows("party", cursor.fetchall())


def _run(sql: str, *parameters: list[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)


INVARIANTS = [
    Invariant(
        "parties.search_text",
        _("The searched text of a party is made of its names, identifier, addresses and numbers."),
        _stale_search,
        writing.refresh_search,
    ),
    Invariant(
        "parties.one_primary",
        _("Of several addresses or numbers of one kind, one is the first choice."),
        _without_one_primary,
        _choose_primary,
    ),
    Invariant(
        "parties.company_is_related",
        _("Who has a company works there or belongs to it today."),
        _companies_without_relationship,
        _relate_to_company,
    ),
    Invariant(
        "parties.company_is_an_organisation",
        _("A company is an organisation, not a person."),
        _companies_that_are_people,
    ),
    Invariant(
        "parties.belonging_has_a_top",
        _("No organisation belongs to itself, however long the way."),
        _belonging_in_circles,
    ),
]
