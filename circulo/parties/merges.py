"""What of this app, and of the records below it, hangs on a party."""

from circulo.parties.actions.writing import run
from circulo.parties.merge_types import MEMBERS, Hanging, drop_repeated, hanging, register

_ADDRESS = ("lower(street)", "lower(unit)", "postal_code", "lower(city)", "country")


def _follow_points(members: str) -> None:
    drop_repeated("parties_point", "party_id", members, once_by=("kind", "value"))
    _follow_behind("parties_point", members)
    _choose_primary("parties_point", members, each="party_id, kind")


def _follow_addresses(members: str) -> None:
    drop_repeated("parties_postaladdress", "party_id", members, once_by=_ADDRESS)
    _follow_behind("parties_postaladdress", members)
    _choose_primary("parties_postaladdress", members, each="party_id")


def _follow_behind(table: str, members: str) -> None:
    """What follows comes after what the survivor has, and is not its first choice."""
    run(
        f"""
        UPDATE {table} t SET party_id = m.stays, is_primary = false,
               position = least(32000, t.position + 100 * m.n)
        FROM {MEMBERS} WHERE t.party_id = m.gone
        """,
        [members],
    )


def _choose_primary(table: str, members: str, *, each: str) -> None:
    """The first becomes the first choice where the survivor had none of its kind."""
    run(
        f"""
        UPDATE {table} SET is_primary = true WHERE id IN (
            SELECT DISTINCT ON ({each}) id FROM {table} t
            WHERE party_id IN (SELECT stays FROM {MEMBERS}) AND NOT EXISTS (
                SELECT FROM {table} p WHERE p.is_primary
                AND ({_prefixed("p", each)}) = ({_prefixed("t", each)}))
            ORDER BY {each}, position, id)
        """,
        [members],
    )


def _follow_relationships(members: str) -> None:
    """Ties between those that become one go; of ties that become the same the longest stays."""
    run(
        f"""
        WITH m AS (SELECT * FROM {MEMBERS}), met AS (
            SELECT r.id, r.kind, r.since, r.until, COALESCE(a.stays, r.party_id) AS party,
                   COALESCE(b.stays, r.other_id) AS other
            FROM parties_relationship r
            LEFT JOIN m a ON a.gone = r.party_id LEFT JOIN m b ON b.gone = r.other_id
            WHERE r.party_id IN (SELECT gone FROM m UNION SELECT stays FROM m)
               OR r.other_id IN (SELECT gone FROM m UNION SELECT stays FROM m)
        ), ranked AS (
            SELECT id, party = other AS is_with_itself, row_number() OVER (
                PARTITION BY party, kind, other, until ORDER BY since NULLS LAST, id) AS nth
            FROM met
        )
        DELETE FROM parties_relationship r USING ranked
        WHERE ranked.id = r.id AND (ranked.is_with_itself OR ranked.nth > 1)
        """,
        [members],
    )
    run(
        f"""
        WITH m AS (SELECT * FROM {MEMBERS})
        UPDATE parties_relationship r
        SET party_id = COALESCE((SELECT stays FROM m WHERE gone = r.party_id), r.party_id),
            other_id = COALESCE((SELECT stays FROM m WHERE gone = r.other_id), r.other_id)
        WHERE r.party_id IN (SELECT gone FROM m) OR r.other_id IN (SELECT gone FROM m)
        """,
        [members],
    )


def _follow_company(members: str) -> None:
    """Who works at a company that goes works at the one that stays, which is nobody's own."""
    run(
        f"""
        UPDATE parties_party p SET company_id = nullif(m.stays, p.id), version = p.version + 1,
               updated_at = now()
        FROM {MEMBERS} WHERE p.company_id = m.gone
        """,
        [members],
    )


def _follow_duplicates(members: str) -> None:
    """Pairs of those that become one are settled; what was said of others stays said."""
    run(
        f"""
        WITH m AS (SELECT * FROM {MEMBERS}), met AS (
            SELECT d.id, d.is_different, d.probability,
                   COALESCE(a.stays, d.first_id) AS one, COALESCE(b.stays, d.second_id) AS two
            FROM parties_duplicate d
            LEFT JOIN m a ON a.gone = d.first_id LEFT JOIN m b ON b.gone = d.second_id
            WHERE d.first_id IN (SELECT gone FROM m UNION SELECT stays FROM m)
               OR d.second_id IN (SELECT gone FROM m UNION SELECT stays FROM m)
        ), ranked AS (
            SELECT id, one = two AS is_settled, row_number() OVER (
                PARTITION BY least(one, two), greatest(one, two)
                ORDER BY is_different DESC, probability DESC, id) AS nth
            FROM met
        )
        DELETE FROM parties_duplicate d USING ranked
        WHERE ranked.id = d.id AND (ranked.is_settled OR ranked.nth > 1)
        """,
        [members],
    )
    run(
        f"""
        WITH m AS (SELECT * FROM {MEMBERS}), met AS (
            SELECT d.id, COALESCE(a.stays, d.first_id) AS one, COALESCE(b.stays, d.second_id) AS two
            FROM parties_duplicate d
            LEFT JOIN m a ON a.gone = d.first_id LEFT JOIN m b ON b.gone = d.second_id
            WHERE a.gone IS NOT NULL OR b.gone IS NOT NULL
        )
        UPDATE parties_duplicate d
        SET first_id = least(met.one, met.two), second_id = greatest(met.one, met.two)
        FROM met WHERE met.id = d.id
        """,
        [members],
    )


def _together(_members: str) -> None:
    """Moved with the other end of its tie."""


def _prefixed(table: str, columns: str) -> str:
    return ", ".join(f"{table}.{column}" for column in columns.split(", "))


register(
    Hanging("parties_point", "party_id", _follow_points),
    Hanging("parties_postaladdress", "party_id", _follow_addresses),
    Hanging("parties_relationship", "party_id", _follow_relationships),
    Hanging("parties_relationship", "other_id", _together),
    Hanging("parties_party", "company_id", _follow_company),
    Hanging("parties_duplicate", "first_id", _follow_duplicates),
    Hanging("parties_duplicate", "second_id", _together),
    hanging("parties_party", "merged_into_id"),
    hanging("parties_follow", "party_id", once_by=("user_id",)),
    hanging("records_attachment", "record_id", where="record_kind = 'party'"),
    hanging("records_attachmentversion", "record_id", where="record_kind = 'party'"),
)
