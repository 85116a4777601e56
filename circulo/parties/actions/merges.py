"""Merging parties that are one: what hangs on those that go follows to the one that stays.

All of it is plain statements of one transaction, the same for one merge as for a thousand. A party
that goes stays as a row in the bin that names its survivor, so that its old address leads there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from circulo.accounts.models import User
from circulo.lib import ids
from circulo.lib.acting import changing
from circulo.lib.errors import Invalid, RuleBroken
from circulo.parties.actions import writing
from circulo.parties.actions.placing import place_parties
from circulo.parties.merge_types import hangings
from circulo.parties.models import Party
from circulo.web import live

TOGETHER = {"tax_id": ("tax_country", "has_valid_tax_id")}
_UNITED = ("tags", "custom")
_NOT_CHOSEN = {field for fields in TOGETHER.values() for field in fields} | set(_UNITED)
CHOSEN = {name: kind for name, kind in writing.COLUMNS.items() if name not in _NOT_CHOSEN}
MOST_TOLD = 20
_BLANK = {"lifecycle": "'contact'"}
_NOTES = """CASE WHEN bool_or(d.choices ? 'notes')
    THEN (array_agg(p.notes) FILTER (WHERE d.member = (d.choices->>'notes')::bigint))[1]
    ELSE array_to_string(ARRAY(
        SELECT note FROM unnest(array_agg(p.notes ORDER BY d.n)) WITH ORDINALITY AS said(note, at)
        WHERE note <> '' GROUP BY note ORDER BY min(at)), E'\\n\\n') END"""


@dataclass(frozen=True)
class Merge:
    """One party that stays, those that go, and by column from which of them the value is taken.

    Where nothing is chosen the survivor's own value stays, or else the first that says one.
    """

    survivor: int
    others: tuple[int, ...]
    choices: Mapping[str, int] = field(default_factory=dict)


def merge_parties(
    survivor: Party,
    others: Sequence[Party],
    *,
    by: User | None,
    choices: Mapping[str, int] | None = None,
) -> Party:
    """Merge parties into one; see `merge_all`."""
    merge_all([Merge(survivor.pk, tuple(o.pk for o in others), choices or {})], by=by)
    return Party.objects.get(pk=survivor.pk)


@transaction.atomic
def merge_all(merges: Sequence[Merge], *, by: User | None) -> int:
    """Do many merges that have no party in common; how many parties went.

    The parties are locked first, in the order of their keys: whoever adds something to one of them
    meanwhile waits, or was before us and is moved along.
    """
    known = _locked(merges)
    for merge in merges:
        _refuse(merge, known)
    with changing("merge", by=by.pk if by else None):
        return _merge(merges)


def _merge(merges: Sequence[Merge]) -> int:
    gone = [(other, merge.survivor, n) for merge in merges for n, other in enumerate(merge.others)]
    rows = [{"gone": other, "stays": stays, "n": n + 1} for other, stays, n in gone]
    if not rows:
        return 0
    members = writing.json_of(rows)
    _take_values(merges)
    for each in hangings():
        each.move(members)
    _leave_circles([merge.survivor for merge in merges])
    _put_away(members)
    writing.refresh_search([key for m in merges for key in (m.survivor, *m.others)])
    place_parties([key for m in merges for key in (m.survivor, *m.others)])
    for key in [key for merge in merges[:MOST_TOLD] for key in (merge.survivor, *merge.others)]:
        live.publish(f"party:{ids.encode('party', key)}")
    return len(rows)


def _locked(merges: Sequence[Merge]) -> dict[int, Party]:
    keys = {key for merge in merges for key in (merge.survivor, *merge.others)}
    rows = Party.objects.filter(pk__in=keys).order_by("pk").select_for_update(of=("self",))
    found = {party.pk: party for party in rows.only("kind", "binned_at")}
    if len(found) < len(keys):
        raise RuleBroken(_("One of these records is not there any more: look at them again."))
    if len(keys) < sum(1 + len(merge.others) for merge in merges):
        raise RuleBroken(_("A record cannot be merged with itself, nor twice at once."))
    return found


def _refuse(merge: Merge, known: Mapping[int, Party]) -> None:
    parties = [known[key] for key in (merge.survivor, *merge.others)]
    if any(party.binned_at for party in parties):
        raise RuleBroken(
            _("One of these records is in the bin or merged already: look at them again.")
        )
    if len({party.kind for party in parties}) > 1:
        raise RuleBroken(_("A person and an organisation cannot be merged."))
    strange = set(merge.choices) - set(CHOSEN)
    if strange:
        raise Invalid(dict.fromkeys(sorted(strange), _("There is no such field here.")))
    if not set(merge.choices.values()) <= {merge.survivor, *merge.others}:
        raise Invalid({"choices": _("A value can only be taken from one of the merged records.")})


def _take_values(merges: Sequence[Merge]) -> None:
    """Give each survivor the chosen values, or the first that are said."""
    rows = [
        {"stays": merge.survivor, "member": member, "n": n, "choices": dict(merge.choices)}
        for merge in merges
        for n, member in enumerate((merge.survivor, *merge.others))
    ]
    values = {name: _value(name, name) for name in CHOSEN}
    for leader, followers in TOGETHER.items():
        values |= {name: _value(name, leader) for name in followers}
    values["company_id"] = _not_of_the_group(values["company_id"])
    values["notes"] = _NOTES
    taken = ", ".join(f"{value} AS {name}" for name, value in values.items())
    set_to = ", ".join(f"{name} = v.{name}" for name in values)
    writing.run(
        f"""
        WITH d AS (
            SELECT * FROM json_to_recordset(%s)
                AS d(stays bigint, member bigint, n integer, choices jsonb)
        ), v AS (
            SELECT d.stays, {taken}, min(p.created_at) AS created_at
            FROM d JOIN parties_party p ON p.id = d.member GROUP BY d.stays
        ), t AS (
            SELECT stays, array_agg(tag ORDER BY n, at) AS tags FROM (
                SELECT DISTINCT ON (d.stays, tag) d.stays, tag, d.n, at
                FROM d JOIN parties_party p ON p.id = d.member,
                     unnest(p.tags) WITH ORDINALITY AS said(tag, at)
                ORDER BY d.stays, tag, d.n, at) said
            GROUP BY stays
        ), c AS (
            SELECT stays, jsonb_object_agg(key, value ORDER BY n DESC) AS custom
            FROM d JOIN parties_party p ON p.id = d.member, jsonb_each(p.custom) GROUP BY stays
        )
        UPDATE parties_party p
        SET {set_to}, tags = COALESCE(t.tags, p.tags), custom = COALESCE(c.custom, p.custom),
            created_at = v.created_at, version = p.version + 1, updated_at = now()
        FROM v LEFT JOIN t USING (stays) LEFT JOIN c USING (stays)
        WHERE p.id = v.stays
        """,
        [writing.json_of(rows)],
    )


def _value(name: str, leader: str) -> str:
    """The SQL of the value of a column: of the party chosen for its leader, or the first said."""
    chosen = f"(d.choices->>'{leader}')::bigint"
    blank = _BLANK.get(leader, "''" if leader in writing.TEXTS else "NULL")
    return f"""CASE WHEN bool_or({chosen} IS NOT NULL)
        THEN (array_agg(p.{name}) FILTER (WHERE d.member = {chosen}))[1]
        ELSE COALESCE((array_agg(p.{name} ORDER BY d.n)
                       FILTER (WHERE p.{leader} IS DISTINCT FROM {blank}))[1],
                      (array_agg(p.{name} ORDER BY d.n))[1]) END"""


def _not_of_the_group(value: str) -> str:
    """No party becomes its own company."""
    return f"CASE WHEN ({value}) = ANY(array_agg(d.member)) THEN NULL ELSE ({value}) END"


def follow_merges() -> int:
    """Let what was added to a party in the moment that it went follow to the one that stays; how
    many parties have gone in all."""
    with transaction.atomic(), changing("merge", by=None):
        gone = Party.objects.exclude(merged_into=None).values_list("pk", "merged_into")
        rows = [
            {"gone": key, "stays": stays, "n": 1} for key, stays in gone.order_by("pk") if stays
        ]
        for each in hangings():
            each.move(writing.json_of(rows))
        writing.refresh_search([row["stays"] for row in rows])
    return len(rows)


def _leave_circles(survivors: Sequence[int]) -> None:
    """Who now belongs to itself by way of another has come out on top: it belongs to nobody."""
    writing.run(
        """
        WITH RECURSIVE above AS (
            SELECT id, company_id AS top, 1 AS depth FROM parties_party
            WHERE id = ANY(%s) AND kind = 'organisation' AND company_id IS NOT NULL
            UNION ALL
            SELECT a.id, p.company_id, depth + 1 FROM above a JOIN parties_party p ON p.id = a.top
            WHERE p.company_id IS NOT NULL AND a.top <> a.id AND depth < 50
        ), freed AS (
            UPDATE parties_party p SET company_id = NULL
            WHERE p.id IN (SELECT id FROM above WHERE top = id) RETURNING p.id, old.company_id
        )
        UPDATE parties_relationship r SET until = greatest(current_date, r.since) FROM freed
        WHERE r.party_id = freed.id AND r.other_id = freed.company_id AND r.until IS NULL
          AND r.kind = 'parent_company'
        """,
        [list(survivors)],
    )


def _put_away(members: str) -> None:
    writing.run(
        """
        UPDATE parties_party p
        SET merged_into_id = m.stays, binned_at = now(), version = p.version + 1, updated_at = now()
        FROM json_to_recordset(%s) AS m(gone bigint, stays bigint) WHERE p.id = m.gone
        """,
        [members],
    )
