"""What is known of a party is known of the one it is merged into: what was said last holds."""

from circulo.parties.actions.writing import run
from circulo.parties.merge_types import MEMBERS, Hanging, hanging, register


def _follow_preferences(members: str) -> None:
    """Of what both say of the same, the later one holds and the earlier one is superseded by it."""
    run(
        f"""
        WITH m AS (SELECT * FROM {MEMBERS}), ranked AS (
            SELECT p.id, p.said_at, lead(p.id) OVER same AS later, lead(p.said_at) OVER same AS at
            FROM needs_preference p LEFT JOIN m ON m.gone = p.party_id
            WHERE p.ended_at IS NULL
              AND (p.party_id IN (SELECT gone FROM m) OR p.party_id IN (SELECT stays FROM m))
            WINDOW same AS (
                PARTITION BY COALESCE(m.stays, p.party_id), p.topic_id,
                    CASE WHEN p.topic_id IS NULL THEN p.sort END,
                    CASE WHEN p.topic_id IS NULL THEN lower(p.text) END
                ORDER BY p.said_at, p.id)
        )
        UPDATE needs_preference p
        SET ended_at = greatest(ranked.said_at, ranked.at), successor_id = ranked.later
        FROM ranked WHERE ranked.id = p.id AND ranked.later IS NOT NULL
        """,
        [members],
    )
    _follow("needs_preference", members)


def _follow_sittings(members: str) -> None:
    """Of two interviews that are open at once, the one begun last goes on."""
    run(
        f"""
        WITH m AS (SELECT * FROM {MEMBERS}), ranked AS (
            SELECT s.id, row_number() OVER (
                PARTITION BY COALESCE(m.stays, s.party_id), s.interview_id
                ORDER BY s.began_at DESC, s.id DESC) AS nth
            FROM needs_sitting s LEFT JOIN m ON m.gone = s.party_id
            WHERE s.ended_at IS NULL
              AND (s.party_id IN (SELECT gone FROM m) OR s.party_id IN (SELECT stays FROM m))
        )
        UPDATE needs_sitting s SET ended_at = now() FROM ranked
        WHERE ranked.id = s.id AND ranked.nth > 1
        """,
        [members],
    )
    _follow("needs_sitting", members)


def _follow(table: str, members: str) -> None:
    hanging(table, "party_id").move(members)


register(
    Hanging("needs_preference", "party_id", _follow_preferences),
    Hanging("needs_sitting", "party_id", _follow_sittings),
    hanging("needs_asking", "party_id"),
)
