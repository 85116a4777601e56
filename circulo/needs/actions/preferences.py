"""Noting what a party likes, dislikes, needs or prefers; what was said before stays in history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from circulo.accounts.models import User
from circulo.lib.errors import Invalid, RuleBroken, Text
from circulo.lib.text import clean
from circulo.needs import answers
from circulo.needs.answers import MOST_LETTERS, Said
from circulo.needs.models import Preference, Sort, Topic
from circulo.needs.models.preferences import FREE
from circulo.parties.models import Party
from circulo.timeline.actions import Telling, record_all
from circulo.timeline.kinds import Kind

USUAL = {Sort.LIKE: 1, Sort.DISLIKE: -1, Sort.NEED: 1}


@dataclass(frozen=True)
class Statement:
    """What somebody says of a party: an answer to a topic, or something in free words.

    `strength` goes from -2 (not at all) to 2 (very much); without one it is the usual one of its
    kind. `rank` 1 comes first.
    """

    party: Party
    topic: Topic | None = None
    said: Said = field(default_factory=Said)
    sort: str = ""
    strength: int | None = None
    rank: int | None = None
    source: str = Preference.Source.ASKED
    said_at: datetime | None = None
    by: User | None = None

    @property
    def about(self) -> tuple[Any, ...]:
        """What two statements have in common when the later one supersedes the other."""
        if self.topic is not None:
            return (self.party.pk, self.topic.pk)
        return (self.party.pk, self.sort, self.said.text.lower())


def note_preference(statement: Statement, *, by: User | None) -> Preference:
    """Note one thing of one party."""
    return note_preferences([statement], by=by)[0]


@transaction.atomic
def note_preferences(statements: Sequence[Statement], *, by: User | None) -> list[Preference]:
    """Note what was said, each superseding what was said of the same before.

    Something said earlier than what is known already goes into history at once.
    """
    rows = [_row(statement, by) for statement in statements]
    keys = sorted({row.party_id for row in rows})
    locked = Party.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk")
    list(locked.values_list("pk", flat=True))
    holding = {_about(row): row for row in Preference.objects.current().filter(party__in=keys)}
    ended: list[Preference] = []
    chains: dict[tuple[Any, ...], list[Preference]] = {}
    for row in rows:
        chains.setdefault(_about(row), []).append(row)
    for about, chain in chains.items():
        known = holding.get(about)
        ended += _supersede(chain + ([known] if known else []))
    _write(rows, ended)
    record_all([(Kind.PREFERENCE_NOTED, row.party, _telling(row)) for row in rows], by=by)
    return rows


@transaction.atomic
def withdraw_preferences(
    preferences: Sequence[Preference], *, by: User | None, at: datetime | None = None
) -> int:
    """Say that these do not hold any more, without anything in their place; how many did."""
    keys, when = [one.pk for one in preferences], at or timezone.now()
    rows = list(
        Preference.objects.current().select_for_update(of=("self",)).filter(pk__in=keys)
        .select_related("party", "topic").order_by("pk")
    )  # fmt: skip
    Preference.objects.filter(pk__in=[row.pk for row in rows]).update(ended_at=when)
    told = [(row.party, Telling(_subject(row), occurred_at=when, about=row)) for row in rows]
    record_all([(Kind.PREFERENCE_WITHDRAWN, party, telling) for party, telling in told], by=by)
    return len(rows)


def withdraw_preference(preference: Preference, *, by: User | None) -> None:
    """Say that this does not hold any more."""
    if not withdraw_preferences([preference], by=by):
        raise RuleBroken(_("This does not hold any more: something newer took its place."))


@transaction.atomic
def restore_preference(preference: Preference, *, by: User | None) -> Preference:
    """Take back that something was withdrawn, unless something newer was said meanwhile."""
    row = Preference.objects.select_for_update(of=("self",)).select_related("party", "topic").get(
        pk=preference.pk
    )  # fmt: skip
    if row.ended_at is None or row.successor_id is not None or _is_said_anew(row):
        raise RuleBroken(_("Something newer was said of this meanwhile: it stands."))
    row.ended_at = None
    row.save(update_fields=["ended_at"])
    record_all([(Kind.PREFERENCE_NOTED, row.party, Telling(_subject(row)))], by=by)
    return row


@transaction.atomic
def rank_first(preference: Preference, *, by: User | None) -> None:
    """Put one of a party's preferences before all its others of the same kind."""
    rows = list(
        Preference.objects.current().filter(party=preference.party_id, sort=preference.sort)
        .select_for_update(of=("self",)).ranked()
    )  # fmt: skip
    order = sorted(rows, key=lambda row: row.pk != preference.pk)
    for place, row in enumerate(order, 1):
        row.rank = place
    Preference.objects.bulk_update(order, ["rank"])


@transaction.atomic
def weigh_preference(
    preference: Preference, values: Mapping[str, Any], *, by: User | None
) -> Preference:
    """Change how strongly something is felt, or its rank."""
    refused = _out_of_bounds(values.get("strength"), values.get("rank"))
    if refused:
        raise Invalid(refused)
    for name in ("strength", "rank"):
        if name in values:
            setattr(preference, name, values[name])
    preference.save(update_fields=["strength", "rank"])
    return preference


def _row(statement: Statement, by: User | None) -> Preference:
    """The statement as it is kept; Invalid where a rule is against it."""
    topic, now = statement.topic, statement.said_at or timezone.now()
    sort = topic.sort if topic else statement.sort
    _refuse(statement, sort, now)
    said = statement.said if topic else Said(text=clean(statement.said.text, limit=MOST_LETTERS))
    usual = USUAL.get(Sort(sort), 0)
    return Preference(
        party=statement.party,
        topic=topic,
        sort=sort,
        text=said.text,
        picked=said.picked,
        amount=said.amount,
        is_so=said.is_so,
        day=said.day,
        wording=answers.wording(topic, said),
        marks=answers.marks(topic, said),
        strength=usual if statement.strength is None else statement.strength,
        rank=statement.rank,
        source=statement.source,
        by=statement.by or by,
        said_at=now,
    )


def _refuse(statement: Statement, sort: str, when: datetime) -> None:
    refused = _out_of_bounds(statement.strength, statement.rank)
    if statement.topic is None and sort not in FREE:
        refused["kind"] = _("Choose one of: %s.") % ", ".join(FREE)
    if statement.topic is None and not statement.said.text.strip():
        refused["text"] = _("Write what it is.")
    if statement.said == Said():
        refused["value"] = _("Say what the answer is.")
    if statement.source not in Preference.Source.values:
        refused["source"] = _("Choose one of: %s.") % ", ".join(Preference.Source.values)
    if when > timezone.now() + timedelta(minutes=5):
        refused["said_at"] = _("This lies in the future: nobody has said it yet.")
    if when.year < 1900:
        refused["said_at"] = _("This date cannot be right: it lies before 1900.")
    if refused:
        raise Invalid(refused)


def _out_of_bounds(strength: int | None, rank: int | None) -> dict[str, Text]:
    refused: dict[str, Text] = {}
    if strength is not None and not -2 <= strength <= 2:
        refused["strength"] = _("This is a number from -2 to 2.")
    if rank is not None and not 1 <= rank <= 1000:
        refused["rank"] = _("This is a number from 1 to 1000.")
    return refused


def _supersede(chain: list[Preference]) -> list[Preference]:
    """All but the latest end when the next was said; those that are kept already and end now."""
    chain.sort(key=lambda row: (row.said_at, row.pk is None))
    for earlier, later in zip(chain, chain[1:], strict=False):
        earlier.ended_at, earlier.successor = max(earlier.said_at, later.said_at), later
    if len(chain) > 1 and chain[-1].rank is None:
        chain[-1].rank = chain[-2].rank
    return [row for row in chain if row.pk is not None and row.ended_at]


def _write(rows: list[Preference], ended: list[Preference]) -> None:
    """End what is superseded, insert what is new, and tie each to what came in its place."""
    later = {id(row): row.successor for row in (*rows, *ended) if row.successor}
    for row in (*rows, *ended):
        row.successor = None
    Preference.objects.bulk_update(ended, ["ended_at"])
    Preference.objects.bulk_create(rows)
    tied = [row for row in (*rows, *ended) if id(row) in later]
    for row in tied:
        row.successor = later[id(row)]
    Preference.objects.bulk_update(tied, ["successor"])


def _about(row: Preference) -> tuple[Any, ...]:
    if row.topic_id is not None:
        return (row.party_id, row.topic_id)
    return (row.party_id, row.sort, row.text.lower())


def _is_said_anew(row: Preference) -> bool:
    holding = Preference.objects.current().filter(party=row.party_id)
    if row.topic_id:
        return holding.filter(topic=row.topic_id).exists()
    return holding.filter(topic=None, sort=row.sort, text__iexact=row.text).exists()


def _subject(row: Preference) -> str:
    """What the timeline says of it, in the language of who wrote it: not the answer itself, which
    is seen by those alone who may see needs.
    """
    return (row.topic.name if row.topic else str(Sort(row.sort).label))[:300]


def _telling(row: Preference) -> Telling:
    return Telling(_subject(row), occurred_at=row.said_at, about=row)
