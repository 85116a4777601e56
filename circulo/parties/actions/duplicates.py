"""Looking for duplicates, and what is said of the pairs that were found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from circulo.accounts.actions import Notice, notify
from circulo.accounts.models import User
from circulo.lib.errors import Invalid, RuleBroken
from circulo.lib.later import later
from circulo.parties import notices
from circulo.parties.actions import merges, writing
from circulo.parties.duplicates import searching
from circulo.parties.duplicates.searching import Found
from circulo.parties.duplicates.words import step_in_words
from circulo.parties.linkage.records import COMPANIES, PEOPLE
from circulo.parties.linkage.workbench import Tell
from circulo.parties.models import RESOURCES, Duplicate, DuplicateSearch, MergeRule, PartyKind
from circulo.records.models import Change, ChangeSet
from circulo.web import live

LINKED = {PartyKind.PERSON: PEOPLE, PartyKind.ORGANISATION: COMPANIES}
LONGEST_SEARCH = timedelta(hours=1)
AT_ONCE = 20_000
_AGREE = {
    MergeRule.Agreement.NAME: {
        PartyKind.PERSON: ("given_name", "surnames"),
        PartyKind.ORGANISATION: ("name",),
    }
}
_NEVER_DIFFERS = ("given_name", "surnames", "name", "birthday", "tax_id")


@dataclass(frozen=True)
class Told:
    """What a search has to tell: what it found, how many pairs are new, how many were merged."""

    found: Found
    added: int = 0
    merged: int = 0


def start_search(kind: str, *, by: User | None) -> DuplicateSearch:
    """Have duplicates looked for soon; the search that waits or runs already, if there is one."""
    lost = DuplicateSearch.objects.filter(
        state__in=("waiting", "running"), started_at__lt=timezone.now() - LONGEST_SEARCH
    )
    lost.update(state=DuplicateSearch.State.FAILED, finished_at=timezone.now())
    try:
        with transaction.atomic():
            search = DuplicateSearch.objects.create(kind=kind, by=by)
            later("parties.find_duplicates", search=search.pk)
    except IntegrityError:
        search = DuplicateSearch.objects.get(kind=kind, state__in=("waiting", "running"))
    return search


def run_search(search: DuplicateSearch) -> DuplicateSearch:
    """Do a search that was started, and write down how far it is and what came of it."""
    DuplicateSearch.objects.filter(pk=search.pk).update(state=DuplicateSearch.State.RUNNING)
    try:
        told = find_duplicates(search.kind, tell=_telling(search))
    except Exception as error:
        reason = error.message if isinstance(error, RuleBroken) else _("Something went wrong.")
        _finish(search, state=DuplicateSearch.State.FAILED, error=str(reason))
        if isinstance(error, RuleBroken):
            return search
        raise
    looked_at = told.found.looked_at
    _finish(
        search,
        state=DuplicateSearch.State.DONE,
        records=told.found.records,
        looked_at=told.found.records if looked_at is None else len(looked_at),
        pairs=len(told.found.pairs),
        added=told.added,
        merged=told.merged,
    )
    return search


def find_duplicates(
    kind: str, *, tell: Tell, anew: bool = False, is_rehearsal: bool = False
) -> Told:
    """Look for duplicates among all records of a kind, or only those that changed since the last
    search; a rehearsal finds and keeps nothing."""
    name = LINKED[PartyKind(kind)]
    kept = searching.Kept(name)
    with kept.alone() as folder, searching.workbench(folder) as database:
        search = searching.Search(name, kept, database, folder, tell)
        found = search.run(anew=anew)
        if is_rehearsal:
            return Told(found)
        tell("write", "")
        added = keep_pairs(kind, found)
        search.keep(found)
    return Told(found, added, merge_by_rule(kind))


@transaction.atomic
def keep_pairs(kind: str, found: Found) -> int:
    """Write down the pairs that were found; how many are new. Open ones that were looked at again
    and are not found any more go; what somebody decided stays."""
    writing.run(
        "CREATE TEMPORARY TABLE found (first_id bigint, second_id bigint, probability float,"
        " reasons jsonb) ON COMMIT DROP",
        [],
    )
    for at in range(0, len(found.pairs), AT_ONCE):
        rows = [
            {"first_id": p.a, "second_id": p.b, "probability": p.probability, "reasons": p.levels}
            for p in found.pairs[at : at + AT_ONCE]
        ]
        writing.run(
            "INSERT INTO found SELECT * FROM json_to_recordset(%s) AS d(first_id bigint,"
            " second_id bigint, probability float, reasons jsonb)",
            [writing.json_of(rows)],
        )
    _forget(kind, found.looked_at)
    kept = writing.run(
        """
        INSERT INTO parties_duplicate AS d (first_id, second_id, probability, reasons,
                                            is_different, found_at)
        SELECT f.first_id, f.second_id, f.probability, f.reasons, false, now() FROM found f
        JOIN parties_party a ON a.id = f.first_id AND a.binned_at IS NULL
        JOIN parties_party b ON b.id = f.second_id AND b.binned_at IS NULL
        ON CONFLICT (first_id, second_id) DO UPDATE
        SET probability = EXCLUDED.probability, reasons = EXCLUDED.reasons
        WHERE (d.probability, d.reasons) IS DISTINCT FROM (EXCLUDED.probability, EXCLUDED.reasons)
          AND NOT d.is_different
        RETURNING old.id IS NULL
        """,
        [],
    )
    writing.run("DROP TABLE found", [])
    return sum(is_new for (is_new,) in kept)


def _forget(kind: str, looked_at: list[int] | None) -> None:
    """Open pairs that a search looked at and did not find again."""
    looked = "IN (SELECT unnest(%s::bigint[]))"
    among = "true" if looked_at is None else f"(first_id {looked} OR second_id {looked})"
    writing.run(
        f"""
        DELETE FROM parties_duplicate d USING parties_party p
        WHERE p.id = d.first_id AND p.kind = %s AND NOT d.is_different AND {among}
          AND NOT EXISTS (SELECT FROM found f
                          WHERE f.first_id = d.first_id AND f.second_id = d.second_id)
        """,
        [kind, *([] if looked_at is None else [looked_at, looked_at])],
    )


@transaction.atomic
def keep_apart(pairs: Sequence[int], *, by: User) -> int:
    """Say of pairs that they are two different parties, for this and every later search."""
    return (
        Duplicate.objects.filter(pk__in=pairs)
        .open()
        .update(is_different=True, decided_at=timezone.now(), by=by)
    )


@transaction.atomic
def doubt_again(pairs: Sequence[int], *, by: User) -> int:
    """Take back that these are different parties."""
    return Duplicate.objects.filter(pk__in=pairs, is_different=True).update(
        is_different=False, decided_at=None, by=None
    )


@transaction.atomic
def change_merge_rule(
    kind: str, *, is_on: bool, least: float, agreements: Sequence[str], by: User
) -> MergeRule:
    """Switch merging without a look on or off, and say how sure it must be."""
    if is_on and not agreements:
        raise Invalid({"agreements": _("Choose at least one thing that must agree.")})
    if not 0.9 <= least <= 1:
        raise Invalid({"least": _("Between 90 and 100 %: less would merge strangers.")})
    rule, _is_new = MergeRule.objects.update_or_create(
        kind=kind, defaults={"is_on": is_on, "least": least, "agreements": list(agreements)}
    )
    return rule


def merge_by_rule(kind: str) -> int:
    """Merge what the rule of the administrator says needs no look, each pair on its own."""
    rule = MergeRule.objects.filter(kind=kind, is_on=True).first()
    if rule is None:
        return 0
    merged, done = 0, _taken_apart()
    pairs = Duplicate.objects.open().filter(
        probability__gte=rule.least, first__kind=kind, first__binned_at=None,
        second__binned_at=None,
    )  # fmt: skip
    for pair in pairs.likeliest_first().iterator():
        if {pair.first_id, pair.second_id} & done or not _agree(rule, pair.reasons):
            continue
        done |= {pair.first_id, pair.second_id}
        merges.merge_all([merges.Merge(pair.first_id, (pair.second_id,))], by=None)
        merged += 1
    return merged


def _taken_apart() -> set[int]:
    """Parties whose merge somebody undid: whether they are one is for people to say."""
    undone = Change.objects.filter(
        change_set__kind=ChangeSet.Kind.MERGE,
        change_set__undone_by__isnull=False,
        new__has_key="binned_at",
    )
    return {key for key in undone.values_list("root", flat=True) if key}


def _agree(rule: MergeRule, reasons: dict[str, str]) -> bool:
    """Whether a pair agrees in all that the rule asks for, and differs in nothing that tells
    people or firms apart."""
    asked = [
        name
        for agreement in rule.agreements
        for name in _AGREE.get(MergeRule.Agreement(agreement), {}).get(
            PartyKind(rule.kind), (agreement,)
        )
    ]
    differs = any(reasons.get(name) == "differs" for name in _NEVER_DIFFERS)
    return not differs and all(reasons.get(name) == "same" for name in asked)


def _telling(search: DuplicateSearch) -> Tell:
    def tell(step: str, detail: str) -> None:
        said = f"{step_in_words(step)} {detail}".strip()[:200]
        DuplicateSearch.objects.filter(pk=search.pk).update(step=said)
        live.publish(f"duplicates:{RESOURCES[PartyKind(search.kind)]}")

    return tell


def _finish(search: DuplicateSearch, **values: object) -> None:
    for name, value in values.items():
        setattr(search, name, value)
    search.finished_at = timezone.now()
    search.step = ""
    with transaction.atomic():
        search.save(update_fields=[*values, "finished_at", "step"])
        _tell_of_end(search)
    live.publish(f"duplicates:{RESOURCES[PartyKind(search.kind)]}")


def _tell_of_end(search: DuplicateSearch) -> None:
    """Tell whoever asked for a search that it has ended."""
    if search.by_id is not None:
        words = {"state": search.state, "added": str(search.added)}
        key = f"duplicates:{search.pk}"
        notify([Notice(notices.SEARCHED, search.by_id, words, None, "/duplicates", key)], by=None)
